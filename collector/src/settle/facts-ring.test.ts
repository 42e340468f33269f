import fc from 'fast-check';
import type { CallFacts } from './call-facts.ts';
import { createFactsRing } from './facts-ring.ts';

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'binary', maxLength: 256 }).map((value) => value.toWellFormed());
const facts: fc.Arbitrary<CallFacts> = fc.record({
  workspace: text,
  traceId: text,
  spanId: text,
  parentSpanId: text,
  serviceName: text,
  status: fc.constantFrom('unset', 'ok', 'error'),
  operation: text,
  requestModel: text,
  responseModel: text,
  responseId: text,
  usageState: fc.constantFrom('missing', 'reported', 'estimated'),
  inputTokens: count,
  outputTokens: count,
  detailCount: fc.nat({ max: 6 }),
  dialect: text,
  timestampNs: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  durationNs: count,
  billable: fc.boolean(),
});

describe('createFactsRing', () => {
  it('gives back what was kept, and never says that something is kept which it has overwritten', () => {
    fc.assert(
      fc.property(
        fc.array(facts, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (calls, maxCalls) => {
          const ring = createFactsRing(maxCalls);
          calls.forEach((call, index) => {
            const oldest = ring.write(index + 1, call);
            expect(oldest).toBe(Math.max(1, index + 1 - maxCalls + 1));
            for (let number = oldest; number <= index + 1; number += 1)
              expect(ring.read(number)).toEqual(calls[number - 1]);
          });
        }
      )
    );
  });

  it('keeps fewer calls when their names are long', () => {
    const long = 'x'.repeat(4000);
    const call = {
      ...fc.sample(facts, { numRuns: 1, seed: 1 })[0]!,
      responseId: long,
      requestModel: long,
      responseModel: long,
    };
    const ring = createFactsRing(2000);
    const kept = new Map<number, CallFacts>();
    let oldest = 1;
    for (let number = 1; number <= 4000; number += 1) {
      const each = { ...call, inputTokens: number };
      kept.set(number, each);
      oldest = ring.write(number, each);
      expect(ring.read(oldest)).toEqual(kept.get(oldest));
      expect(ring.read(number)).toEqual(each);
    }
    // Two chunks of a mebibyte hold at most this many of twelve kilobytes, and the ring at least what is in one.
    expect(4000 - oldest).toBeLessThan(200);
    expect(4000 - oldest).toBeGreaterThanOrEqual(60);
  });
});
