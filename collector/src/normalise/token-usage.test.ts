import fc from 'fast-check';
import type { RawUsage } from './dialect.ts';
import { MISSING_USAGE, toTokenUsage } from './token-usage.ts';

const PLAIN = { totalHoldsReasoning: false, failed: false };
const count = fc.oneof(
  fc.nat({ max: 5000 }),
  fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  fc.constant(Number.MAX_SAFE_INTEGER)
);
const raw: fc.Arbitrary<RawUsage> = fc.record(
  {
    input: count,
    output: count,
    total: count,
    cacheRead: count,
    cacheWrite: count,
    cacheWrite1h: count,
    reasoning: count,
    audioInput: count,
    audioOutput: count,
    inputIncludesCache: fc.boolean(),
    outputIncludesReasoning: fc.boolean(),
    estimated: fc.boolean(),
  },
  { requiredKeys: [] }
);

/** The same Anthropic answer: 21 uncached, 1801 read from the cache, 512 written to it. */
const ANTHROPIC = { inputTokens: 2334, cacheReadTokens: 1801, cacheWriteTokens: 512, outputTokens: 41 };

describe('toTokenUsage', () => {
  test('keeps inclusive input as it is', () => {
    expect(
      toTokenUsage({ input: 2334, output: 41, cacheRead: 1801, cacheWrite: 512, inputIncludesCache: true }, PLAIN)
    ).toEqual({
      ...MISSING_USAGE,
      ...ANTHROPIC,
      state: 'reported',
    });
  });

  test('adds the cache to exclusive input', () => {
    expect(
      toTokenUsage({ input: 21, output: 41, cacheRead: 1801, cacheWrite: 512, inputIncludesCache: false }, PLAIN)
    ).toMatchObject(ANTHROPIC);
  });

  test('sees from more cached tokens than input that the input is exclusive, whatever was declared', () => {
    expect(toTokenUsage({ input: 21, output: 41, cacheRead: 1801, cacheWrite: 512 }, PLAIN)).toMatchObject(ANTHROPIC);
    expect(
      toTokenUsage({ input: 21, output: 41, cacheRead: 1801, cacheWrite: 512, inputIncludesCache: true }, PLAIN)
    ).toMatchObject(ANTHROPIC);
  });

  test('sees from a total that counts the cache on top that the input is exclusive', () => {
    expect(toTokenUsage({ input: 1000, output: 10, total: 1510, cacheRead: 500 }, PLAIN)).toMatchObject({
      inputTokens: 1500,
      cacheReadTokens: 500,
    });
    expect(toTokenUsage({ input: 1000, output: 10, total: 1010, cacheRead: 500 }, PLAIN)).toMatchObject({
      inputTokens: 1000,
      cacheReadTokens: 500,
    });
  });

  test('adds reasoning to output that leaves it out', () => {
    const reasoning = { outputTokens: 433, reasoningTokens: 320 };
    expect(toTokenUsage({ input: 2061, output: 433, reasoning: 320 }, PLAIN)).toMatchObject(reasoning);
    expect(toTokenUsage({ input: 2061, output: 113, reasoning: 320 }, PLAIN)).toMatchObject(reasoning);
    expect(
      toTokenUsage({ input: 2061, output: 113, reasoning: 320, outputIncludesReasoning: false }, PLAIN)
    ).toMatchObject(reasoning);
    expect(toTokenUsage({ input: 2061, output: 400, reasoning: 33, total: 2494 }, PLAIN)).toMatchObject({
      outputTokens: 433,
      reasoningTokens: 33,
    });
  });

  test('finds thoughts that only the total tells, where the provider is known to count so', () => {
    const hidden = { input: 2061, output: 113, total: 2494 };
    expect(toTokenUsage(hidden, { ...PLAIN, totalHoldsReasoning: true })).toMatchObject({
      outputTokens: 433,
      reasoningTokens: 320,
    });
    expect(toTokenUsage({ ...hidden, outputIncludesReasoning: false }, PLAIN)).toMatchObject({
      outputTokens: 433,
      reasoningTokens: 320,
    });
    expect(toTokenUsage(hidden, PLAIN)).toMatchObject({ outputTokens: 113, reasoningTokens: 0 });
  });

  test('takes the input of embeddings from the total when only that is given', () => {
    expect(toTokenUsage({ total: 18 }, PLAIN)).toMatchObject({ inputTokens: 18, outputTokens: 0, state: 'reported' });
  });

  test('tells nothing given from zero given', () => {
    expect(toTokenUsage(undefined, PLAIN)).toEqual(MISSING_USAGE);
    expect(toTokenUsage(null, PLAIN)).toEqual(MISSING_USAGE);
    expect(toTokenUsage({ inputIncludesCache: true, estimated: true }, PLAIN)).toEqual(MISSING_USAGE);
    expect(toTokenUsage({ input: 0, output: 0 }, PLAIN)).toEqual({ ...MISSING_USAGE, state: 'reported' });
    expect(toTokenUsage({ input: 0, output: 0 }, { ...PLAIN, failed: true })).toEqual(MISSING_USAGE);
  });

  test('marks what the instrumentation counted itself', () => {
    expect(toTokenUsage({ input: 30, output: 21, estimated: true }, PLAIN).state).toBe('estimated');
  });

  test('counts writes that live an hour as a part of the writes', () => {
    expect(toTokenUsage({ input: 100, output: 1, cacheWrite1h: 40 }, PLAIN)).toMatchObject({
      cacheWriteTokens: 40,
      cacheWrite1hTokens: 40,
    });
    expect(toTokenUsage({ input: 100, output: 1, cacheWrite: 60, cacheWrite1h: 40 }, PLAIN)).toMatchObject({
      cacheWriteTokens: 60,
      cacheWrite1hTokens: 40,
    });
  });

  test('never gives a part that is larger than its total, nor a number that is not exact', () => {
    fc.assert(
      fc.property(raw, fc.boolean(), fc.boolean(), (usage, totalHoldsReasoning, failed) => {
        const tokens = toTokenUsage(usage, { totalHoldsReasoning, failed });
        const { state, ...counts } = tokens;
        expect(['missing', 'reported', 'estimated']).toContain(state);
        for (const value of Object.values(counts)) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        expect(tokens.cacheReadTokens + tokens.cacheWriteTokens).toBeLessThanOrEqual(tokens.inputTokens);
        expect(tokens.audioInputTokens).toBeLessThanOrEqual(tokens.inputTokens);
        expect(tokens.cacheWrite1hTokens).toBeLessThanOrEqual(tokens.cacheWriteTokens);
        expect(tokens.reasoningTokens + tokens.audioOutputTokens).toBeLessThanOrEqual(tokens.outputTokens);
      })
    );
  });

  test('gives the same buckets for an inclusive and an exclusive sender of the same answer', () => {
    const answer = fc.record({
      uncached: fc.nat(100_000),
      read: fc.nat(100_000),
      write: fc.nat(100_000),
      output: fc.nat(100_000),
    });
    fc.assert(
      fc.property(answer, ({ uncached, read, write, output }) => {
        const parts = { output, cacheRead: read, cacheWrite: write };
        const inclusive = toTokenUsage({ ...parts, input: uncached + read + write, inputIncludesCache: true }, PLAIN);
        expect(toTokenUsage({ ...parts, input: uncached, inputIncludesCache: false }, PLAIN)).toEqual(inclusive);
      })
    );
  });
});
