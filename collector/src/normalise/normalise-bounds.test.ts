import fc from 'fast-check';
import type { AttributeValue } from '../otlp.ts';
import { createCardinalityCap } from './cardinality-cap.ts';
import { createNormaliseTraces } from './normalise-traces.ts';
import { makeOtlpSpan, RECEIVED_MS } from './testing/make-otlp-span.ts';
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

describe('bounds of normaliseTraces', () => {
  test('times outside the accepted range become the time of receipt, the original is kept', () => {
    const nowNs = BigInt(RECEIVED_MS) * 1_000_000n;
    const dayNs = 86_400_000_000_000n;
    const starts = [0n, nowNs - 401n * dayNs, nowNs - 400n * dayNs, nowNs + dayNs, nowNs + dayNs + 1n];
    const { spans, counts } = normaliseTraces()(
      'w',
      starts.map((startTimeUnixNano) =>
        makeOtlpSpan({ startTimeUnixNano, attributes: { 'gen_ai.operation.name': 'chat' } })
      )
    );
    expect(spans.map((span) => span.timestampNs)).toEqual([nowNs, nowNs, starts[2], starts[3], nowNs]);
    expect(spans.map((span) => span.attributes.get('spanledger.original_timestamp'))).toEqual([
      '0',
      String(starts[1]),
      undefined,
      undefined,
      String(starts[4]),
    ]);
    expect(counts.clampedTimes).toBe(3);
  });

  test('too many names become one, and are counted', () => {
    const run = normaliseTraces({ ...TEST_OPTIONS, limits: { ...TEST_OPTIONS.limits, maxNames: 2 } });
    const { spans, counts } = run(
      'w',
      ['a', 'b', 'c', 'a'].map((name) => makeOtlpSpan({ name, attributes: { 'gen_ai.operation.name': 'chat' } }))
    );
    expect(spans.map((span) => span.spanName)).toEqual(['a', 'b', '__other__', 'a']);
    expect(counts.cappedNames).toBe(1);
  });

  test('large content and many attributes are cut, marked and counted', () => {
    const attributes: Record<string, AttributeValue> = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': MESSAGES.replace('Hi', 'x'.repeat(600_000)),
      long: 'y'.repeat(5000),
    };
    for (let index = 0; index < 200; index++) attributes[`custom.${index}`] = index;
    const { spans, counts } = normaliseTraces()('w', [makeOtlpSpan({ attributes })]);
    const body = spans[0]!.fragments[0]!.body;
    expect(body.length).toBeLessThanOrEqual(TEST_OPTIONS.limits.maxContentChars);
    expect(body).toContain('[cut, 600000 characters in all]');
    expect(JSON.parse(body)).toMatchObject([{ role: 'user' }]);
    expect(spans[0]?.attributes.size).toBe(128);
    expect(spans[0]?.attributes.get('long')).toHaveLength(2048 + '… [cut]'.length);
    expect([counts.cutContent, counts.cutAttributes]).toEqual([1, 74]);
  });

  test('message content never reaches the attributes', () => {
    const secret = 'my secret prompt';
    const { spans } = normaliseTraces()('w', [
      makeOtlpSpan({
        attributes: {
          'gen_ai.request.model': 'm',
          'gen_ai.prompt.0.content': secret,
          'gen_ai.completion.0.content': secret,
          'llm.input_messages.3.message.content': secret,
          'input.value': secret,
          'output.value': secret,
          'gen_ai.tool.call.arguments': secret,
          'traceloop.entity.input': secret,
          'gen_ai.system_instructions': secret,
        },
      }),
    ]);
    expect([...spans[0]!.attributes.values()].filter((value) => value.includes(secret))).toEqual([]);
    expect(spans[0]!.fragments.some((fragment) => fragment.body.includes(secret))).toBe(true);
  });

  test('no attribute value of any known key makes it throw, and every span is accounted for', () => {
    const key = fc.constantFrom(
      'gen_ai.operation.name',
      'gen_ai.request.model',
      'gen_ai.provider.name',
      'gen_ai.usage.input_tokens',
      'gen_ai.input.messages',
      'gen_ai.output.messages',
      'gen_ai.tool.definitions',
      'gen_ai.response.finish_reasons',
      'llm.input_messages.0.message.role',
      'openinference.span.kind',
      'output.value',
      'input.value',
      'metadata',
      'langfuse.observation.type',
      'langfuse.observation.usage_details',
      'langfuse.observation.input',
      'llm.invocation_parameters',
      'traceloop.span.kind',
      'traceloop.entity.output',
      'gen_ai.prompt.0.role',
      'telemetry.sdk.name',
      'error.type',
      'server.address',
      'gen_ai.agent.name',
      'gen_ai.conversation.id',
      'team',
      'ai.operationId',
      'mlflow.spanType',
      'langsmith.span.kind',
      'genkit:type'
    );
    const leaf: fc.Arbitrary<AttributeValue> = fc.oneof(
      fc.string(),
      fc.double(),
      fc.bigInt(),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array({ maxLength: 4 }),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.json(),
      fc.constantFrom('LLM', 'generation', 'chat', 'agent'),
      fc.dictionary(fc.string(), fc.string()).map((entries) => new Map(Object.entries(entries)))
    );
    const scope = fc.constantFrom(
      '',
      'openlit',
      'langfuse-sdk',
      'com.anthropic.sdk.python',
      'openinference.instrumentation.openai',
      'opentelemetry.instrumentation.bedrock',
      'strands.telemetry.tracer'
    );
    fc.assert(
      fc.property(fc.array(fc.record({ scope, attributes: fc.dictionary(key, leaf) }), { maxLength: 5 }), (inputs) => {
        const { spans, others, counts } = normaliseTraces()(
          'w',
          inputs.map((input) => makeOtlpSpan(input))
        );
        expect(spans.length + others.length + counts.ignored).toBe(inputs.length);
      }),
      { numRuns: 300 }
    );
  });
});
