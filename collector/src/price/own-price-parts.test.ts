import fc from 'fast-check';
import type { GenAiSpan } from '../span.ts';
import { createCalculateRequest } from './calculate-request.ts';
import { formatPico, parsePico } from './decimal.ts';
import { createExplainSpan } from './explain-span.ts';
import { createFindOverride } from './find-override.ts';
import { loadPriceData } from './load-price-data.ts';
import { overrideRows, overridesOf } from './override-rows.ts';
import { createPriceBook, type PriceBook } from './price-book.ts';
import { createPriceGroup, type CallGroup } from './price-group.ts';
import type { PriceOverride } from './price-override.ts';
import { createPrice } from './price-span.ts';
import { readOverride } from './read-override.ts';
import { makeSpan, makeUsage, nanoseconds } from './testing/make-span.ts';

let book: PriceBook;
beforeAll(async () => {
  book = createPriceBook(await loadPriceData());
});

function own(body: object, more: Partial<PriceOverride> = {}): PriceOverride {
  const read = readOverride('own', { model: 'acme', ...body });
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  const kept = { version: 'v1', source: 'override' as const, workspace: 'shop', updatedBy: 'ada', updatedAtMs: 1 };
  return { ...read.draft, ...kept, ...more };
}

const call = (input: number, output: number, more: Partial<GenAiSpan> = {}, cached = 0): GenAiSpan =>
  makeSpan({
    workspace: 'shop',
    provider: '',
    requestModel: 'acme',
    responseModel: '',
    usage: makeUsage({ inputTokens: input, outputTokens: output, cacheReadTokens: cached }),
    ...more,
  });
const at = (time: string): Partial<GenAiSpan> => ({ timestampNs: nanoseconds(time) });

/** State, US dollars and price id. */
function costOf(override: PriceOverride, span: GenAiSpan): readonly string[] {
  const { state, totalPico, priceId } = createPrice(book, createFindOverride([override]))(span);
  return [state, formatPico(totalPico), priceId];
}

describe('own prices of long requests', () => {
  const long = own({
    price: { input: '3', output: '15', cache_read: '0.3' },
    tiers: [
      { above_input_tokens: 400_000, price: { input: '12' } },
      { above_input_tokens: 200_000, price: { input: '6', output: '22.5' } },
    ],
  });

  it.each<[string, number, number, number, string, string]>([
    ['at the edge it is short', 200_000, 1_000, 0, '0.615', 'override/own@v1'],
    // 200,001 × 6 + 1,000 × 22.5
    ['one more makes all tokens dearer', 200_001, 1_000, 0, '1.222506', 'override/own@v1#over-200000'],
    // 1 × 6 + 200,000 × 0.3 + 1,000 × 22.5: what the tier does not name keeps its price
    ['cached tokens count for the length', 200_001, 1_000, 200_000, '0.082506', 'override/own@v1#over-200000'],
    // 400,001 × 12 + 1,000 × 22.5
    ['and the next tier goes on from the one before', 400_001, 1_000, 0, '4.822512', 'override/own@v1#over-400000'],
    ['output does not count', 0, 1_000_000, 0, '15', 'override/own@v1'],
  ])('%s', (_, input, output, cached, usd, priceId) => {
    expect(costOf(long, call(input, output, {}, cached))).toEqual(['computed', usd, priceId]);
  });

  it('a discount has the tiers of the list price', () => {
    const half = own({ model: '', percent_off: 50 });
    const span = call(200_001, 1_000, {
      provider: 'anthropic',
      requestModel: 'claude-sonnet-4-5',
      ...at('2026-01-01T00:00:00Z'),
    });
    expect(costOf(half, span)).toEqual([
      'computed',
      '0.611253',
      'override/own@v1+anthropic/claude-sonnet-4-5@initial#over-200000',
    ]);
  });

  it('whatever the tiers: all tokens at the prices of the last tier they are above, also explained and calculated', () => {
    const amount = fc.nat(1_000_000).map((n) => (n / 10_000).toString());
    const tier = fc.record({ above_input_tokens: fc.integer({ min: 1, max: 2_000 }), input: amount, output: amount });
    const tiers = fc.uniqueArray(tier, { selector: (each) => each.above_input_tokens, maxLength: 4 });
    fc.assert(
      fc.property(amount, amount, tiers, fc.nat(3_000), fc.nat(3_000), (input, output, parts, sent, answered) => {
        const override = own({
          price: { input, output },
          tiers: parts.map(({ above_input_tokens, ...price }) => ({ above_input_tokens, price })),
        });
        let prices = { input, output };
        let above = 0;
        for (const part of parts)
          if (sent > part.above_input_tokens && part.above_input_tokens > above)
            [prices, above] = [part, part.above_input_tokens];
        // Dollars per million × 10^12 / 10^6 = pico-dollars a token; four digits leave no remainder.
        const expected =
          BigInt(sent) * (parsePico(prices.input)! / 1_000_000n) +
          BigInt(answered) * (parsePico(prices.output)! / 1_000_000n);
        const find = createFindOverride([override]);
        const span = call(sent, answered);
        const { cost, lines, override: named } = createExplainSpan(book, find)(span);
        expect([cost.totalPico, cost.priceId, named]).toEqual([
          expected,
          `override/own@v1${above === 0 ? '' : `#over-${above}`}`,
          cost.priceId,
        ]);
        expect(lines.reduce((sum, line) => sum + parsePico(line.cost_usd)!, 0n)).toBe(expected);
        const body = { model: 'acme', usage: { input_tokens: sent, output_tokens: answered } };
        expect(createCalculateRequest(book, () => 0, find)(body, 'shop')).toMatchObject({
          answer: { cost_usd: formatPico(expected), price_id: cost.priceId, price_source: 'override' },
        });
      })
    );
  });
});

describe('own prices of hours', () => {
  const night = own({
    price: { input: '2', output: '4' },
    hours: [{ from: '16:30', to: '00:30', price: { input: '1' } }],
  });

  it.each([
    ['2026-06-01T16:29:59.999Z', '6', 'override/own@v1'],
    ['2026-06-01T16:30:00Z', '5', 'override/own@v1~16:30-00:30'],
    ['2026-06-02T00:29:59.999Z', '5', 'override/own@v1~16:30-00:30'],
    ['2026-06-02T00:30:00Z', '6', 'override/own@v1'],
  ])('a call that starts at %s', (time, usd, priceId) => {
    expect(costOf(night, call(1_000_000, 1_000_000, at(time)))).toEqual(['computed', usd, priceId]);
  });
});

it('a price of requests alone is charged without token counts too, but not for a call that failed', () => {
  const picture = own({ price: { input: 0, output: 0, request: '40000' } });
  const silent = makeUsage({ state: 'missing' });
  expect(costOf(picture, call(0, 0, { usage: silent }))).toEqual(['computed', '0.04', 'override/own@v1']);
  expect(costOf(picture, call(0, 0, { usage: silent, status: 'error' }))).toEqual(['not_charged', '0', '']);
});

describe('the calculator', () => {
  const calculate = (body: object, ...overrides: PriceOverride[]) =>
    createCalculateRequest(book, () => 0, createFindOverride(overrides))({ model: 'acme', ...body }, 'shop');
  const gpus = own({ gpu_hour: { price: '3.6', gpus: 2, parallel_calls: 4 } });

  it('takes the time of machines paid by the hour, as a span would', () => {
    for (const duration of [2.5, '2.5'])
      expect(calculate({ duration_seconds: duration }, gpus)).toMatchObject({
        ok: true,
        answer: {
          cost_usd: '0.00125',
          parts: { request_cost_usd: '0.00125' },
          cost_state: 'computed',
          price_id: 'override/own@v1',
          price_source: 'override',
          lines: [{ unit: 'gpu_second', quantity: 1.25, usd_per_million: '1000', cost_usd: '0.00125' }],
        },
      });
    expect(costOf(gpus, call(5, 5, { durationNs: 2_500_000_000 }))).toEqual(['computed', '0.00125', 'override/own@v1']);
  });

  it('says what it would need when no duration is named', () => {
    expect(calculate({ usage: { input_tokens: 5 } }, gpus)).toMatchObject({
      ok: true,
      answer: {
        cost_usd: '0',
        cost_state: 'no_usage',
        price_id: 'override/own@v1',
        lines: [{ unit: 'gpu_second', quantity: 0, usd_per_million: '1000' }],
      },
    });
  });

  it.each([-1, 'long', 1e10, null])('refuses the duration %j', (duration) => {
    expect(calculate({ duration_seconds: duration }, gpus)).toEqual({
      ok: false,
      errors: [{ field: 'duration_seconds', message: 'must be a number of seconds from 0 to 1000000000' }],
    });
  });

  it('an unknown model is an answer', () => {
    expect(calculate({ usage: { input_tokens: 5 } })).toMatchObject({ ok: true, answer: { cost_state: 'unpriced' } });
  });

  it('counts one request, and one search of a reranker, as a span does', () => {
    expect(calculate({}, own({ price: { input: 0, output: 0, request: '40000' } }))).toMatchObject({
      answer: { cost_usd: '0.04', cost_state: 'computed' },
    });
    expect(calculate({ provider: 'cohere', model: 'rerank-v3.5' })).toMatchObject({
      answer: { cost_usd: '0.002', cost_state: 'computed' },
    });
  });
});

it('what rows hold is what was set', () => {
  const overrides = [
    own({
      price: { input: '3', output: '15' },
      tiers: [
        { above_input_tokens: 200_000, price: { input: '6' } },
        { above_input_tokens: 1_000_000, price: { output: '30' } },
      ],
      currency: 'EUR',
      usd_rate: '1.5',
      rate_date: '2026-01-01',
    }),
    own({
      price: { input: '3', output: '15' },
      hours: [
        { from: '20:00', to: '06:00', price: { input: '1' } },
        { from: '06:00', to: '08:00', price: { output: '2' } },
      ],
    }),
  ];
  const rows = overrides.map((each) => overrideRows(each));
  expect(
    rows.flat().map((row) => [row.price_id, row.tier_start_tokens, row.unit, row.amount, row.usd_per_million])
  ).toEqual([
    ['override/own@v1', 0, 'input', '3', '4.5'],
    ['override/own@v1', 0, 'output', '15', '22.5'],
    ['override/own@v1', 200_000, 'input', '6', '9'],
    ['override/own@v1', 1_000_000, 'output', '30', '45'],
    ['override/own@v1', 0, 'input', '3', '3'],
    ['override/own@v1', 0, 'output', '15', '15'],
    ['override/own@v1~06:00-08:00', 0, 'output', '2', '2'],
    ['override/own@v1~20:00-06:00', 0, 'input', '1', '1'],
  ]);
  // As the store gives them: 64-bit numbers are text there.
  const stored = rows.map((each) =>
    each.map((row) => ({ ...row, tier_start_tokens: String(row.tier_start_tokens), updated_at_ms: '1' })).reverse()
  );
  expect(stored.map((each) => overridesOf(each))).toEqual(overrides.map((each) => [each]));
});

describe('a group of calls', () => {
  const group = (priceId: string, more: Partial<CallGroup> = {}): CallGroup => ({
    workspace: 'shop',
    provider: '',
    model: 'acme',
    serviceTier: '',
    priceId,
    timestampNs: nanoseconds('2026-06-01T00:00:00Z'),
    calls: 2,
    durationNs: 0,
    usage: makeUsage({ inputTokens: 1_000_000 }),
    costPico: 7n,
    requestPico: 0n,
    ...more,
  });
  const night = own({
    price: { input: '2', output: '4' },
    hours: [{ from: '00:00', to: '06:15', price: { input: '1' } }],
  });
  const long = own({
    price: { input: '2', output: '4' },
    tiers: [{ above_input_tokens: 600_000, price: { input: '1' } }],
  });

  it.each(['override/own@v1', 'override/own@v1~00:00-06:15'])('at the hours of %s keeps its cost', (priceId) => {
    expect(createPriceGroup(book, [night])(group(priceId))).toEqual({
      priceId,
      costPico: 7n,
      estimate: false,
    });
  });

  it.each(['deepseek/deepseek-v4-pro@2026-08-23', 'deepseek/deepseek-v4-pro@2026-08-23~01:00-04:00'])(
    'at the list price of hours, %s, keeps its cost',
    (priceId) => {
      const facts = {
        provider: 'deepseek',
        model: 'deepseek-v4-pro',
        timestampNs: nanoseconds('2026-08-25T00:00:00Z'),
      };
      expect(createPriceGroup(book, [])(group(priceId, facts))).toEqual({
        priceId,
        costPico: 7n,
        estimate: false,
      });
    }
  );

  it('whose hours or lengths nothing tells is an estimate', () => {
    expect(createPriceGroup(book, [night])(group(''))).toEqual({
      priceId: 'override/own@v1~00:00-06:15',
      costPico: parsePico('1'),
      estimate: true,
    });
    expect(createPriceGroup(book, [long])(group(''))).toEqual({
      priceId: 'override/own@v1',
      costPico: parsePico('2'),
      estimate: true,
    });
  });
});
