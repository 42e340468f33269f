import { spanOf } from '../testing/span-of.ts';
import { vllm } from './vllm.ts';

describe('vllm', () => {
  it('reads a request that the server traced', () => {
    const span = spanOf(
      {
        'gen_ai.request.id': 'chatcmpl-1',
        'gen_ai.usage.prompt_tokens': 37,
        'gen_ai.usage.completion_tokens': 11,
        'gen_ai.latency.time_to_first_token': 0.1155,
      },
      { scope: 'vllm.llm_engine', name: 'llm_request' }
    );
    expect(vllm.matches(span)).toBe(true);
    const fields = { ...vllm.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      provider: 'vllm',
      responseId: 'chatcmpl-1',
      timeToFirstTokenNs: 115_500_000,
    });
  });
});
