import { spanOf } from '../testing/span-of.ts';
import { llamaIndex } from './llama-index.ts';

const SCOPE = 'llamaindex.opentelemetry.tracer';
const START = {
  name: 'LLMChatStartEvent',
  attributes: {
    'model_dict.model': 'gpt-4o-mini',
    messages: '[{"role":"user","blocks":[{"block_type":"text","text":"hi"}]}]',
  },
};

describe('llamaIndex', () => {
  it('reads a call from the events of the framework', () => {
    const end = {
      name: 'LLMChatEndEvent',
      attributes: {
        'response.raw.id': 'chatcmpl-1',
        'response.raw.model': 'gpt-4o-mini-2024-07-18',
        'response.raw.choices': '[{"finish_reason":"stop"}]',
        'response.raw.usage.prompt_tokens': 37,
        'response.raw.usage.completion_tokens': 11,
        'response.raw.usage.total_tokens': 48,
        'response.raw.usage.prompt_tokens_details.cached_tokens': 8,
        'response.message.role': 'assistant',
        'response.message.blocks': '[{"block_type":"text","text":"Hello"}]',
      },
    };
    const span = spanOf({}, { scope: SCOPE, name: 'OpenAI.chat', events: [START, end] });
    expect(llamaIndex.matches(span)).toBe(true);
    expect(llamaIndex.read(span)).toEqual({
      operation: 'chat',
      requestModel: 'gpt-4o-mini',
      responseModel: 'gpt-4o-mini-2024-07-18',
      responseId: 'chatcmpl-1',
      usage: { input: 37, output: 11, total: 48, cacheRead: 8, inputIncludesCache: true },
      streaming: false,
      finishReasons: ['stop'],
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

  it('counts a stream whose end came after its span', () => {
    const fields = llamaIndex.read(spanOf({}, { scope: SCOPE, name: 'OpenAI.stream_chat', events: [START] }));
    expect(fields).toMatchObject({ operation: 'chat', requestModel: 'gpt-4o-mini', streaming: true });
    expect(fields.usage).toBeUndefined();
  });

  it.each([
    ['FunctionAgent.run', 'invoke_agent'],
    ['RetrieverQueryEngine.query', 'chain'],
  ])('does not take %s for a call', (name, operation) => {
    expect(llamaIndex.read(spanOf({}, { scope: SCOPE, name }))).toEqual({ operation, usage: null });
  });
});
