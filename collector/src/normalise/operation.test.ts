import type { AttributeValue } from '../otlp.ts';
import { MODEL_OPERATIONS } from '../span.ts';
import { readOperation, toOperation } from './operation.ts';
import { makeOtlpSpan } from './testing/make-otlp-span.ts';

describe('toOperation', () => {
  test.each([
    ['chat', 'chat'],
    ['generate_content', 'generate_content'],
    ['embedding', 'embeddings'],
    ['completion', 'text_completion'],
    ['generate', 'chat'],
    ['LLM', 'chat'],
    ['EMBEDDING', 'embeddings'],
    ['TOOL', 'execute_tool'],
    ['AGENT', 'invoke_agent'],
    ['CHAIN', 'chain'],
    ['PROMPT', 'chain'],
    ['DECISION', 'chain'],
    ['UNKNOWN', 'chain'],
    ['RETRIEVER', 'retrieval'],
    ['RERANKER', 'rerank'],
    ['GUARDRAIL', 'guardrail'],
    ['EVALUATOR', 'evaluation'],
    ['agent_step', 'chain'],
    ['execute_task', 'chain'],
    ['execute_event_loop_cycle', 'chain'],
    ['workflow', 'invoke_workflow'],
    ['fetch_response', 'fetch_response'],
    ['plan', 'plan'],
    ['search_memory', 'search_memory'],
    ['create_agent', 'create_agent'],
    ['chat.completions.create', 'chat'],
    ['AcmeEmbedder', 'embeddings'],
    ['acme_agent_turn', 'invoke_agent'],
    ['Sing', 'sing'],
    ['', 'chain'],
  ])('%s is %s', (name, expected) => {
    expect(toOperation(name)).toBe(expected);
  });

  test('nothing but a call to a model is billable', () => {
    const wrappers = [
      'invoke_agent',
      'create_agent',
      'invoke_workflow',
      'execute_tool',
      'agent_step',
      'plan',
      'fetch_response',
      'CHAIN',
      'span',
      'util',
      'framework',
      'search_memory',
      'sing',
    ];
    expect(wrappers.filter((name) => MODEL_OPERATIONS.has(toOperation(name)))).toEqual([]);
  });
});

describe('readOperation', () => {
  test.each<[string, Readonly<Record<string, AttributeValue>>, string]>([
    [
      'the operation name',
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.request.model': 'gpt-4o' },
      'invoke_agent',
    ],
    ['a tool marker', { 'gen_ai.tool.call.id': 'call_1' }, 'execute_tool'],
    ['only a model', { 'gen_ai.request.model': 'gpt-4o' }, 'chat'],
    ['only an embedding model', { 'gen_ai.request.model': 'text-embedding-3-small' }, 'embeddings'],
    ['a request type', { 'llm.request.type': 'completion', 'gen_ai.request.model': 'x' }, 'chat'],
    ['a request type with roles', { 'llm.request.type': 'completion', 'gen_ai.prompt.0.role': 'user' }, 'chat'],
    ['a Traceloop kind', { 'traceloop.span.kind': 'task', 'gen_ai.agent.name': 'a' }, 'chain'],
    ['usage of a client span', { 'gen_ai.usage.input_tokens': 3 }, 'chat'],
    ['an evaluation', { 'gen_ai.evaluation.name': 'relevance' }, 'evaluation'],
    ['a conversation id that was propagated', { 'gen_ai.conversation.id': 'c' }, 'chain'],
  ])('follows %s', (_what, attributes, expected) => {
    expect(readOperation(makeOtlpSpan({ attributes }))).toBe(expected);
  });

  test('usage on an inner wrapper without a model is not a call', () => {
    expect(readOperation(makeOtlpSpan({ kind: 1, name: 'run', attributes: { 'gen_ai.usage.input_tokens': 3 } }))).toBe(
      'chain'
    );
  });
});
