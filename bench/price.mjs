/**
 * How many spans per second one core prices, and how long the price book takes to start.
 * Run alone: `npm run build && node bench/price.mjs`.
 */
import { pathToFileURL } from 'node:url';
import { loadPriceData } from '../collector/dist/price/load-price-data.js';
import { createPriceBook } from '../collector/dist/price/price-book.js';
import { createPrice } from '../collector/dist/price/price-span.js';
import { priceRows } from '../collector/dist/price/price-rows.js';

const SPANS = 10_000;
const ROUNDS = 40;

const MODELS = [
  ['openai', 'gpt-4o-mini', 'gpt-4o-mini-2024-07-18'],
  ['openai', 'gpt-5-mini', 'gpt-5-mini-2025-08-07'],
  ['openai', 'gpt-4o', 'gpt-4o-2024-08-06'],
  ['anthropic', 'claude-sonnet-4-5', 'claude-sonnet-4-5-20250929'],
  ['gcp.gemini', 'gemini-2.5-flash', 'gemini-2.5-flash'],
  ['aws.bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', ''],
  ['openai', 'text-embedding-3-small', 'text-embedding-3-small'],
  ['deepseek', 'deepseek-chat', 'deepseek-chat'],
];

/** Spans as they come from a decoder: every string is a string of its own. */
function makeSpans() {
  return Array.from({ length: SPANS }, (_, index) => {
    const [provider, requestModel, responseModel] = MODELS[index % MODELS.length].map((text) =>
      Buffer.from(text).toString()
    );
    const inputTokens = 200 + (index % 5_000);
    const cacheReadTokens = index % 3 === 0 ? inputTokens >> 1 : 0;
    return {
      timestampNs: 1_750_000_000_000_000_000n + BigInt(index) * 1_000_000_000n,
      provider,
      requestModel,
      responseModel,
      usage: {
        state: 'reported',
        inputTokens,
        outputTokens: 50 + (index % 900),
        cacheReadTokens,
        cacheWriteTokens: 0,
        cacheWrite1hTokens: 0,
        reasoningTokens: 0,
        audioInputTokens: 0,
        audioOutputTokens: 0,
      },
      reportedCostUsd: '',
      serviceTier: index % 4 === 0 ? 'default' : '',
      region: '',
      billable: true,
      status: 'ok',
      attributes: new Map([['a', 'b']]),
    };
  });
}

export async function run() {
  const data = await loadPriceData();
  const started = performance.now();
  const book = createPriceBook(data);
  const price = createPrice(book);
  const startMs = performance.now() - started;

  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const spans = makeSpans();
    const before = process.hrtime.bigint();
    let total = 0n;
    for (const span of spans) total += price(span).totalPico;
    const seconds = Number(process.hrtime.bigint() - before) / 1e9;
    if (total <= 0n) throw new Error('nothing was priced');
    best = Math.max(best, SPANS / seconds);
  }
  const beforeRows = performance.now();
  const rows = priceRows(book).length;
  const rowsMs = performance.now() - beforeRows;
  return [
    { name: 'price: spans per second, one core (best round)', value: Math.round(best), unit: 'spans/s' },
    { name: 'price: compile the book at start', value: Math.round(startMs * 10) / 10, unit: 'ms' },
    { name: `price: export all ${rows} price rows`, value: Math.round(rowsMs), unit: 'ms' },
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of await run()) process.stdout.write(`${name}: ${value} ${unit}\n`);
}
