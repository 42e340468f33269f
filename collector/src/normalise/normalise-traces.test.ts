import type { AttributeValue } from '../otlp.ts';
import { createCardinalityCap } from './cardinality-cap.ts';
import { createNormaliseTraces } from './normalise-traces.ts';
import { MISSING_USAGE } from './token-usage.ts';
import { makeOtlpSpan, STARTED_NS } from './testing/make-otlp-span.ts';
import { TEST_OPTIONS } from './testing/normalise-options.ts';

function normaliseTraces(options = TEST_OPTIONS) {
  return createNormaliseTraces(
    options,
    createCardinalityCap({
      maxNames: options.limits.maxNames,
      windowMs: options.limits.namesWindowMs,
      now: options.now,
    })
  );
}

const MESSAGES = '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]';

describe('normaliseTraces', () => {
  test('makes a whole row of a span in the current conventions', () => {
    const span = makeOtlpSpan({
      scope: 'opentelemetry.instrumentation.genai.openai',
      resource: {
        'service.name': 'shop',
        'service.version': '1.4.2',
        'telemetry.sdk.language': 'python',
        'deployment.environment.name': 'staging',
        'k8s.cluster.name': 'eu-1',
      },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.response.model': 'gpt-4o-2024-08-06',
        'gen_ai.response.id': 'chatcmpl-1',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': 2061,
        'gen_ai.usage.output_tokens': 433,
        'gen_ai.usage.cache_read.input_tokens': 1536,
        'gen_ai.usage.reasoning.output_tokens': 320,
        'gen_ai.request.stream': true,
        'gen_ai.response.time_to_first_chunk': 0.25,
        'gen_ai.request.temperature': 0.2,
        'openai.response.service_tier': 'flex',
        'gen_ai.conversation.id': 'c-1',
        'user.id': 'u-1',
        'gen_ai.agent.name': 'bot',
        'gen_ai.agent.id': 'a-1',
        'gen_ai.agent.version': '3',
        'gen_ai.prompt.name': 'greet',
        'gen_ai.prompt.version': '7',
        team: 'growth',
        'gen_ai.input.messages': MESSAGES,
        'http.request.resend_count': 2,
      },
    });
    expect(normaliseTraces()('acme', [span])).toEqual({
      spans: [
        {
          workspace: 'acme',
          timestampNs: STARTED_NS,
          durationNs: 1_000_000_000,
          timeToFirstTokenNs: 250_000_000,
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: '',
          spanName: 'chat gpt-4o',
          serviceName: 'shop',
          serviceVersion: '1.4.2',
          environment: 'staging',
          department: 'growth',
          operation: 'chat',
          provider: 'openai',
          requestModel: 'gpt-4o',
          responseModel: 'gpt-4o-2024-08-06',
          usage: {
            ...MISSING_USAGE,
            state: 'reported',
            inputTokens: 2061,
            outputTokens: 433,
            cacheReadTokens: 1536,
            reasoningTokens: 320,
          },
          reportedCostUsd: '',
          serviceTier: 'flex',
          region: '',
          billable: true,
          streaming: true,
          finishReasons: ['stop'],
          status: 'unset',
          errorType: '',
          errorMessage: '',
          retries: 2,
          agentName: 'bot',
          agentId: 'a-1',
          agentVersion: '3',
          workflowName: '',
          promptName: 'greet',
          promptVersion: '7',
          toolName: '',
          conversationId: 'c-1',
          userId: 'u-1',
          responseId: 'chatcmpl-1',
          dialect: 'otel-genai',
          scopeName: 'opentelemetry.instrumentation.genai.openai',
          sdkLanguage: 'python',
          attributes: new Map([
            ['gen_ai.request.temperature', '0.2'],
            ['team', 'growth'],
            ['http.request.resend_count', '2'],
            ['resource.k8s.cluster.name', 'eu-1'],
          ]),
          fragments: [
            {
              traceId: span.traceId,
              spanId: span.spanId,
              responseId: '',
              timestampNs: STARTED_NS,
              kind: 'input_messages',
              source: 'attribute',
              position: 0,
              body: MESSAGES,
            },
          ],
          retentionDays: 400,
        },
      ],
      others: [],
      counts: { ignored: 0, clampedTimes: 0, cutContent: 0, cutAttributes: 0, cappedNames: 0 },
    });
  });

  test('an unknown instrumentation with any gen_ai or llm attribute becomes a row', () => {
    const { spans, others } = normaliseTraces()('w', [
      makeOtlpSpan({ name: 'think', attributes: { 'llm.acme.mood': 'good' }, kind: 1 }),
      makeOtlpSpan({
        name: 'ask',
        attributes: { 'gen_ai.request.model': 'claude-sonnet-4-5', 'gen_ai.usage.input_tokens': '5' },
      }),
    ]);
    expect(others).toEqual([]);
    expect(
      spans.map(({ operation, billable, provider, usage, dialect }) => ({
        operation,
        billable,
        provider,
        input: usage.inputTokens,
        dialect,
      }))
    ).toEqual([
      { operation: 'chain', billable: false, provider: '', input: 0, dialect: 'otel-genai' },
      { operation: 'chat', billable: true, provider: 'anthropic', input: 5, dialect: 'otel-genai' },
    ]);
  });

  test('other spans are kept lean, or counted when they are not wanted', () => {
    const span = makeOtlpSpan({ name: 'GET /', kind: 2, statusCode: 2, attributes: { 'http.route': '/' } });
    expect(normaliseTraces()('w', [span]).others).toEqual([
      {
        workspace: 'w',
        timestampNs: STARTED_NS,
        durationNs: 1_000_000_000,
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: '',
        spanName: 'GET /',
        serviceName: 'shop-assistant',
        kind: 2,
        status: 'error',
      },
    ]);
    const { others, counts } = normaliseTraces({ ...TEST_OPTIONS, keepOtherSpans: false })('w', [span]);
    expect([others, counts.ignored]).toEqual([[], 1]);
  });

  test('usage of wrappers is not taken, and stays visible as attributes', () => {
    const { spans } = normaliseTraces()('w', [
      makeOtlpSpan({
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.usage.input_tokens': 220,
          'gen_ai.usage.cost': 0.5,
        },
      }),
    ]);
    expect(spans[0]).toMatchObject({ billable: false, usage: MISSING_USAGE, reportedCostUsd: '' });
    expect(spans[0]?.attributes.get('gen_ai.usage.input_tokens')).toBe('220');
  });

  test('environment: Langfuse on the span, then the resource, then the span', () => {
    const chat = { 'gen_ai.operation.name': 'chat', 'deployment.environment': 'span' };
    const { spans } = normaliseTraces()('w', [
      makeOtlpSpan({
        attributes: { ...chat, 'langfuse.environment': 'fuse' },
        resource: { 'deployment.environment.name': 'new' },
      }),
      makeOtlpSpan({
        attributes: chat,
        resource: { 'deployment.environment.name': 'new', 'deployment.environment': 'old' },
      }),
      makeOtlpSpan({ attributes: chat, resource: { 'deployment.environment': 'old' } }),
      makeOtlpSpan({ attributes: chat }),
    ]);
    expect(spans.map((span) => span.environment)).toEqual(['fuse', 'new', 'old', 'span']);
  });

  test('department: own keys in order, also among the free properties of SDKs', () => {
    const rows: Readonly<Record<string, AttributeValue>>[] = [
      { team: 'b', department: 'a' },
      { 'traceloop.association.properties.cost_center': '42' },
      { 'langfuse.trace.metadata.team': '"growth"' },
      { metadata: '{"department":"legal"}' },
      {},
    ];
    const spans = rows.map((attributes) =>
      makeOtlpSpan({
        attributes: { 'gen_ai.operation.name': 'chat', ...attributes },
        resource: { team: 'whole service' },
      })
    );
    expect(normaliseTraces()('w', spans).spans.map((span) => span.department)).toEqual([
      'a',
      '42',
      'growth',
      'legal',
      'whole service',
    ]);
  });
});
