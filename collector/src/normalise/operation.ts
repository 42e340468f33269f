import type { Attributes, OtlpSpan } from '../otlp.ts';
import type { Operation } from '../span.ts';
import { readString, toScalarText } from './read-attribute.ts';

/** Spelling → operation. Names of the semantic conventions map to themselves. */
const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ...same(
    'chat',
    'text_completion',
    'generate_content',
    'embeddings',
    'rerank',
    'image_generation',
    'speech',
    'transcription'
  ),
  ...same(
    'execute_tool',
    'invoke_agent',
    'create_agent',
    'invoke_workflow',
    'retrieval',
    'guardrail',
    'evaluation',
    'chain',
    'plan',
    'fetch_response'
  ),
  ...same(
    'search_memory',
    'create_memory',
    'update_memory',
    'upsert_memory',
    'delete_memory',
    'create_memory_store',
    'delete_memory_store',
    'event'
  ),
  ...to(
    'chat',
    'chat_completion',
    'chat_completions',
    'chat.completions',
    'llm',
    'generation',
    'chat_model',
    'response',
    'responses',
    'message',
    'messages',
    'converse',
    'converse_stream',
    'inference',
    'generate',
    'model',
    'background-model',
    'streaming',
    'beta.chat'
  ),
  ...to('text_completion', 'completion', 'completions', 'text_generation'),
  ...to('generate_content', 'generatecontent', 'generate_content_stream'),
  ...to('embeddings', 'embedding', 'embed', 'embedder', 'embed_content', 'embed_many'),
  ...to('rerank', 'reranker', 'reranking'),
  ...to('image_generation', 'image', 'images', 'image.generate', 'generate_image', 'generate_images', 'image_edit'),
  ...to('speech', 'audio', 'text_to_speech', 'tts', 'create_speech', 'generate_speech'),
  ...to('transcription', 'transcribe', 'speech_to_text', 'stt', 'audio_transcription'),
  ...to(
    'execute_tool',
    'tool',
    'tools',
    'tool.v2',
    'tool_call',
    'tool_execution',
    'function',
    'function_call',
    'mcp',
    'call_tool',
    'tools/call'
  ),
  ...to('invoke_agent', 'agent', 'agent_run', 'run_agent', 'agents'),
  ...to('invoke_workflow', 'workflow', 'flow', 'crew'),
  ...to('retrieval', 'retriever', 'retrieve', 'search', 'vectordb', 'vector_search', 'query', 'vector_db'),
  ...to('guardrail', 'guardrails', 'moderation', 'moderations'),
  ...to('evaluation', 'evaluator', 'eval', 'evaluate'),
  ...to('plan', 'planning'),
  ...to(
    'chain',
    'agent_step',
    'step',
    'task',
    'parser',
    'prompt',
    'util',
    'span',
    'unknown',
    'decision',
    'execute_task',
    'execute_event_loop_cycle',
    'framework',
    'runnable',
    'middleware',
    'component',
    'handoff',
    'graph',
    'node',
    'memory',
    'custom'
  ),
]);

/** Words inside unknown operation names, most telling first. */
const WORDS: readonly (readonly [string, Operation])[] = [
  ['embed', 'embeddings'],
  ['rerank', 'rerank'],
  ['memory', 'chain'],
  ['tool', 'execute_tool'],
  ['agent', 'invoke_agent'],
  ['workflow', 'invoke_workflow'],
  ['retriev', 'retrieval'],
  ['search', 'retrieval'],
  ['guard', 'guardrail'],
  ['moderat', 'guardrail'],
  ['eval', 'evaluation'],
  ['transcri', 'transcription'],
  ['speech', 'speech'],
  ['image', 'image_generation'],
  ['chat', 'chat'],
  ['complet', 'chat'],
  ['converse', 'chat'],
  ['invoke_model', 'chat'],
  ['generat', 'chat'],
  ['message', 'chat'],
];
/** Longest operation name that is kept as free text. */
const MAX_OPERATION_CHARS = 64;

/** A kind or operation name of any instrumentation as our operation; names that tell nothing are kept in lower case (and never billable). */
export function toOperation(name: string): Operation {
  const key = name.trim().toLowerCase();
  const known = OPERATIONS.get(key);
  if (known !== undefined) return known;
  if (key === '') return 'chain';
  const short = key.slice(0, MAX_OPERATION_CHARS);
  for (const [word, operation] of WORDS) {
    if (short.includes(word)) return operation;
  }
  return short;
}

/**
 * The operation of a span by its semconv attributes, for dialects that do not say it themselves: operation name, OpenInference kind,
 * Traceloop kind, then markers (tool, agent, workflow, evaluation), then a model attribute (a call). `chain` when nothing tells.
 */
export function readOperation(span: OtlpSpan): Operation {
  const { attributes } = span;
  const name =
    toScalarText(attributes.get('gen_ai.operation.name')) ?? readString(attributes, 'openinference.span.kind');
  if (name !== undefined) {
    const operation = toOperation(name);
    return operation === 'text_completion' && hasRoles(attributes) ? 'chat' : operation;
  }
  const requestType = readString(attributes, 'llm.request.type');
  if (requestType !== undefined && requestType !== 'unknown') return ofRequestType(requestType, span);
  const kind = readString(attributes, 'traceloop.span.kind', 'gen_ai.span.kind');
  if (kind !== undefined) return toOperation(kind);
  return ofMarkers(span);
}

function ofMarkers(span: OtlpSpan): Operation {
  const { attributes } = span;
  if (attributes.has('gen_ai.tool.name') || attributes.has('gen_ai.tool.call.id')) return 'execute_tool';
  if (attributes.has('gen_ai.evaluation.name')) return 'evaluation';
  const model = readString(
    attributes,
    'gen_ai.request.model',
    'gen_ai.response.model',
    'llm.model_name',
    'llm.request.model',
    'llm.response.model'
  );
  if (model !== undefined) {
    // A model on the name of the agent that uses it is not a call.
    if (attributes.has('gen_ai.agent.name') && span.name.includes('agent') && !hasUsage(attributes))
      return 'invoke_agent';
    return isEmbeddingModel(model) || attributes.has('gen_ai.embeddings.dimension.count') ? 'embeddings' : 'chat';
  }
  if (hasUsage(attributes) && span.kind === SPAN_KIND_CLIENT) return 'chat';
  if (attributes.has('gen_ai.agent.name') || attributes.has('gen_ai.agent.id'))
    return span.name.includes('agent') ? 'invoke_agent' : 'chain';
  if (attributes.has('gen_ai.workflow.name')) return span.name.includes('workflow') ? 'invoke_workflow' : 'chain';
  return 'chain';
}

const SPAN_KIND_CLIENT = 3;

function ofRequestType(type: string, span: OtlpSpan): Operation {
  const operation = toOperation(type);
  if (operation !== 'text_completion') return operation;
  return hasRoles(span.attributes) || span.name.includes('chat') ? 'chat' : operation;
}

/** Old Traceloop calls every Anthropic request a completion; messages with roles show that it was a chat. */
function hasRoles(attributes: Attributes): boolean {
  return attributes.has('gen_ai.prompt.0.role') || attributes.has('gen_ai.completion.0.role');
}

function hasUsage(attributes: Attributes): boolean {
  return (
    attributes.has('gen_ai.usage.input_tokens') ||
    attributes.has('gen_ai.usage.output_tokens') ||
    attributes.has('gen_ai.usage.prompt_tokens') ||
    attributes.has('gen_ai.usage.completion_tokens')
  );
}

/** True for the names of embedding models of any provider. */
export function isEmbeddingModel(model: string): boolean {
  const name = model.toLowerCase();
  return name.includes('embed') || name.startsWith('voyage-');
}

function same(...names: readonly Operation[]): (readonly [string, Operation])[] {
  return names.map((name) => [name, name] as const);
}

function to(operation: Operation, ...spellings: readonly string[]): (readonly [string, Operation])[] {
  return spellings.map((spelling) => [spelling, operation] as const);
}
