import type { AttributeValue } from '../../otlp.ts';
import type { GenAiSpan } from '../../span.ts';
import { createNormalise } from '../normalise.ts';
import { makeOtlpSpan, STARTED_NS } from '../testing/make-otlp-span.ts';
import { TEST_OPTIONS } from '../testing/normalise-options.ts';

type Values = Readonly<Record<string, AttributeValue>>;

function row(scope: string, attributes: Values, more: Parameters<typeof makeOtlpSpan>[0] = {}): GenAiSpan {
  return createNormalise(TEST_OPTIONS).traces('w', [makeOtlpSpan({ scope, attributes, ...more })]).spans[0]!;
}

const CACHED = { inputTokens: 2334, outputTokens: 41, cacheReadTokens: 1801, cacheWriteTokens: 512 };
const EXCLUSIVE = {
  'gen_ai.usage.input_tokens': 5000,
  'gen_ai.usage.output_tokens': 41,
  'gen_ai.usage.cache_read.input_tokens': 1801,
};

describe('input without cached tokens, also where arithmetic cannot tell', () => {
  test.each<[string, string, Values]>([
    ['OpenLIT on Anthropic', 'openlit.instrumentation.anthropic', { 'gen_ai.provider.name': 'anthropic' }],
    ['OpenLIT on Bedrock', 'openlit.instrumentation.bedrock', { 'gen_ai.provider.name': 'aws.bedrock' }],
    [
      'the AWS SDK instrumentation',
      'opentelemetry.instrumentation.botocore.bedrock-runtime',
      { 'gen_ai.system': 'aws.bedrock' },
    ],
    ['OpenLLMetry on Bedrock', 'opentelemetry.instrumentation.bedrock', { 'gen_ai.provider.name': 'anthropic' }],
  ])('%s', (_who, scope, attributes) => {
    expect(row(scope, { 'gen_ai.operation.name': 'chat', ...EXCLUSIVE, ...attributes }).usage).toMatchObject({
      inputTokens: 6801,
      cacheReadTokens: 1801,
    });
  });

  test.each<[string, string, Values]>([
    ['OpenLIT on OpenAI', 'openlit.instrumentation.openai', { 'gen_ai.provider.name': 'openai' }],
    ['the Anthropic SDK', 'com.anthropic.sdk.typescript', { 'gen_ai.provider.name': 'anthropic' }],
    ['OpenLLMetry on Anthropic', 'opentelemetry.instrumentation.anthropic', { 'gen_ai.provider.name': 'anthropic' }],
    [
      'the official instrumentation',
      'opentelemetry.instrumentation.genai.anthropic',
      { 'gen_ai.provider.name': 'anthropic' },
    ],
  ])('but %s includes them', (_who, scope, attributes) => {
    expect(row(scope, { 'gen_ai.operation.name': 'chat', ...EXCLUSIVE, ...attributes }).usage).toMatchObject({
      inputTokens: 5000,
      cacheReadTokens: 1801,
    });
  });
});

describe('openllmetry', () => {
  test('Bedrock is the provider although the maker is named', () => {
    expect(
      row('opentelemetry.instrumentation.bedrock', {
        'gen_ai.system': 'anthropic',
        'gen_ai.request.model': 'claude-sonnet-4-5-20250929-v1:0',
      }).provider
    ).toBe('aws.bedrock');
  });

  test('Google leaves thoughts to the total', () => {
    const attributes = {
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.usage.input_tokens': 2061,
      'gen_ai.usage.output_tokens': 113,
      'gen_ai.usage.total_tokens': 2494,
    };
    expect(row('opentelemetry.instrumentation.google_generativeai', attributes).usage).toMatchObject({
      outputTokens: 433,
      reasoningTokens: 320,
    });
  });

  test('a decorated function is a wrapper with its arguments and result', () => {
    const span = row('traceloop.tracer', {
      'traceloop.span.kind': 'workflow',
      'traceloop.entity.name': 'flow',
      'traceloop.entity.input': '{"args":["Hi"],"kwargs":{}}',
      'traceloop.entity.output': '"Hello"',
      'traceloop.association.properties.user_id': 'u',
      'traceloop.association.properties.session_id': 's',
    });
    expect(span).toMatchObject({
      operation: 'invoke_workflow',
      billable: false,
      workflowName: 'flow',
      userId: 'u',
      conversationId: 's',
      dialect: 'openllmetry',
    });
    expect(span.fragments.map(({ kind, body }) => [kind, body])).toEqual([
      ['input_messages', '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]'],
      ['output_messages', '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]'],
    ]);
  });
});

describe('openlit', () => {
  test('drops parameters nobody set, its cost of zero and its own idea of the first token', () => {
    const span = row('openlit.instrumentation.openai', {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.temperature': 1,
      'gen_ai.request.top_p': 1,
      'gen_ai.request.seed': 0,
      'gen_ai.usage.cost': 0,
      'gen_ai.request.stream': true,
      'gen_ai.server.time_to_first_token': 0.005,
    });
    expect(span).toMatchObject({ attributes: new Map(), reportedCostUsd: '', timeToFirstTokenNs: 0, streaming: true });
  });

  test('streams before 1.35 are estimates', () => {
    const counts = {
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.output_tokens': 21,
      'gen_ai.operation.name': 'chat',
    };
    expect(row('openlit.otel.tracing', { ...counts, 'gen_ai.request.is_stream': true }).usage.state).toBe('estimated');
    expect(row('openlit.otel.tracing', { ...counts, 'gen_ai.request.is_stream': false }).usage.state).toBe('reported');
  });
});

describe('openinference', () => {
  const scope = 'openinference.instrumentation.anthropic';

  test('a raw prompt count is told from an inclusive one by the answer, with writes split by life', () => {
    const answer = {
      id: 'msg_1',
      model: 'claude-sonnet-4-5-20250929',
      usage: {
        input_tokens: 5000,
        output_tokens: 41,
        cache_read_input_tokens: 1801,
        cache_creation_input_tokens: 512,
        cache_creation: { ephemeral_1h_input_tokens: 100 },
      },
    };
    const span = row(scope, {
      'openinference.span.kind': 'LLM',
      'llm.token_count.prompt': 5000,
      'llm.token_count.completion': 41,
      'llm.token_count.prompt_details.cache_read': 1801,
      'llm.token_count.prompt_details.cache_write': 512,
      'output.value': JSON.stringify(answer),
      'llm.invocation_parameters': '{"model":"claude-sonnet-4-5","stream":true}',
    });
    expect(span).toMatchObject({
      provider: 'anthropic',
      requestModel: 'claude-sonnet-4-5',
      responseModel: 'claude-sonnet-4-5-20250929',
      responseId: 'msg_1',
      streaming: true,
      usage: { inputTokens: 7313, cacheReadTokens: 1801, cacheWriteTokens: 512, cacheWrite1hTokens: 100 },
    });
  });

  test('an inclusive prompt count stays', () => {
    const answer = {
      id: 'msg_1',
      usage: { input_tokens: 21, output_tokens: 41, cache_read_input_tokens: 1801, cache_creation_input_tokens: 512 },
    };
    const span = row(scope, {
      'openinference.span.kind': 'LLM',
      'llm.token_count.prompt': 2334,
      'llm.token_count.completion': 41,
      'output.value': JSON.stringify(answer),
    });
    expect(span.usage).toMatchObject(CACHED);
  });

  test('numbered messages may begin at one and hold parts without content', () => {
    const span = row('openinference.instrumentation.openai', {
      'openinference.span.kind': 'LLM',
      'llm.input_messages.1.message.role': 'user',
      'llm.input_messages.1.message.content': 'Hi',
      'llm.input_messages.10.message.role': 'assistant',
      'llm.input_messages.10.message.tool_calls.0.tool_call.id': 'call_1',
      'llm.input_messages.10.message.tool_calls.0.tool_call.function.name': 'get_weather',
      'llm.input_messages.10.message.tool_calls.0.tool_call.function.arguments': '{"city":"Paris"}',
      'llm.input_messages.2.message.role': 'user',
      'llm.input_messages.2.message.contents.0.message_content.text': 'there',
      'llm.input_messages.2.message.contents.1.message_content.image': null,
    });
    expect(JSON.parse(span.fragments[0]!.body)).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Hi' }] },
      { role: 'user', parts: [{ type: 'text', content: 'there' }] },
      {
        role: 'assistant',
        parts: [{ type: 'tool_call', id: 'call_1', name: 'get_weather', arguments: { city: 'Paris' } }],
      },
    ]);
  });

  test('agents and chains carry no usage, embeddings no vectors', () => {
    expect(row(scope, { 'openinference.span.kind': 'AGENT', 'llm.token_count.prompt': 220 })).toMatchObject({
      operation: 'invoke_agent',
      billable: false,
      usage: { state: 'missing' },
    });
    const span = row(scope, {
      'openinference.span.kind': 'EMBEDDING',
      'embedding.model_name': 'text-embedding-3-small',
      'embedding.embeddings.0.embedding.text': 'one',
      'embedding.embeddings.0.embedding.vector': [0.1, 0.2],
      'llm.token_count.total': 9,
    });
    expect(span).toMatchObject({
      operation: 'embeddings',
      usage: { inputTokens: 9 },
      responseModel: 'text-embedding-3-small',
      attributes: new Map(),
    });
    expect(span.fragments.map((fragment) => fragment.kind)).toEqual(['input_messages']);
  });
});

describe('langfuse', () => {
  test('an observation of type generation becomes a call, timed by its first token', () => {
    const span = row('langfuse-sdk', {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.model.name': 'gpt-4o-2024-08-06',
      'langfuse.observation.input': '[{"role":"user","content":"Hi"}]',
      'langfuse.observation.output': 'Hello',
      'langfuse.observation.completion_start_time': '"2026-11-21T09:38:42.5Z"',
      'langfuse.trace.name': 'flow',
      'langfuse.observation.model.parameters': '{"service_tier":"flex"}',
      'langfuse.observation.cost_details': '{"total":0}',
      'langfuse.observation.prompt.name': 'greet',
      'langfuse.observation.prompt.version': 7,
    });
    expect(STARTED_NS).toBe(1_795_253_922_000_000_000n);
    expect(span).toMatchObject({
      operation: 'chat',
      provider: 'openai',
      requestModel: 'gpt-4o',
      responseModel: 'gpt-4o-2024-08-06',
      streaming: true,
      timeToFirstTokenNs: 500_000_000,
      workflowName: 'flow',
      serviceTier: 'flex',
      reportedCostUsd: '',
      promptName: 'greet',
      promptVersion: '7',
    });
  });

  test('an error is told by its level, its type by the message', () => {
    const span = row('langfuse-sdk', {
      'langfuse.observation.type': 'generation',
      'langfuse.observation.level': 'ERROR',
      'langfuse.observation.status_message': "Error code: 429 - {'error': …}",
      'langfuse.observation.model.name': 'gpt-4o',
    });
    expect(span).toMatchObject({ status: 'error', errorType: '429', responseModel: '', usage: { state: 'missing' } });
  });

  test.each([
    ['span', 'chain'],
    ['agent', 'invoke_agent'],
    ['tool', 'execute_tool'],
    ['retriever', 'retrieval'],
    ['embedding', 'embeddings'],
    ['evaluator', 'evaluation'],
    ['guardrail', 'guardrail'],
    ['event', 'event'],
  ])('type %s is operation %s', (type, operation) => {
    expect(row('langfuse-sdk', { 'langfuse.observation.type': type }).operation).toBe(operation);
  });
});

describe('anthropic-sdk', () => {
  test('splits cache writes by life and tells retries and the reason to stop', () => {
    const span = row('com.anthropic.sdk.python', {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.usage.input_tokens': 2334,
      'gen_ai.usage.output_tokens': 41,
      'gen_ai.usage.cache_read.input_tokens': 1801,
      'gen_ai.usage.cache_write.input_tokens': 512,
      'anthropic.usage.cache_creation.ephemeral_1h_input_tokens': 500,
      'anthropic.usage.cache_creation.ephemeral_5m_input_tokens': 12,
      'anthropic.message.stop_reason': 'end_turn',
      'anthropic.response.service_tier': 'batch',
      'http.request.resend_count': 2,
    });
    expect(span).toMatchObject({
      usage: { ...CACHED, cacheWrite1hTokens: 500 },
      finishReasons: ['end_turn'],
      serviceTier: 'batch',
      retries: 2,
      dialect: 'anthropic-sdk',
    });
  });
});
