import { spanOf } from '../testing/span-of.ts';
import { litellm } from './litellm.ts';

const USAGE =
  "{'completion_tokens': 41, 'prompt_tokens': 2334, 'total_tokens': 2375, 'completion_tokens_details': {'reasoning_tokens': 0, 'text_tokens': 41}, 'prompt_tokens_details': {'audio_tokens': None, 'cached_tokens': 1801, 'cache_creation_tokens': 512, 'cache_creation_token_details': {'ephemeral_5m_input_tokens': 412, 'ephemeral_1h_input_tokens': 100}}, 'cache_creation_input_tokens': 512, 'cache_read_input_tokens': 1801}";
const CALL = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'claude-sonnet-4-5',
  'gen_ai.system': 'anthropic',
  'gen_ai.response.id': 'chatcmpl-1',
  'litellm.call_id': '43b7044d',
  'litellm.provider.model': 'anthropic/claude-sonnet-4-5',
  'metadata.usage_object': USAGE,
};

describe('litellm', () => {
  it('reads cached tokens from the Python text of the usage', () => {
    const span = spanOf(
      { ...CALL, 'llm.user': 'user-42', 'metadata.requester_metadata': "{'session_id': 'sess-9'}" },
      { scope: 'litellm', name: 'litellm_request' }
    );
    expect(litellm.matches(span)).toBe(true);
    const fields = { ...litellm.read(span), consumed: undefined };
    expect(fields).toEqual({
      provider: 'anthropic',
      responseId: 'chatcmpl-1',
      usage: {
        input: 2334,
        output: 41,
        total: 2375,
        cacheRead: 1801,
        cacheWrite: 512,
        cacheWrite1h: 100,
        reasoning: 0,
        inputIncludesCache: true,
      },
      userId: 'user-42',
      conversationId: 'sess-9',
      fragments: [],
    });
  });

  it('takes the raw request below the call for a copy of it', () => {
    const span = spanOf(
      { 'llm.openai.usage': "{'prompt_tokens': 37}", 'llm.openai.messages': "[{'role': 'user', 'content': 'hi'}]" },
      { scope: 'litellm', name: 'raw_gen_ai_request' }
    );
    expect(litellm.matches(span)).toBe(true);
    expect(litellm.read(span)).toMatchObject({ operation: 'chain', usage: null, fragments: [] });
  });

  it.each([
    ['of an embedding, which is the id of the call', { ...CALL, 'gen_ai.response.id': '43b7044d' }, 1],
    ['of a failure', CALL, 2],
  ])('does not keep the response id %s', (_, attributes, status) => {
    expect(litellm.read(spanOf(attributes, { scope: 'litellm', status })).responseId).toBe('');
  });

  it('takes the provider from the routed model when none is named', () => {
    const span = spanOf({
      'gen_ai.request.model': 'my-alias',
      'gen_ai.system': '',
      'litellm.call_id': 'x',
      'litellm.provider.model': 'groq/llama-3.3-70b',
    });
    expect(litellm.read(span).provider).toBe('groq');
  });

  it('adds tool calls that the messages leave out', () => {
    const span = spanOf({
      ...CALL,
      'gen_ai.output.messages': '[{"role": "assistant", "parts": [], "finish_reason": "tool_calls"}]',
      'gen_ai.completion.0.function_call.name': 'get_weather',
      'gen_ai.completion.0.function_call.arguments': '{"city":"Paris"}',
      'llm.request.functions.0.name': 'get_weather',
      'llm.request.functions.0.parameters': '{"type":"object"}',
    });
    expect(litellm.read(span).fragments?.map(({ kind, body }) => [kind, body])).toEqual([
      [
        'output_messages',
        '[{"role":"assistant","parts":[{"type":"tool_call","id":null,"name":"get_weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_calls"}]',
      ],
      ['tool_definitions', '[{"type":"function","name":"get_weather","parameters":{"type":"object"}}]'],
    ]);
  });

  it('leaves other spans of the proxy alone', () => {
    expect(litellm.matches(spanOf({ service: 'redis' }, { scope: 'litellm', name: 'redis' }))).toBe(false);
  });
});
