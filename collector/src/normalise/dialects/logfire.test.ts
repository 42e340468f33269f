import { spanOf } from '../testing/span-of.ts';
import { logfire } from './logfire.ts';

const REQUEST = {
  'logfire.span_type': 'span',
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini',
  'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
};
const STREAM_LOG = 'streaming response from {request_data[model]!r} took {duration:.2f}s';

describe('logfire', () => {
  it('reads what the two counts leave out from the usage of the provider', () => {
    const span = spanOf(
      {
        ...REQUEST,
        'gen_ai.response.id': 'msg_1',
        'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
        'gen_ai.usage.input_tokens': 2334,
        'gen_ai.usage.output_tokens': 41,
        'gen_ai.usage.raw':
          '{"input_tokens":21,"output_tokens":41,"cache_read_input_tokens":1801,"cache_creation_input_tokens":512}',
      },
      { scope: 'logfire.anthropic' }
    );
    expect(logfire.matches(span)).toBe(true);
    const fields = { ...logfire.read(span), consumed: undefined };
    expect(fields).toEqual({
      usage: { input: 21, output: 41, cacheRead: 1801, cacheWrite: 512, inputIncludesCache: false },
      billable: true,
      streaming: false,
      fragments: [{ kind: 'input_messages', source: 'attribute', position: 0, body: REQUEST['gen_ai.input.messages'] }],
    });
  });

  it('counts a stream once, by the log that ends it, in whatever order and trace the two spans come', () => {
    const request = spanOf(REQUEST, { scope: 'logfire.openai', name: 'Chat Completion with {request_data[model]!r}' });
    const log = spanOf(
      {
        ...REQUEST,
        'logfire.span_type': 'log',
        'gen_ai.usage.raw': '{"prompt_tokens":43,"completion_tokens":19,"total_tokens":62}',
        'gen_ai.output.messages':
          '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]',
      },
      { scope: 'logfire.openai', name: STREAM_LOG }
    );
    expect(logfire.read(request)).toMatchObject({ billable: false, usage: null, streaming: true, responseModel: '' });
    expect(logfire.read(log)).toMatchObject({
      billable: true,
      usage: { input: 43, output: 19, total: 62 },
      streaming: true,
      finishReasons: ['stop'],
      responseModel: '',
    });
  });

  it('counts a stream without usage by its log too', () => {
    const log = spanOf({ ...REQUEST, 'logfire.span_type': 'log' }, { scope: 'logfire.openai', name: STREAM_LOG });
    expect(logfire.read(log)).toMatchObject({ billable: true, streaming: true });
    expect(logfire.read(log).usage).toBeUndefined();
  });

  it('counts a request that failed, because no log follows it', () => {
    expect(logfire.read(spanOf(REQUEST, { scope: 'logfire.openai', status: 2 }))).toMatchObject({
      billable: true,
      streaming: false,
    });
  });

  it('keeps an embedding whose answer has no id', () => {
    const span = spanOf(
      {
        ...REQUEST,
        'gen_ai.operation.name': 'embeddings',
        'gen_ai.usage.raw': '{"prompt_tokens":18,"total_tokens":18}',
      },
      { scope: 'logfire.openai' }
    );
    expect(logfire.read(span)).toMatchObject({ billable: true, usage: { input: 18, total: 18 } });
    expect(logfire.read(span).responseModel).toBeUndefined();
  });

  it('reads the older format, request and answer in two objects', () => {
    const span = spanOf(
      {
        'gen_ai.system': 'openai',
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.id': 'chatcmpl-1',
        request_data:
          '{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"t"}}]}',
        response_data:
          '{"message":{"role":"assistant","content":"Hello"},"usage":{"prompt_tokens":5,"completion_tokens":6,"total_tokens":11}}',
      },
      { scope: 'logfire.openai' }
    );
    expect(logfire.read(span)).toMatchObject({
      usage: { input: 5, output: 6, total: 11 },
      fragments: [
        { kind: 'input_messages', body: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]' },
        { kind: 'tool_definitions', body: '[{"type":"function","name":"t"}]' },
        { kind: 'output_messages', body: '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]' },
      ],
    });
  });

  it.each([
    ['/audio/speech', 'speech'],
    ['/fine_tuning/jobs', 'chain'],
  ])('tells the operation of a request to %s', (url, operation) => {
    expect(logfire.read(spanOf({ url, 'gen_ai.request.model': 'm' }, { scope: 'logfire.openai' })).operation).toBe(
      operation
    );
  });

  it('leaves spans of other instrumentations to them although logfire wrote on them', () => {
    expect(logfire.matches(spanOf(REQUEST, { scope: 'com.anthropic.sdk.python' }))).toBe(false);
    expect(logfire.matches(spanOf({ 'logfire.span_type': 'span' }, { scope: 'logfire' }))).toBe(false);
  });
});
