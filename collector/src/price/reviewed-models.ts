import type { ReviewedEntry, ReviewedPrice } from './reviewed-prices.ts';

const BEDROCK = { source: 'https://aws.amazon.com/bedrock/pricing/', asOf: '2025-06-30' };
const COHERE = { source: 'https://cohere.com/pricing', asOf: '2025-06-30' };
const MISTRAL = { source: 'https://mistral.ai/pricing', asOf: '2025-12-02' };

/** Models in use that the price data does not list, or under an id that came to stand for another model. US dollars per million tokens. */
export const REVIEWED_MODELS: readonly ReviewedEntry[] = [
  model('aws', ['amazon.titan-embed-text-v2:0', 'amazon.titan-embed-text-v2'], [tokens(0.02)], BEDROCK),
  model('aws', ['cohere.embed-english-v3', 'cohere.embed-multilingual-v3'], [tokens(0.1)], BEDROCK),
  model('aws', ['cohere.command-r-v1:0'], [tokens(0.5, 1.5)], BEDROCK),
  model('aws', ['cohere.command-r-plus-v1:0'], [tokens(3, 15)], BEDROCK),
  model('aws', ['mistral.mistral-large-2407-v1:0'], [tokens(2, 6)], BEDROCK),
  model('aws', ['meta.llama3-1-405b-instruct-v1:0'], [tokens(2.4, 2.4)], BEDROCK),
  model('aws', ['ai21.jamba-1-5-large-v1:0'], [tokens(2, 8)], BEDROCK),
  model('aws', ['ai21.jamba-1-5-mini-v1:0'], [tokens(0.2, 0.4)], BEDROCK),
  model(
    'cohere',
    ['embed-english-v3.0', 'embed-multilingual-v3.0', 'embed-english-light-v3.0', 'embed-multilingual-light-v3.0'],
    [tokens(0.1)],
    COHERE
  ),
  model('cohere', ['command-r-plus-04-2024'], [tokens(3, 15)], COHERE),
  model('cohere', ['command-r-03-2024'], [tokens(0.5, 1.5)], COHERE),
  model('mistral', ['devstral-medium-2507', 'devstral-medium-latest'], [tokens(0.4, 2)], MISTRAL),
  // Both names stand for the models of December 2025 since their release.
  model(
    'mistral',
    ['mistral-large-latest'],
    [tokens(2, 6), { from: '2025-12-02', ...tokens(0.5, 1.5, 0.05) }],
    MISTRAL
  ),
  model(
    'mistral',
    ['ministral-3b-latest'],
    [tokens(0.04, 0.04), { from: '2025-12-02', ...tokens(0.1, 0.1, 0.01) }],
    MISTRAL
  ),
];

function tokens(input: number, output?: number, read?: number): ReviewedPrice {
  return {
    prices: {
      input_mtok: input,
      ...(read === undefined ? {} : { cache_read_mtok: read }),
      ...(output === undefined ? {} : { output_mtok: output }),
    },
  };
}

function model(
  provider: string,
  ids: readonly [string, ...string[]],
  prices: readonly ReviewedPrice[],
  page: Pick<ReviewedEntry, 'source' | 'asOf'>
): ReviewedEntry {
  return { provider, model: ids[0], kind: 'model', ids, prices, ...page };
}
