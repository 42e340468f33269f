import type { ReviewedEntry } from './reviewed-prices.ts';
import type { PriceTable } from './unit-prices.ts';

const ANTHROPIC = { source: 'https://www.anthropic.com/news/1m-context', asOf: '2025-08-12' };
const BEDROCK = { source: 'https://aws.amazon.com/bedrock/pricing/', asOf: '2025-09-30' };

const SONNET = long(3, 3.75, 0.3, 15);
/** Writes for an hour cost twice the input, in both lengths. */
const SONNET_4 = { ...SONNET, cache_write_1h_mtok: { base: 6, tiers: [{ start: 200_000, price: 12 }] } };

/**
 * Claude Sonnet 4 and 4.5 with more than 200,000 tokens of input, which only the beta of the long context took: twice the input and one
 * and a half times the output. The data has these prices for Sonnet 4.5 at Anthropic and Google alone.
 */
export const LONG_SONNET_PRICES: readonly ReviewedEntry[] = [
  { provider: 'anthropic', model: 'claude-sonnet-4-0', kind: 'long', prices: [{ prices: SONNET_4 }], ...ANTHROPIC },
  { provider: 'google', model: 'claude-4-sonnet', kind: 'long', prices: [{ prices: SONNET }], ...ANTHROPIC },
  ...[
    'regional.anthropic.claude-sonnet-4-20250514-v1:0',
    'global.anthropic.claude-sonnet-4-20250514-v1:0',
    'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  ].map((model) => ({ provider: 'aws', model, kind: 'long', prices: [{ prices: SONNET }], ...BEDROCK }) as const),
  {
    provider: 'aws',
    model: 'regional.anthropic.claude-sonnet-4-5-20250929-v1:0',
    kind: 'long',
    prices: [{ prices: long(3.3, 4.125, 0.33, 16.5) }],
    ...BEDROCK,
  },
];

function long(input: number, write: number, read: number, output: number): PriceTable {
  const tiered = (base: number, factor: number) => ({ base, tiers: [{ start: 200_000, price: base * factor }] });
  return {
    input_mtok: tiered(input, 2),
    cache_write_mtok: tiered(write, 2),
    cache_read_mtok: tiered(read, 2),
    output_mtok: tiered(output, 1.5),
  };
}
