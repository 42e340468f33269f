import { spanOf } from '../testing/span-of.ts';
import { aiSdk7 } from './ai-sdk-7.ts';

const PARENT = '00f067aa0ba902b7';

describe('aiSdk7', () => {
  it('reads a streamed call with its own names for reasoning, context and time to the first chunk', () => {
    const span = spanOf(
      {
        'gen_ai.operation.name': 'chat',
        'gen_ai.usage.input_tokens': 2061,
        'gen_ai.usage.output_tokens': 433,
        'gen_ai.usage.cache_read.input_tokens': 1536,
        'ai.usage.outputTokenDetails.reasoningTokens': 320,
        'gen_ai.client.operation.time_to_first_chunk': 0.2,
        'ai.settings.context.userId': 'user-42',
        'ai.settings.context.threadId': 'thread-1',
      },
      { scope: 'gen_ai', parent: PARENT }
    );
    expect(aiSdk7.matches(span)).toBe(true);
    expect(aiSdk7.read(span)).toMatchObject({
      operation: 'chat',
      usage: { input: 2061, output: 433, cacheRead: 1536, reasoning: 320 },
      billable: true,
      streaming: true,
      userId: 'user-42',
      conversationId: 'thread-1',
    });
  });

  it.each(['invoke_agent', 'agent_step'])('does not call %s a call to a model', (name) => {
    const operation = aiSdk7.read(
      spanOf({ 'gen_ai.operation.name': name, 'gen_ai.usage.input_tokens': 220 }, { scope: 'gen_ai' })
    ).operation;
    expect(operation).toBe(name === 'agent_step' ? 'chain' : 'invoke_agent');
  });

  it('bills of the two spans of an embedding the one with the usage', () => {
    const root = spanOf({ 'gen_ai.operation.name': 'embeddings' }, { scope: 'gen_ai' });
    const call = spanOf(
      { 'gen_ai.operation.name': 'embeddings', 'gen_ai.usage.input_tokens': 18 },
      { scope: 'gen_ai', parent: PARENT }
    );
    const rootBelowRequest = spanOf({ 'gen_ai.operation.name': 'embeddings' }, { scope: 'gen_ai', parent: PARENT });
    expect([root, call, rootBelowRequest].map((span) => aiSdk7.read(span).billable)).toEqual([false, true, false]);
  });

  it('bills an embedding that failed by the inner span', () => {
    const options = { scope: 'gen_ai', status: 2 };
    expect(
      aiSdk7.read(spanOf({ 'gen_ai.operation.name': 'embeddings' }, { ...options, parent: PARENT })).billable
    ).toBe(true);
    expect(aiSdk7.read(spanOf({ 'gen_ai.operation.name': 'embeddings' }, options)).billable).toBe(false);
  });

  it('leaves other scopes alone', () => {
    expect(aiSdk7.matches(spanOf({ 'gen_ai.operation.name': 'chat' }, { scope: 'other' }))).toBe(false);
  });
});
