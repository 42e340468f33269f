import { spanOf } from '../testing/span-of.ts';
import { mastra } from './mastra.ts';

describe('mastra', () => {
  it('reads a generation with its own names for cache writes and audio', () => {
    const input = '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]';
    const span = spanOf({
      'mastra.span.type': 'model_generation',
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': input,
      'gen_ai.usage.input_tokens': 2334,
      'gen_ai.usage.output_tokens': 41,
      'gen_ai.usage.cache_read.input_tokens': 1801,
      'gen_ai.usage.cache_creation.input_tokens': 512,
      'gen_ai.usage.cache_creation.1h_input_tokens': 200,
      'gen_ai.usage.audio_output_tokens': 4,
      'mastra.completion_start_time': '2026-11-21T09:40:00.250Z',
      'mastra.metadata.threadId': 'thread-1',
      'mastra.metadata.resourceId': 'user-42',
    });
    expect(mastra.matches(span)).toBe(true);
    const fields = { ...mastra.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      usage: { input: 2334, output: 41, cacheRead: 1801, cacheWrite: 512, cacheWrite1h: 200, audioOutput: 4 },
      timeToFirstTokenNs: 250_000_000,
      conversationId: 'thread-1',
      userId: 'user-42',
      fragments: [{ kind: 'input_messages', source: 'attribute', position: 0, body: input }],
    });
  });

  it.each([
    ['model_step', 'chain'],
    ['model_inference', 'chain'],
    ['agent_run', 'invoke_agent'],
    ['workflow_run', 'invoke_workflow'],
    ['mcp_tool_call', 'execute_tool'],
  ])('does not bill a span of type %s', (type, operation) => {
    expect(mastra.read(spanOf({ 'mastra.span.type': type, 'gen_ai.usage.input_tokens': 5 }))).toMatchObject({
      operation,
      usage: null,
    });
  });

  it('reads input and output of an agent under its own names', () => {
    const span = spanOf({
      'mastra.span.type': 'agent_run',
      'mastra.agent_run.input': '[{"role":"user","content":"hi"}]',
      'mastra.agent_run.output': '{"text":"Hello"}',
    });
    expect(mastra.read(span).fragments?.map((fragment) => fragment.body)).toEqual([
      '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
      '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]',
    ]);
  });
});
