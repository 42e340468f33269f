import { spanOf } from '../testing/span-of.ts';
import { mlflow } from './mlflow.ts';

const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Hello.' } }],
  model: 'gpt-5-mini-2025-08-07',
  service_tier: 'default',
  usage: {
    prompt_tokens: 2061,
    completion_tokens: 433,
    total_tokens: 2494,
    prompt_tokens_details: { cached_tokens: 1536 },
    completion_tokens_details: { reasoning_tokens: 320 },
  },
});

describe('mlflow', () => {
  it('reads a call whose values are JSON', () => {
    const span = spanOf(
      {
        'mlflow.spanType': '"CHAT_MODEL"',
        'mlflow.spanInputs':
          '{"model":"gpt-5-mini","stream":true,"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"t"}}]}',
        'mlflow.spanOutputs': ANSWER,
        'mlflow.chat.tokenUsage':
          '{"input_tokens":2061,"output_tokens":433,"total_tokens":2494,"cache_read_input_tokens":1536}',
        'mlflow.llm.model': '"gpt-5-mini-2025-08-07"',
        'mlflow.llm.cost': '{"input_cost":0.001,"output_cost":0.002,"total_cost":0.003}',
        'mlflow.message.format': '"openai"',
        'mlflow.linkedPrompts': '[{"name":"greeting","version":"3"}]',
        'mlflow.trace.user': '"user-42"',
        'mlflow.trace.session': '"sess-9"',
      },
      { scope: 'mlflow.tracing.provider', events: [{ name: 'mlflow.chunk.item.0', afterMs: 130 }] }
    );
    expect(mlflow.matches(span)).toBe(true);
    const fields = { ...mlflow.read(span), consumed: undefined };
    expect(fields).toEqual({
      operation: 'chat',
      userId: 'user-42',
      conversationId: 'sess-9',
      promptName: 'greeting',
      promptVersion: '3',
      requestModel: 'gpt-5-mini',
      responseModel: 'gpt-5-mini-2025-08-07',
      responseId: 'chatcmpl-1',
      usage: { input: 2061, output: 433, total: 2494, cacheRead: 1536, reasoning: 320, inputIncludesCache: true },
      reportedCostUsd: '0.003',
      serviceTier: 'default',
      streaming: true,
      timeToFirstTokenNs: 130_000_000,
      finishReasons: ['stop'],
      fragments: [
        {
          kind: 'input_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
        },
        {
          kind: 'output_messages',
          source: 'attribute',
          position: 0,
          body: '[{"role":"assistant","parts":[{"type":"text","content":"Hello."}],"finish_reason":"stop"}]',
        },
        { kind: 'tool_definitions', source: 'attribute', position: 0, body: '[{"type":"function","name":"t"}]' },
      ],
    });
  });

  it('reads its own summary of usage where the answer has none', () => {
    const span = spanOf({
      'mlflow.spanType': '"CHAT_MODEL"',
      'mlflow.chat.tokenUsage':
        '{"input_tokens":2334,"output_tokens":41,"total_tokens":2375,"cache_read_input_tokens":1801,"cache_creation_input_tokens":512,"cache_creation_input_tokens_above_1hr":100}',
    });
    expect(mlflow.read(span).usage).toEqual({
      input: 2334,
      output: 41,
      total: 2375,
      cacheRead: 1801,
      cacheWrite: 512,
      cacheWrite1h: 100,
    });
  });

  it('finds what was asked for when only the conventions are written', () => {
    const span = spanOf(
      { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-4o-mini-2024-07-18', model: '"gpt-4o-mini"' },
      { scope: 'mlflow.tracing.provider' }
    );
    expect(mlflow.matches(span)).toBe(true);
    expect(mlflow.read(span)).toMatchObject({ requestModel: 'gpt-4o-mini', responseModel: 'gpt-4o-mini-2024-07-18' });
  });

  it.each([
    ['"AGENT"', 'invoke_agent'],
    ['"CHAIN"', 'chain'],
    ['"RETRIEVER"', 'retrieval'],
    ['"EMBEDDING"', 'embeddings'],
  ])('reads span type %s', (type, operation) => {
    expect(mlflow.read(spanOf({ 'mlflow.spanType': type })).operation).toBe(operation);
  });

  it('reads a tool', () => {
    const span = spanOf(
      { 'mlflow.spanType': '"TOOL"', 'mlflow.spanInputs': '{"city":"Paris"}', 'mlflow.spanOutputs': '"rain"' },
      { name: 'get_weather' }
    );
    expect(mlflow.read(span)).toMatchObject({
      operation: 'execute_tool',
      toolName: 'get_weather',
      usage: null,
      fragments: [{ kind: 'input_messages' }, { kind: 'output_messages' }],
    });
  });
});
