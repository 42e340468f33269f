import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { calcPrice } from '@pydantic/genai-prices';
import type { ModelInfo } from '@pydantic/genai-prices';
import { calculateCost } from './calculate-cost.ts';
import { loadPriceData } from './load-price-data.ts';
import type { PriceData } from './load-price-data.ts';
import { MODEL_ALIASES } from './model-aliases.ts';
import { createPriceBook } from './price-book.ts';
import type { PriceBook } from './price-book.ts';
import { REVIEWED_PRICES } from './reviewed-prices.ts';
import { selectRateCard } from './select-rate-card.ts';
import { splitUsage } from './split-usage.ts';
import { makeUsage, nanoseconds } from './testing/make-span.ts';

let data: PriceData;
let book: PriceBook;
beforeAll(async () => {
  data = await loadPriceData();
  book = createPriceBook(data);
});

it('names the version of the installed price data', () => {
  const directory = dirname(
    dirname(createRequire(join(process.cwd(), 'package.json')).resolve('@pydantic/genai-prices'))
  );
  const { version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version: string };
  expect(data.source).toBe(`genai-prices@${version}`);
  expect(book.source).toMatch(/^genai-prices@[\d.]+\+reviewed\.20\d\d-\d\d-\d\d\.[0-9a-f]{8}$/);
});

it('finds every id that the data lists by name, at its own provider, in any case', () => {
  const missed: string[] = [];
  for (const { id: provider, models } of data.providers) {
    for (const model of models) {
      for (const listed of JSON.stringify(model.match).matchAll(/"equals":("(?:[^"\\]|\\.)*")/g)) {
        const id = JSON.parse(listed[1] ?? '""') as string;
        const reviewed = REVIEWED_PRICES.some((entry) => entry.provider === provider && entry.ids?.includes(id));
        if (!reviewed && book.find(provider, id.toLowerCase())?.model !== model.id) missed.push(`${provider}/${id}`);
      }
    }
  }
  expect(missed).toEqual([]);
});

it('has a price, or a known reason for none, in every entry', () => {
  const unpriced = book
    .entries()
    .filter(({ validities }) => validities.some(({ allDay }) => allDay.contexts.length === 0));
  expect(unpriced.map(({ provider, model }) => `${provider}/${model}`)).toEqual([
    // Not offered any more, or without a price of any kind in the data.
    'cerebras/qwen-3-coder-480b',
    'huggingface_together/ServiceNow-AI/Apriel-1.6-15b-Thinker',
    'openrouter/gemini-2.5-pro-exp-03-25',
    'openrouter/google/gemini-flash-1.5-8b-exp',
    'openrouter/google/lyria-3-clip-preview',
    'openrouter/google/lyria-3-pro-preview',
  ]);
});

describe('the prices that were reviewed by hand', () => {
  const listed = (provider: string, model: string): ModelInfo | undefined =>
    data.providers.find(({ id }) => id === provider)?.models.find(({ id }) => id === model);

  it.each(REVIEWED_PRICES)('of $provider/$model name a page and a day, and $kind is what the data needs', (entry) => {
    expect([entry.source.startsWith('https://'), entry.asOf]).toEqual([
      true,
      expect.stringMatching(/^20\d\d-\d\d-\d\d$/),
    ]);
    const model = listed(entry.provider, entry.model);
    if (entry.kind === 'model') {
      // An entry that the data lists by now must go from ours.
      expect(model).toBeUndefined();
      for (const id of entry.ids ?? []) expect(book.find(entry.provider, id)?.model).toBe(entry.model);
      return;
    }
    expect(model).toBeDefined();
    if (entry.kind === 'gap') {
      for (const key of Object.keys(entry.prices[0]!.prices)) expect(model?.prices).not.toHaveProperty(key);
      return;
    }
    if (entry.kind === 'long') {
      // Tiers of the data, or another price, make ours wrong.
      const bases = Object.entries(entry.prices[0]!.prices).map(([key, value]) => [
        key,
        typeof value === 'object' ? value.base : value,
      ]);
      expect(model?.prices).toMatchObject(Object.fromEntries(bases) as object);
      return;
    }
    const starts = (Array.isArray(model?.prices) ? model.prices : []).map(({ constraint }) =>
      constraint?.type === 'start_date' ? constraint.start_date : ''
    );
    for (const { from = '' } of entry.prices) expect(starts).not.toContain(from);
  });
});

it('knows the target of every alias, and no alias hides an id of the data', () => {
  for (const [provider, aliases] of MODEL_ALIASES) {
    for (const [alias, id] of aliases) {
      expect(book.find(provider, alias)).toBe(book.find(provider, id));
      // An alias to nothing keeps an id unpriced.
      expect(book.find(provider, id) === undefined).toBe(id === '');
    }
  }
});

it('calculates what the package itself calculates, to its floating-point error, for every entry with plain token prices', () => {
  const usage = makeUsage({
    inputTokens: 150_000,
    cacheReadTokens: 40_000,
    cacheWriteTokens: 10_000,
    outputTokens: 7_000,
  });
  const timestamp = '2026-09-15T12:00:00Z';
  const terms = { timestampNs: nanoseconds(timestamp), serviceTier: '', region: '', provider: '' };
  const changedByHand = new Set(REVIEWED_PRICES.map(({ provider, model }) => `${provider}/${model}`));
  const differing: string[] = [];
  let compared = 0;
  for (const provider of data.providers) {
    for (const model of provider.models) {
      const entry = book.find(provider.id, model.id.toLowerCase().replace(/^regional\./, ''));
      const card =
        entry?.model === model.id ? selectRateCard(entry, { ...terms, inputTokens: usage.inputTokens }) : undefined;
      if (card === undefined || changedByHand.has(`${provider.id}/${model.id}`)) continue;
      const only = { ...provider, fallback_model_providers: [], models: [{ ...model, match: { equals: 'm' } }] };
      const theirs = calcPrice(
        { input_tokens: 150_000, cache_read_tokens: 40_000, cache_write_tokens: 10_000, output_tokens: 7_000 },
        'm',
        { provider: only, timestamp: new Date(timestamp) }
      );
      const ours = Number(calculateCost(card, splitUsage(usage)).totalPico) / 1e12;
      compared += 1;
      if (theirs === null || Math.abs(ours - theirs.total_price) > 1e-9)
        differing.push(`${card.priceId}: ${ours}, ${theirs?.total_price}`);
    }
  }
  expect(differing).toEqual([]);
  expect(compared).toBeGreaterThan(1_500);
});
