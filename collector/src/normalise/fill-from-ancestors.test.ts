import { createCardinalityCap } from './cardinality-cap.ts';
import { createNormaliseTraces } from './normalise-traces.ts';
import { makeOtlpSpan } from './testing/make-otlp-span.ts';
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

describe('fillFromAncestors', () => {
  test('a model call takes agent, workflow, conversation, user and prompt from its nearest ancestor, also through spans that are not GenAI', () => {
    const ids = { a: '000000000000000a', b: '000000000000000b', c: '000000000000000c', d: '000000000000000d' };
    const { spans } = normaliseTraces()('w', [
      makeOtlpSpan({
        spanId: ids.d,
        parentSpanId: ids.c,
        attributes: { 'gen_ai.operation.name': 'chat', 'user.id': 'inner' },
      }),
      makeOtlpSpan({ spanId: ids.c, parentSpanId: ids.b, attributes: { 'http.route': '/' } }),
      makeOtlpSpan({
        spanId: ids.b,
        parentSpanId: ids.a,
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': 'bot',
          'gen_ai.agent.version': '2',
          'gen_ai.prompt.name': 'greet',
        },
      }),
      makeOtlpSpan({
        spanId: ids.a,
        attributes: {
          'gen_ai.operation.name': 'invoke_workflow',
          'gen_ai.workflow.name': 'flow',
          'gen_ai.agent.name': 'outer',
          'session.id': 's',
          'user.id': 'outer',
        },
      }),
      makeOtlpSpan({
        traceId: 'ffffffffffffffffffffffffffffffff',
        spanId: ids.d,
        parentSpanId: ids.b,
        attributes: { 'gen_ai.operation.name': 'chat' },
      }),
    ]);
    const seen = spans.map(({ agentName, agentVersion, workflowName, conversationId, userId, promptName }) => [
      agentName,
      agentVersion,
      workflowName,
      conversationId,
      userId,
      promptName,
    ]);
    expect(seen).toEqual([
      ['bot', '2', 'flow', 's', 'inner', 'greet'],
      ['bot', '2', 'flow', 's', 'outer', 'greet'],
      ['outer', '', 'flow', 's', 'outer', ''],
      ['', '', '', '', '', ''],
    ]);
  });

  test('parents that form a circle end the climb', () => {
    const [a, b] = ['000000000000000a', '000000000000000b'];
    const spans = [
      makeOtlpSpan({ spanId: a, parentSpanId: b, attributes: { 'gen_ai.operation.name': 'chat' } }),
      makeOtlpSpan({ spanId: b, parentSpanId: a, attributes: { 'gen_ai.operation.name': 'chat' } }),
    ];
    expect(normaliseTraces()('w', spans).spans).toHaveLength(2);
  });
});
