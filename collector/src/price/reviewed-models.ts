import type { ReviewedEntry, ReviewedPrice } from './reviewed-prices.ts';

const OPENAI = { source: 'https://platform.openai.com/docs/pricing', asOf: '2025-10-31' };
const ANTHROPIC = { source: 'https://www.anthropic.com/pricing', asOf: '2024-03-31' };
const GEMINI = { source: 'https://ai.google.dev/gemini-api/docs/pricing', asOf: '2025-10-31' };
const BEDROCK = { source: 'https://aws.amazon.com/bedrock/pricing/', asOf: '2025-06-30' };
const COHERE = { source: 'https://cohere.com/pricing', asOf: '2025-06-30' };
const MISTRAL = { source: 'https://mistral.ai/pricing', asOf: '2025-12-02' };

/** Models in use that the price data does not list, or under an id that came to stand for another model. US dollars per million tokens. */
export const REVIEWED_MODELS: readonly ReviewedEntry[] = [
  // Fine-tuned models, whatever follows their names.
  model('openai', ['ft:gpt-4.1'], [tokens(3, 12, 0.75)], OPENAI),
  model('openai', ['ft:gpt-4.1-mini'], [tokens(0.8, 3.2, 0.2)], OPENAI),
  model('openai', ['ft:gpt-4.1-nano'], [tokens(0.2, 0.8, 0.05)], OPENAI),
  model('openai', ['ft:o4-mini'], [tokens(4, 16, 1)], OPENAI),
  model('openai', ['davinci-002'], [tokens(2, 2)], OPENAI),
  model('openai', ['babbage-002'], [tokens(0.4, 0.4)], OPENAI),
  model('anthropic', ['claude-instant-1.2'], [tokens(0.8, 2.4)], ANTHROPIC),
  model(
    'google',
    ['gemini-2.5-computer-use-preview-10-2025'],
    [
      {
        prices: {
          input_mtok: { base: 1.25, tiers: [{ start: 200_000, price: 2.5 }] },
          output_mtok: { base: 10, tiers: [{ start: 200_000, price: 15 }] },
        },
      },
    ],
    GEMINI
  ),
  model('aws', ['amazon.titan-embed-text-v2:0', 'amazon.titan-embed-text-v2'], [tokens(0.02)], BEDROCK),
  model('aws', ['cohere.embed-english-v3', 'cohere.embed-multilingual-v3'], [tokens(0.1)], BEDROCK),
  model('aws', ['cohere.embed-v4:0'], [{ prices: { input_mtok: 0.12, input_image_mtok: 0.47 } }], BEDROCK),
  model('aws', ['cohere.rerank-v3-5:0'], [searches(2)], BEDROCK),
  model('aws', ['amazon.rerank-v1:0'], [searches(1)], BEDROCK),
  model('aws', ['amazon.titan-text-premier-v1:0'], [tokens(0.5, 1.5)], BEDROCK),
  model('aws', ['anthropic.claude-instant-v1'], [tokens(0.8, 2.4)], BEDROCK),
  model('aws', ['anthropic.claude-v2', 'anthropic.claude-v2:1'], [tokens(8, 24)], BEDROCK),
  model('aws', ['ai21.jamba-instruct-v1:0'], [tokens(0.5, 0.7)], BEDROCK),
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
  model('cohere', ['command-r7b-arabic-02-2025'], [tokens(0.0375, 0.15)], COHERE),
  model('cohere', ['c4ai-aya-vision-8b', 'c4ai-aya-vision-32b'], [tokens(0.5, 1.5)], COHERE),
  model('cohere', ['command-r-plus-04-2024'], [tokens(3, 15)], COHERE),
  model('cohere', ['command-r-03-2024'], [tokens(0.5, 1.5)], COHERE),
  model('mistral', ['mistral-small-2506', 'mistral-small-2503', 'mistral-small-2501'], [tokens(0.1, 0.3)], MISTRAL),
  model('mistral', ['open-mixtral-8x22b', 'open-mixtral-8x22b-2404'], [tokens(2, 6)], MISTRAL),
  model('mistral', ['pixtral-12b-2409'], [tokens(0.15, 0.15)], MISTRAL),
  model('mistral', ['open-mistral-nemo-2407'], [tokens(0.15, 0.15)], MISTRAL),
  model('mistral', ['mistral-saba-2502', 'mistral-saba-latest'], [tokens(0.2, 0.6)], MISTRAL),
  model('mistral', ['ministral-3b-2410'], [tokens(0.04, 0.04)], MISTRAL),
  model('mistral', ['codestral-embed', 'codestral-embed-2505'], [tokens(0.15)], MISTRAL),
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

/** US dollars per thousand. */
function searches(price: number): ReviewedPrice {
  return { prices: { rerank_searches_kcount: price } };
}

function model(
  provider: string,
  ids: readonly [string, ...string[]],
  prices: readonly ReviewedPrice[],
  page: Pick<ReviewedEntry, 'source' | 'asOf'>
): ReviewedEntry {
  return { provider, model: ids[0], kind: 'model', ids, prices, ...page };
}
