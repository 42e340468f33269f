import fc from 'fast-check';
import type { GenAiSpan } from '../span.ts';
import { createCallWindow } from './call-window.ts';
import { makeSpan } from './testing/make-span.ts';

const billed = (spans: readonly GenAiSpan[]) => spans.filter((span) => span.billable).map((span) => span.spanId);

const native = makeSpan({
  spanId: 'b'.repeat(16),
  parentSpanId: 'a'.repeat(16),
  dialect: 'anthropic-sdk',
  responseId: 'msg_0123456789',
});
const wrapper = makeSpan({
  spanId: 'a'.repeat(16),
  dialect: 'openinference',
  responseId: 'msg_0123456789',
  userId: 'ada',
  agentName: 'helper',
});

describe('createCallWindow', () => {
  it('bills the native record of a call once and gives it the context of the wrapper', () => {
    const decide = createCallWindow({ now: () => 0 });
    const decided = decide([wrapper, native]);
    expect(decided.map((span) => [span.spanId, span.billable, span.userId, span.agentName])).toEqual([
      [wrapper.spanId, false, 'ada', 'helper'],
      [native.spanId, true, 'ada', 'helper'],
    ]);
  });

  it('bills one record when two arrive in two requests, in either order', () => {
    for (const order of [
      [native, wrapper],
      [wrapper, native],
    ]) {
      const decide = createCallWindow({ now: () => 0 });
      const first = decide([order[0]!]);
      const second = decide([order[1]!]);
      expect([...billed(first), ...billed(second)]).toEqual([order[0]!.spanId]);
    }
  });

  it('finds the same response id across traces', () => {
    const decide = createCallWindow({ now: () => 0 });
    const other = makeSpan({ ...wrapper, traceId: '2'.repeat(32), spanId: 'c'.repeat(16) });
    expect(billed([...decide([native]), ...decide([other])])).toEqual([native.spanId]);
  });

  it('keeps workspaces apart', () => {
    const decide = createCallWindow({ now: () => 0 });
    const other = { ...wrapper, workspace: 'b' };
    expect(billed([...decide([native]), ...decide([other])])).toEqual([native.spanId, other.spanId]);
  });

  it('joins a call inside a call without response ids when model and time agree', () => {
    const decide = createCallWindow({ now: () => 0 });
    const outer = makeSpan({ spanId: 'd'.repeat(16), responseId: '', dialect: 'openinference' });
    const inner = makeSpan({
      spanId: 'e'.repeat(16),
      parentSpanId: 'd'.repeat(16),
      responseId: '',
      dialect: 'otel-genai',
    });
    expect(billed(decide([outer, inner]))).toEqual([inner.spanId]);
  });

  it('keeps two different calls of a parent and takes the bill off the parent that repeats them', () => {
    const decide = createCallWindow({ now: () => 0 });
    const parent = makeSpan({ spanId: 'd'.repeat(16), responseId: '', usage: usage(30, 5) });
    const one = makeSpan({
      spanId: 'e'.repeat(16),
      parentSpanId: parent.spanId,
      responseId: 'resp-aaaa1',
      usage: usage(10, 2),
    });
    const two = makeSpan({
      spanId: 'f'.repeat(16),
      parentSpanId: parent.spanId,
      responseId: 'resp-aaaa2',
      usage: usage(20, 3),
    });
    expect(billed(decide([one, two, parent]))).toEqual([one.spanId, two.spanId]);
  });

  it('does not join an embedding inside a chat', () => {
    const decide = createCallWindow({ now: () => 0 });
    const inner = makeSpan({
      spanId: 'e'.repeat(16),
      parentSpanId: wrapper.spanId,
      operation: 'embeddings',
      responseId: '',
    });
    expect(billed(decide([wrapper, inner]))).toEqual([wrapper.spanId, inner.spanId]);
  });

  it('forgets a call after the horizon', () => {
    let now = 0;
    const decide = createCallWindow({ now: () => now, horizonMs: 1000 });
    decide([native]);
    now = 2000;
    expect(billed(decide([wrapper]))).toEqual([wrapper.spanId]);
  });

  it('forgets the oldest calls beyond its bound', () => {
    const decide = createCallWindow({ now: () => 0, maxCalls: 1 });
    decide([native]);
    decide([makeSpan({ spanId: '9'.repeat(16), responseId: 'resp-other-1' })]);
    decide([makeSpan({ spanId: '8'.repeat(16), responseId: 'resp-other-2' })]);
    expect(billed(decide([wrapper]))).toEqual([wrapper.spanId]);
  });

  it('leaves a re-sent span as it was: it is not its own double', () => {
    const decide = createCallWindow({ now: () => 0 });
    decide([native]);
    expect(billed(decide([native]))).toEqual([native.spanId]);
  });

  it('bills exactly one record of each response id, whatever the order and the cut into requests', () => {
    const span = fc.record({
      id: fc.integer({ min: 0, max: 3 }),
      cut: fc.boolean(),
      tokens: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), (drawn) => {
        const decide = createCallWindow({ now: () => 0 });
        const requests: GenAiSpan[][] = [[]];
        drawn.forEach(({ id, cut, tokens }, index) => {
          if (cut) requests.push([]);
          const spanId = (index + 1).toString(16).padStart(16, '0');
          requests.at(-1)!.push(makeSpan({ spanId, responseId: `response-${id}`, usage: usage(tokens, 1) }));
        });
        const decided = requests.flatMap((request) => decide(request));
        const counts = new Map<string, number>();
        for (const each of decided)
          counts.set(each.responseId, (counts.get(each.responseId) ?? 0) + (each.billable ? 1 : 0));
        expect([...counts.values()]).toEqual([...counts.keys()].map(() => 1));
      })
    );
  });
});

function usage(inputTokens: number, outputTokens: number): GenAiSpan['usage'] {
  return { ...native.usage, inputTokens, outputTokens };
}
