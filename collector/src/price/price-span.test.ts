import fc from 'fast-check';
import type { Cost, GenAiSpan } from '../span.ts';
import { MAX_PICO } from './calculate-cost.ts';
import { formatPico, parsePico } from './decimal.ts';
import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';
import { createPrice } from './price-span.ts';
import type { Price } from './price-span.ts';
import { makeSpan, makeUsage, nanoseconds } from './testing/make-span.ts';

let price: Price;
beforeAll(async () => {
  price = createPrice(createPriceBook(await loadPriceData()));
});

const NOTHING: Cost = {
  state: 'unpriced',
  priceId: '',
  totalPico: 0n,
  inputPico: 0n,
  outputPico: 0n,
  cacheReadPico: 0n,
  cacheWritePico: 0n,
  requestPico: 0n,
  cacheSavingsPico: 0n,
  reportedPico: 0n,
  clamped: false,
};

const MISSING = makeUsage({ state: 'missing' });
const CLAIM = { reportedCostUsd: '0.5', reportedPico: 500_000_000_000n };

describe('the state of a cost', () => {
  it('is computed for a known model with tokens', () => {
    expect(price(makeSpan())).toEqual({
      ...NOTHING,
      state: 'computed',
      priceId: 'openai/gpt-4o-mini@initial',
      totalPico: 210_000_000n,
      inputPico: 150_000_000n,
      outputPico: 60_000_000n,
    });
  });

  it('is computed for tokens that the instrumentation estimated', () => {
    const usage = makeUsage({ state: 'estimated', inputTokens: 1_000 });
    expect(price(makeSpan({ usage }))).toMatchObject({ state: 'computed', totalPico: 150_000_000n });
  });

  it.each<[Cost['state'], string, Partial<GenAiSpan>]>([
    ['not_billable', 'a span that is not billable', { billable: false }],
    ['not_billable', 'a wrapper around an unknown model', { billable: false, responseModel: 'x', requestModel: 'x' }],
    ['not_charged', 'a failed call without usage', { status: 'error', usage: MISSING }],
    ['not_charged', 'a failed call with zero tokens', { status: 'error', usage: makeUsage() }],
    ['no_usage', 'a call without usage', { usage: MISSING }],
    ['no_usage', 'a call without usage of an unknown model', { usage: MISSING, requestModel: 'x', responseModel: 'x' }],
  ])('is %s for %s, whatever was claimed', (state, _name, fields) => {
    expect(price(makeSpan(fields))).toEqual({ ...NOTHING, state });
    const claimed = price(makeSpan({ ...fields, reportedCostUsd: CLAIM.reportedCostUsd }));
    expect(claimed).toEqual({ ...NOTHING, state, reportedPico: CLAIM.reportedPico });
  });

  it.each<[string, Partial<GenAiSpan>]>([
    ['an unknown model', { requestModel: 'my-model', responseModel: '' }],
    ['a model that is sold by the hour', { requestModel: 'whisper-1', responseModel: 'whisper-1' }],
    ["a model on a machine of one's own", { provider: 'ollama', requestModel: 'gpt-4o', responseModel: '' }],
  ])('is unpriced for %s', (_name, fields) => {
    expect(price(makeSpan(fields))).toEqual(NOTHING);
  });

  it('is computed for a failed call that still reported tokens', () => {
    expect(price(makeSpan({ status: 'error' }))).toMatchObject({ state: 'computed', totalPico: 210_000_000n });
  });

  it('is computed, with a total of 0, for a successful call of a paid model that reported no tokens', () => {
    expect(price(makeSpan({ usage: makeUsage() }))).toMatchObject({ state: 'computed', totalPico: 0n });
  });

  it('is free for a model without a price by intention', () => {
    const moderation = makeSpan({ requestModel: 'omni-moderation-latest', responseModel: 'omni-moderation-latest' });
    expect(price(moderation)).toEqual({ ...NOTHING, state: 'free', priceId: 'openai/moderation@initial' });
  });

  it('is reported for an unknown model whose instrumentation claims a cost; the request part holds it', () => {
    expect(
      price(makeSpan({ requestModel: 'my-model', responseModel: '', reportedCostUsd: CLAIM.reportedCostUsd }))
    ).toEqual({
      ...NOTHING,
      state: 'reported',
      totalPico: CLAIM.reportedPico,
      requestPico: CLAIM.reportedPico,
      reportedPico: CLAIM.reportedPico,
    });
  });
});

describe('what the instrumentation claimed', () => {
  it('stands beside the computed cost and never replaces it', () => {
    const cost = price(makeSpan({ reportedCostUsd: '1.5e-05' }));
    expect([cost.totalPico, cost.reportedPico]).toEqual([210_000_000n, 15_000_000n]);
  });

  it.each(['-0.25', '0', 'NaN', 'free'])(
    'is not taken for the price of an unknown model when it is %s',
    (reportedCostUsd) => {
      const cost = price(makeSpan({ requestModel: 'my-model', responseModel: '', reportedCostUsd }));
      expect(cost).toEqual({ ...NOTHING, reportedPico: parsePico(reportedCostUsd) ?? 0n });
    }
  );

  it('is cut at 999,999 dollars and marked', () => {
    const cost = price(makeSpan({ requestModel: 'my-model', responseModel: '', reportedCostUsd: '1e9' }));
    expect(cost).toEqual({
      ...NOTHING,
      state: 'reported',
      totalPico: MAX_PICO,
      requestPico: MAX_PICO,
      reportedPico: MAX_PICO,
      clamped: true,
    });
  });
});

describe('the time of a price', () => {
  const deepSeek = (time: string): string => {
    const cost = price(
      makeSpan({
        provider: 'deepseek',
        requestModel: 'deepseek-v4-flash',
        responseModel: 'deepseek-v4-flash',
        timestampNs: nanoseconds(time),
        usage: makeUsage({ inputTokens: 1_000_000, outputTokens: 1_000_000 }),
      })
    );
    return `${formatPico(cost.totalPico)} ${cost.priceId}`;
  };

  it.each([
    ['2026-08-16T15:59:59.999Z', '0.42 deepseek/deepseek-v4-flash@initial'],
    ['2026-08-16T16:00:00Z', '0.88 deepseek/deepseek-v4-flash@2026-08-16T16:00'],
    ['2026-08-17T00:00:00Z', '0.88 deepseek/deepseek-v4-flash@2026-08-17'],
    ['2026-08-17T00:59:59.999Z', '0.88 deepseek/deepseek-v4-flash@2026-08-17'],
    ['2026-08-17T01:00:00Z', '1.76 deepseek/deepseek-v4-flash@2026-08-17~01:00-04:00'],
    ['2026-08-17T03:59:59.999Z', '1.76 deepseek/deepseek-v4-flash@2026-08-17~01:00-04:00'],
    ['2026-08-17T04:00:00Z', '0.88 deepseek/deepseek-v4-flash@2026-08-17'],
    ['2026-08-17T06:00:00Z', '1.76 deepseek/deepseek-v4-flash@2026-08-17~06:00-10:00'],
    ['2026-08-17T10:00:00Z', '0.88 deepseek/deepseek-v4-flash@2026-08-17'],
    // Saturdays had peak hours until the weekend of 23 August.
    ['2026-08-22T02:00:00Z', '1.76 deepseek/deepseek-v4-flash@2026-08-17~01:00-04:00'],
    ['2026-08-23T02:00:00Z', '0.88 deepseek/deepseek-v4-flash@2026-08-23'],
    ['2026-08-24T02:00:00Z', '1.76 deepseek/deepseek-v4-flash@2026-08-23~01:00-04:00'],
    ['2026-09-11T02:00:00Z', '1.5 deepseek/deepseek-v4-flash@2026-09-10T04:00~01:00-04:00'],
    ['2026-09-12T02:00:00Z', '0.75 deepseek/deepseek-v4-flash@2026-09-10T04:00'],
    // National Day of China, a Thursday.
    ['2026-10-01T02:00:00Z', '0.75 deepseek/deepseek-v4-flash@2026-09-10T04:00'],
    ['2026-10-08T02:00:00Z', '1.5 deepseek/deepseek-v4-flash@2026-09-10T04:00~01:00-04:00'],
  ])('at %s is %s', (time, expected) => {
    expect(deepSeek(time)).toBe(expected);
  });

  it('does not let hours reach back before the price they came with', () => {
    expect(deepSeek('2026-07-01T02:00:00Z')).toBe('0.42 deepseek/deepseek-v4-flash@initial');
  });

  it('is the first known price before any date, even before 1970', () => {
    const o3 = makeSpan({ requestModel: 'o3', responseModel: 'o3', timestampNs: -1_000_000_000n });
    expect(price(o3).priceId).toBe('openai/o3@initial');
  });

  it('may lie in the future', () => {
    const flash = (time: string): string =>
      price(
        makeSpan({
          provider: 'gcp.gemini',
          requestModel: 'gemini-3.6-flash',
          responseModel: '',
          timestampNs: nanoseconds(time),
        })
      ).priceId;
    expect([flash('2026-12-31T23:59:59Z'), flash('2027-01-01T00:00:00Z')]).toEqual([
      'google/gemini-3.6-flash@initial',
      'google/gemini-3.6-flash@2027-01-01',
    ]);
  });
});

describe('failures that users of other tools reported', () => {
  const sonnet = {
    provider: 'anthropic',
    requestModel: 'claude-sonnet-4-5',
    responseModel: 'claude-sonnet-4-5-20250929',
  };

  it('cached tokens are not billed a second time as input', () => {
    const usage = makeUsage({ inputTokens: 100_000, cacheReadTokens: 99_000, outputTokens: 100 });
    expect(formatPico(price(makeSpan({ ...sonnet, usage })).totalPico)).toBe('0.0342');
  });

  it('cached tokens are not billed as output', () => {
    const usage = makeUsage({ inputTokens: 13_353, cacheReadTokens: 13_253, outputTokens: 10 });
    const cost = price(makeSpan({ ...sonnet, usage }));
    expect([formatPico(cost.cacheReadPico), formatPico(cost.outputPico)]).toEqual(['0.0039759', '0.00015']);
  });

  it('a wrapper that repeats the usage of its call costs nothing', () => {
    expect(price(makeSpan({ ...sonnet, operation: 'invoke_agent', billable: false })).totalPico).toBe(0n);
  });

  it('a cost claimed below zero does not lower the total', () => {
    expect(price(makeSpan({ ...sonnet, reportedCostUsd: '-3' }))).toMatchObject({
      state: 'computed',
      totalPico: 4_500_000_000n,
    });
  });

  it('the price of a model is not the price of another whose name it starts with', () => {
    expect(price(makeSpan({ requestModel: 'gpt-4o-mini', responseModel: 'gpt-4o-mini' })).priceId).toBe(
      'openai/gpt-4o-mini@initial'
    );
    expect(price(makeSpan({ requestModel: 'gpt-4-turbo-foo', responseModel: '' })).state).toBe('unpriced');
  });

  it('a model with its vendor before a slash has a price', () => {
    expect(price(makeSpan({ requestModel: 'openai/gpt-4o', responseModel: '' })).priceId).toBe('openai/gpt-4o@initial');
  });
});

describe('fees for searches', () => {
  const sonnet = { provider: 'anthropic', requestModel: 'claude-sonnet-4-5', responseModel: 'claude-sonnet-4-5' };

  it('are billed per search that the provider counted, in the request part', () => {
    const attributes = new Map([['gen_ai.usage.details.web_search_requests', '3']]);
    expect(price(makeSpan({ ...sonnet, attributes }))).toMatchObject({
      totalPico: 34_500_000_000n,
      requestPico: 30_000_000_000n,
    });
  });

  it.each(['', 'three', '-1', '1.5', '1e400'])('are 0 when the count is %j', (count) => {
    const attributes = new Map([['gen_ai.usage.details.web_search_requests', count]]);
    expect(price(makeSpan({ ...sonnet, attributes })).requestPico).toBe(0n);
  });
});

it('never throws, and the parts always sum to the total', () => {
  const number = fc.oneof(fc.nat(), fc.double(), fc.constant(Number.MAX_SAFE_INTEGER));
  const span = fc.record({
    provider: fc.oneof(fc.constantFrom('openai', 'anthropic', 'gcp.gemini', ''), fc.string()),
    requestModel: fc.oneof(fc.constantFrom('gpt-5.4', 'claude-sonnet-4-5', 'gemini-2.5-pro'), fc.string()),
    responseModel: fc.string(),
    serviceTier: fc.oneof(fc.constantFrom('batch', 'flex', 'priority', 'default'), fc.string()),
    reportedCostUsd: fc.oneof(fc.string(), fc.double().map(String)),
    timestampNs: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }),
    billable: fc.boolean(),
    status: fc.constantFrom('unset' as const, 'error' as const),
    counts: fc.record({
      inputTokens: number,
      outputTokens: number,
      cacheReadTokens: number,
      cacheWriteTokens: number,
      audioInputTokens: number,
    }),
  });
  fc.assert(
    fc.property(span, ({ counts, ...fields }) => {
      const cost = price(makeSpan({ ...fields, usage: makeUsage(counts) }));
      expect(cost.totalPico).toBe(
        cost.inputPico + cost.outputPico + cost.cacheReadPico + cost.cacheWritePico + cost.requestPico
      );
    })
  );
});
