import fc from 'fast-check';
import { factsOfSpan } from './call-window.ts';
import { createCallMemory } from './call-memory.ts';
import { makeSpan } from './testing/make-span.ts';

const HOUR_MS = 3_600_000;
const call = (index: number, more: { responseId?: string; parent?: number; trace?: number } = {}) =>
  factsOfSpan(
    makeSpan({
      traceId: String(more.trace ?? 0).padStart(32, '0'),
      spanId: String(index).padStart(16, '0'),
      parentSpanId: more.parent === undefined ? '' : String(more.parent).padStart(16, '0'),
      responseId: more.responseId ?? '',
    })
  );
const spanIds = (calls: readonly { spanId: string }[]) =>
  calls.map(({ spanId }) => Number(spanId)).sort((a, b) => a - b);

describe('createCallMemory', () => {
  it('links calls by response id, by parent and by nothing else', () => {
    const memory = createCallMemory({ maxCalls: 100, horizonMs: HOUR_MS });
    expect(memory.remember(call(1, { responseId: 'response-1' }), 0)).toBe(false);
    expect(memory.remember(call(2, { responseId: 'response-2', trace: 2 }), 0)).toBe(false);
    expect(memory.remember(call(3, { responseId: 'response-1', trace: 3 }), 0)).toBe(true);
    expect(memory.remember(call(4, { parent: 1 }), 0)).toBe(true);
    expect(spanIds(memory.linkedTo(call(1, { responseId: 'response-1' })))).toEqual([1, 3, 4]);
    expect(spanIds(memory.linkedTo(call(2, { responseId: 'response-2', trace: 2 })))).toEqual([2]);
  });

  it('knows only the newest record of a span', () => {
    const memory = createCallMemory({ maxCalls: 100, horizonMs: HOUR_MS });
    memory.remember(call(1, { responseId: 'response-1' }), 0);
    memory.remember(call(1, { responseId: 'response-2' }), 0);
    expect(memory.linkedTo(call(9, { responseId: 'response-1' }))).toEqual([]);
    expect(memory.linkedTo(call(9, { responseId: 'response-2' })).map(({ responseId }) => responseId)).toEqual([
      'response-2',
    ]);
  });

  it('forgets what is older than the horizon and what is more than the bound', () => {
    const memory = createCallMemory({ maxCalls: 3, horizonMs: HOUR_MS });
    memory.remember(call(1, { responseId: 'response-1' }), 0);
    expect(memory.remember(call(2, { responseId: 'response-1' }), HOUR_MS + 1)).toBe(false);
    for (const other of [3, 4, 5]) memory.remember(call(other, { responseId: `response-${other}` }), HOUR_MS + 1);
    expect(memory.remember(call(6, { responseId: 'response-1' }), HOUR_MS + 1)).toBe(false);
    expect(memory.remember(call(7, { responseId: 'response-5' }), HOUR_MS + 1)).toBe(true);
  });

  it('leaves a link of very many calls to the settle job, however many there are', () => {
    const memory = createCallMemory({ maxCalls: 5000, horizonMs: HOUR_MS });
    for (let index = 1; index <= 4000; index += 1) memory.remember(call(index, { parent: 9999 }), 0);
    expect(memory.linkedTo(call(1, { parent: 9999 })).length).toBeLessThanOrEqual(64);
    expect(memory.remember(call(5000, { responseId: 'response-1' }), 0)).toBe(false);
  });

  it('says the same as a list of all calls that is searched', () => {
    const step = fc.record({ index: fc.nat({ max: 12 }), response: fc.nat({ max: 4 }), parent: fc.nat({ max: 12 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const memory = createCallMemory({ maxCalls: 1000, horizonMs: HOUR_MS });
        const known = new Map<string, ReturnType<typeof call>>();
        for (const { index, response, parent } of steps) {
          const each = call(index, { responseId: response === 0 ? '' : `response-${response}`, parent });
          memory.remember(each, 0);
          known.set(each.spanId, each);
          const links = (of: typeof each) => [of.spanId, of.parentSpanId, of.responseId].filter((link) => link !== '');
          const expected = [...known.values()].filter((other) =>
            links(other).some((link) => links(each).includes(link))
          );
          expect(spanIds(memory.linkedTo(each))).toEqual(spanIds(expected));
        }
      })
    );
  });
});
