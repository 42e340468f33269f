import fc from 'fast-check';
import type { GenAiSpan } from '../span.ts';
import { parsePico } from './decimal.ts';
import { createExplainSpan } from './explain-span.ts';
import { createFindOverride } from './find-override.ts';
import { loadPriceData } from './load-price-data.ts';
import { latestOverrides, overrideRows, overridesOf } from './override-rows.ts';
import { createPriceBook, type PriceBook } from './price-book.ts';
import { createPriceGroup } from './price-group.ts';
import type { PriceOverride } from './price-override.ts';
import { createPrice } from './price-span.ts';
import { readOverride } from './read-override.ts';
import { makeSpan, makeUsage } from './testing/make-span.ts';

let book: PriceBook;
beforeAll(async () => {
  book = createPriceBook(await loadPriceData());
});

const DAY_NS = 86_400_000_000_000n;
const NOON = BigInt(Date.parse('2026-03-02T12:00:00Z')) * 1_000_000n;

function override(id: string, body: object, more: Partial<PriceOverride> = {}): PriceOverride {
  const read = readOverride(id, body);
  if (!read.ok) throw new Error(JSON.stringify(read.errors));
  return {
    ...read.draft,
    version: 'v1',
    source: 'override',
    workspace: 'shop',
    updatedBy: 'ada',
    updatedAtMs: 1,
    ...more,
  };
}

const span = (more: Partial<GenAiSpan> & { input?: number; output?: number; cached?: number } = {}): GenAiSpan => {
  const { input = 1_000, output = 100, cached = 0, ...rest } = more;
  return makeSpan({
    workspace: 'shop',
    timestampNs: NOON,
    provider: 'openai',
    requestModel: 'gpt-4o',
    responseModel: 'gpt-4o-2024-11-20',
    ...rest,
    usage: makeUsage({ inputTokens: input, outputTokens: output, cacheReadTokens: cached }),
  });
};

const idsOf = (overrides: readonly PriceOverride[], facts: Partial<GenAiSpan>): string | undefined =>
  createFindOverride(overrides)(span(facts), () => book.find('openai', 'gpt-4o'))?.override.id;

describe('which override holds', () => {
  const price = { input: '1', output: '1' };

  it.each<[string, object, Partial<GenAiSpan>, boolean]>([
    ['the model that answered', { model: 'gpt-4o-2024-11-20', price }, {}, true],
    ['the model that was asked for, in any case', { model: 'GPT-4o', price }, {}, true],
    ['never a part of a name', { model: 'gpt-4', price }, {}, false],
    ['the entry of the price list', { model: 'gpt-4o', price }, { requestModel: 'router' }, true],
    ['its provider alone', { provider: 'azure.ai.openai', model: 'gpt-4o', price }, {}, false],
    ['its tier alone', { model: 'gpt-4o', service_tier: 'flex', price }, {}, false],
    ['its tier, in any case', { model: 'gpt-4o', service_tier: 'flex', price }, { serviceTier: 'FLEX' }, true],
    ['its region alone', { model: 'gpt-4o', region: 'eu-west-1', price }, { region: 'us-east-1' }, false],
    ['its region', { model: 'gpt-4o', region: 'eu-west-1', price }, { region: 'eu-west-1' }, true],
    ['another workspace never', { model: 'gpt-4o', price }, { workspace: 'other' }, false],
    ['from its first day', { model: 'gpt-4o', valid_from: '2026-03-02', price }, {}, true],
    ['not before', { model: 'gpt-4o', valid_from: '2026-03-03', price }, {}, false],
    ['not on its last day', { model: 'gpt-4o', valid_to: '2026-03-02', price }, {}, false],
    [
      'until the nanosecond before',
      { model: 'gpt-4o', valid_to: '2026-03-03', price },
      { timestampNs: NOON + DAY_NS / 2n - 1n },
      true,
    ],
  ])('%s', (_, body, facts, holds) => {
    expect(idsOf([override('it', body)], facts)).toBe(holds ? 'it' : undefined);
  });

  it('the more specific wins, whatever the order they come in', () => {
    const all = [
      override('for-all', { model: 'gpt-4o', price }, { workspace: '' }),
      override('any-model', { percent_off: 10 }),
      override('any-provider', { model: 'gpt-4o', price }),
      override('provider', { model: 'gpt-4o', provider: 'openai', price }),
      override('tier', { model: 'gpt-4o', provider: 'openai', service_tier: 'batch', price }),
      override('later', { model: 'gpt-4o', provider: 'openai', valid_from: '2026-03-01', price }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (overrides) => {
        expect(idsOf(overrides, { serviceTier: 'batch' })).toBe('tier');
        expect(idsOf(overrides, {})).toBe('later');
        expect(idsOf(overrides, { timestampNs: NOON - 30n * DAY_NS })).toBe('provider');
        expect(idsOf(overrides, { provider: 'azure.ai.openai' })).toBe('any-provider');
        expect(idsOf(overrides, { workspace: 'other' })).toBe('for-all');
      })
    );
  });
});

describe('what a call costs then', () => {
  const costOf = (own: PriceOverride, of: GenAiSpan) => createPrice(book, createFindOverride([own]))(of);

  it('a price in another currency, exactly', () => {
    const own = override('eur', {
      model: 'gpt-4o',
      price: { input: '0.1', output: '0.3', cache_read: '0.05' },
      currency: 'EUR',
      usd_rate: '1.0837',
      rate_date: '2026-03-01',
    });
    expect(costOf(own, span({ input: 1_001, output: 7, cached: 1_000 }))).toMatchObject({
      state: 'computed',
      priceId: 'override/eur@v1',
      inputPico: 108_370n,
      cacheReadPico: 54_185_000n,
      outputPico: 2_275_770n,
      totalPico: 56_569_140n,
    });
  });

  it('a percentage off the list price, and its entry stays to be seen', () => {
    const list = createPrice(book)(span());
    const own = override('deal', { percent_off: '12.5' });
    expect(costOf(own, span())).toMatchObject({
      priceId: `override/deal@v1+${list.priceId}`,
      totalPico: (list.totalPico * 875n) / 1_000n,
    });
    expect(costOf(override('free', { percent_off: 100 }), span())).toMatchObject({ state: 'free', totalPico: 0n });
  });

  it('an amount off, never below zero; reasoning is output', () => {
    const own = override('off', { model: 'gpt-4o', amount_off: { output: '4', input: '1000' } });
    expect(costOf(own, span({ input: 1_000_000, output: 1_000_000 }))).toMatchObject({
      inputPico: 0n,
      outputPico: parsePico('6'),
    });
  });

  it('a discount on a price that nobody knows leaves the call unpriced', () => {
    const unknown = span({ requestModel: 'acme', responseModel: 'acme' });
    expect(costOf(override('deal', { percent_off: 10 }), unknown)).toMatchObject({ state: 'unpriced', priceId: '' });
  });

  it('machines by the hour cost their time, shared, also for calls that failed or told no tokens', () => {
    const own = override('gpus', { model: 'llama', gpu_hour: { price: '2.5', gpus: 8, parallel_calls: 3 } });
    const call = { requestModel: 'llama', responseModel: '', provider: 'vllm', durationNs: 1_500_000_000 };
    const expected = { state: 'computed', requestPico: 2_777_777_778n, totalPico: 2_777_777_778n };
    expect(costOf(own, span(call))).toMatchObject(expected);
    const silent = { ...span(call), status: 'error' as const, usage: makeUsage({ state: 'missing' }) };
    expect(costOf(own, silent)).toMatchObject(expected);
    expect(costOf(own, { ...span(call), billable: false })).toMatchObject({ state: 'not_billable', totalPico: 0n });
  });

  it('the lines of the explanation add up to the cost for every kind', () => {
    const own = fc.constantFrom(
      override('a', { model: 'gpt-4o', price: { input: '1.25', output: '10', cache_read: '0.5' } }),
      override('b', { percent_off: '7.5' }),
      override('c', { amount_off: { input: '0.5', output: '1' } }),
      override('d', { model: 'gpt-4o', gpu_hour: { price: '3.6' } })
    );
    const tokens = fc.nat(1_000_000);
    fc.assert(
      fc.property(own, tokens, tokens, (which, input, output) => {
        const explained = createExplainSpan(
          book,
          createFindOverride([which])
        )(span({ input, output, cached: input >> 1 }));
        const lines = explained.lines.map(({ cost_usd: usd }) => parsePico(usd)!);
        expect(lines.reduce((sum, pico) => sum + pico, 0n)).toBe(explained.cost.totalPico);
        expect(explained.override).toBe(`override/${which.id}@v1`);
      })
    );
  });
});

it('what rows hold is what was set', () => {
  const all = [
    override('a', { model: 'm', price: { input: '1', output: 0, request: '2500' }, note: 'why' }),
    override('b', { percent_off: 5, valid_from: '2026-01-01', valid_to: '2026-07-01' }, { workspace: '' }),
    override('c', {
      model: 'm',
      gpu_hour: { price: 2, gpus: 4 },
      currency: 'CHF',
      usd_rate: 1.2,
      rate_date: '2026-01-01',
    }),
  ];
  const stored = (one: PriceOverride) =>
    overrideRows(one).map((row) => ({ ...row, updated_at_ms: String(one.updatedAtMs) }));
  const rows = all.flatMap(stored);
  expect(rows.map(({ unit, usd_per_million: usd }) => [unit, usd])).toEqual([
    ['input', '1'],
    ['output', '0'],
    ['request', '2500'],
    ['all', '0'],
    ['gpu_second', '666.666666666667'],
  ]);
  const back = overridesOf([
    ...rows,
    ...stored(override('a', { model: 'm', price: { input: '9', output: '9' } }, { version: 'v0', updatedAtMs: 0 })),
  ]);
  expect(back.map(({ id, version }) => id + version)).toEqual(['bv1', 'av0', 'av1', 'cv1']);
  expect(latestOverrides(back.toReversed()).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(all);
});

it('a group of calls costs what its calls cost, where sums can tell', () => {
  const own = [override('own', { model: 'acme', price: { input: '2.5', output: '10', cache_read: '0.25' } })];
  const calls = fc.array(fc.record({ input: fc.nat(100_000), output: fc.nat(10_000) }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(calls, (each) => {
      const spans = each.map(({ input, output }) =>
        span({ input, output, cached: input >> 2, requestModel: 'acme', responseModel: '' })
      );
      const price = createPrice(book, createFindOverride(own));
      const sum = (of: (one: GenAiSpan) => number): number => spans.reduce((total, one) => total + of(one), 0);
      const group = createPriceGroup(
        book,
        own
      )({
        workspace: 'shop',
        provider: 'openai',
        model: 'acme',
        serviceTier: '',
        priceId: '',
        timestampNs: NOON,
        calls: spans.length,
        durationNs: 0,
        usage: {
          ...spans[0]!.usage,
          inputTokens: sum(({ usage }) => usage.inputTokens),
          outputTokens: sum(({ usage }) => usage.outputTokens),
          cacheReadTokens: sum(({ usage }) => usage.cacheReadTokens),
        },
        costPico: 0n,
        requestPico: 0n,
      });
      const costPico = spans.reduce((total, one) => total + price(one).totalPico, 0n);
      expect(group).toEqual({ priceId: 'override/own@v1', costPico, estimate: false });
    })
  );
});

it('reading never throws, whatever is written', () => {
  fc.assert(fc.property(fc.anything(), fc.anything(), (id, body) => typeof readOverride(id, body).ok === 'boolean'));
});
