import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';
import { priceRows } from './price-rows.ts';
import type { PriceRow } from './price-rows.ts';
import { REVIEWED_PRICES } from './reviewed-prices.ts';

let rows: readonly PriceRow[];
let source: string;
beforeAll(async () => {
  const data = await loadPriceData();
  const book = createPriceBook(data);
  rows = priceRows(book);
  source = book.source;
});

function rowsOf(model: string): string[] {
  return rows
    .filter((row) => `${row.provider}/${row.model}` === model)
    .map(
      (row) =>
        `${row.price_id} [${row.valid_from},${row.valid_to}) ${row.unit} >${row.tier_start_tokens} ${row.usd_per_million}`
    );
}

it('gives every unit of an entry a row', () => {
  expect(rowsOf('anthropic/claude-haiku-4-5')).toEqual([
    'anthropic/claude-haiku-4-5@initial [,) input >0 1',
    'anthropic/claude-haiku-4-5@initial [,) cache_read >0 0.1',
    'anthropic/claude-haiku-4-5@initial [,) cache_write >0 1.25',
    'anthropic/claude-haiku-4-5@initial [,) cache_write_1h >0 2',
    'anthropic/claude-haiku-4-5@initial [,) output >0 5',
    'anthropic/claude-haiku-4-5@initial [,) web_search >0 10000',
  ]);
});

it('gives a price that changed one row for each validity', () => {
  expect(rowsOf('openai/o3').filter((row) => / (?:input|output) /.test(row))).toEqual([
    'openai/o3@initial [,2025-06-10) input >0 10',
    'openai/o3@initial [,2025-06-10) output >0 40',
    'openai/o3@2025-06-10 [2025-06-10,) input >0 2',
    'openai/o3@2025-06-10 [2025-06-10,) output >0 8',
  ]);
});

it('gives each length of context and each part of the day rows of its own', () => {
  expect(rowsOf('google/gemini-2.5-pro').filter((row) => row.includes(' output '))).toEqual([
    'google/gemini-2.5-pro@initial [,) output >0 10',
    'google/gemini-2.5-pro@initial [,) output >200000 15',
  ]);
  expect(rowsOf('deepseek/deepseek-chat').filter((row) => row.includes(' output '))).toEqual([
    'deepseek/deepseek-chat@initial [,2025-09-05T16:00) output >0 0.55',
    'deepseek/deepseek-chat@initial~00:30-16:30 [,2025-09-05T16:00) output >0 1.1',
    'deepseek/deepseek-chat@2025-09-05T16:00 [2025-09-05T16:00,2025-09-29) output >0 1.68',
    'deepseek/deepseek-chat@2025-09-29 [2025-09-29,2026-04-24) output >0 0.42',
    'deepseek/deepseek-chat@2026-04-24 [2026-04-24,2026-04-26) output >0 0.28',
    'deepseek/deepseek-chat@2026-04-26 [2026-04-26,) output >0 0.28',
  ]);
});

it('writes prices exactly, without the noise of floating-point numbers', () => {
  // Prices per hour are no round numbers of a millisecond.
  const perToken = rows.filter(({ unit }) => unit !== 'audio_millisecond');
  const odd = perToken.filter(({ usd_per_million: price }) => !/^\d+(?:\.\d{1,6})?$/.test(price));
  expect([...new Set(odd.map(({ usd_per_million: price }) => price))]).toEqual(['0.08333333333333334']);
});

it('has each key once', () => {
  const keys = rows.map((row) => `${row.price_id} ${row.unit} ${row.tier_start_tokens}`);
  expect(new Set(keys).size).toBe(keys.length);
});

it('names the source of every price', () => {
  const reviewed = REVIEWED_PRICES.filter(({ kind }) => kind === 'change' || kind === 'model');
  const pages = reviewed.map((entry) => `${entry.source} (${entry.asOf})`);
  expect(new Set(rows.map((row) => row.source))).toEqual(new Set([source, ...pages]));
});
