import type { ReviewedEntry } from './reviewed-prices.ts';

const XAI = { source: 'https://docs.x.ai/docs/models', asOf: '2025-10-21' };
/** "Higher context pricing": a request of 128,000 tokens or more is charged for all its tokens at the higher rate. */
const LONGEST_SHORT = 127_999;

/** Grok 4 and its fast models with long requests: twice the input and the output, cached input as before. The data has the base prices alone. */
export const LONG_GROK_PRICES: readonly ReviewedEntry[] = [
  long('grok-4-0709', 3, 15),
  ...[
    'grok-4-fast-reasoning',
    'grok-4-fast-non-reasoning',
    'grok-4-1-fast-reasoning',
    'grok-4-1-fast-non-reasoning',
  ].map((model) => long(model, 0.2, 0.5)),
];

function long(model: string, input: number, output: number): ReviewedEntry {
  const doubled = (base: number) => ({ base, tiers: [{ start: LONGEST_SHORT, price: base * 2 }] });
  const prices = { input_mtok: doubled(input), output_mtok: doubled(output) };
  return { provider: 'x-ai', model, kind: 'long', prices: [{ prices }], ...XAI };
}
