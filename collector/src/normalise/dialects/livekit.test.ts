import { spanOf } from '../testing/span-of.ts';
import { livekit } from './livekit.ts';

describe('livekit', () => {
  it('reads a call with counts and times from its metrics', () => {
    const metrics = {
      request_id: 'chatcmpl-1',
      ttft: 0.4,
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_cached_tokens: 64,
      total_tokens: 120,
      metadata: { model_provider: 'api.openai.com' },
    };
    const span = spanOf(
      {
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'lk.llm_metrics': JSON.stringify(metrics),
      },
      {
        scope: 'livekit-agents',
        name: 'llm_request',
        events: [
          { name: 'gen_ai.user.message', attributes: { content: 'hi' } },
          { name: 'gen_ai.choice', attributes: { content: 'Hello', role: 'assistant' } },
        ],
      }
    );
    expect(livekit.matches(span)).toBe(true);
    const fields = { ...livekit.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      provider: 'api.openai.com',
      responseId: 'chatcmpl-1',
      usage: { input: 100, output: 20, cacheRead: 64 },
      streaming: true,
      timeToFirstTokenNs: 400_000_000,
      fragments: [
        {
          kind: 'input_messages',
          source: 'span_event',
          position: 0,
          body: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
        },
        {
          kind: 'output_messages',
          source: 'span_event',
          position: 1,
          body: '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]',
        },
      ],
    });
  });

  it('counts neither the attempt below a call nor the node above it', () => {
    const operationOf = (name: string): string | undefined =>
      livekit.read(spanOf({ 'gen_ai.request.model': 'gpt-4o' }, { scope: 'livekit-agents', name })).operation;
    expect(['llm_request_run', 'llm_node', 'agent_turn'].map(operationOf)).toEqual(['chain', 'chain', 'invoke_agent']);
  });

  it('reads a tool', () => {
    const span = spanOf(
      {
        'lk.function_tool.name': 'get_weather',
        'lk.function_tool.arguments': '{"city":"Paris"}',
        'lk.function_tool.output': 'rain',
      },
      { scope: 'livekit-agents', name: 'function_tool' }
    );
    expect(livekit.read(span)).toMatchObject({
      operation: 'execute_tool',
      toolName: 'get_weather',
      fragments: [{ kind: 'input_messages' }, { kind: 'output_messages' }],
    });
  });
});
