import { createCardinalityCap } from '../src/normalise/cardinality-cap.ts';
import { createNormaliseTraces } from '../src/normalise/normalise-traces.ts';
import { TEST_OPTIONS } from '../src/normalise/testing/normalise-options.ts';
import { spanOf } from '../src/normalise/testing/span-of.ts';
import type { AttributeValue } from '../src/otlp.ts';
import { formatPico } from '../src/price/decimal.ts';
import { loadPriceData } from '../src/price/load-price-data.ts';
import { createPriceBook } from '../src/price/price-book.ts';
import { createPrice } from '../src/price/price-span.ts';
import type { Price } from '../src/price/price-span.ts';

let price: Price;
beforeAll(async () => {
  price = createPrice(createPriceBook(await loadPriceData()));
});

function costOf(attributes: Readonly<Record<string, AttributeValue>>, scope = ''): string {
  const normalise = createNormaliseTraces(
    TEST_OPTIONS,
    createCardinalityCap({
      maxNames: TEST_OPTIONS.limits.maxNames,
      windowMs: TEST_OPTIONS.limits.namesWindowMs,
      now: TEST_OPTIONS.now,
    })
  );
  const [span] = normalise('acme', [spanOf(attributes, { scope })]).spans;
  const cost = price(span!);
  return `${formatPico(cost.totalPico)} ${cost.state}`;
}

const SONNET = {
  'gen_ai.provider.name': 'anthropic',
  'gen_ai.request.model': 'claude-sonnet-4-5',
  'gen_ai.response.model': 'claude-sonnet-4-5-20250929',
};
const CHAT = { 'gen_ai.operation.name': 'chat' };

/** What users of other tools were shown wrong, and the dollars that the provider charges, worked out by hand. */
it.each<[string, Readonly<Record<string, AttributeValue>>, string]>([
  [
    // 21×3 + 1801×0.3 + 512×3.75 + 41×15 millionths: cached tokens are part of the 2334, not beside them.
    'cache tokens counted twice',
    {
      ...CHAT,
      ...SONNET,
      'gen_ai.usage.input_tokens': 2334,
      'gen_ai.usage.cache_read.input_tokens': 1801,
      'gen_ai.usage.cache_creation.input_tokens': 512,
      'gen_ai.usage.output_tokens': 41,
    },
    '0.0031383 computed',
  ],
  [
    // The same call by an instrumentation whose input leaves the cached tokens out.
    'cache tokens left out of the input',
    {
      ...CHAT,
      ...SONNET,
      'gen_ai.usage.input_tokens': 21,
      'gen_ai.usage.cache_read.input_tokens': 1801,
      'gen_ai.usage.cache_creation.input_tokens': 512,
      'gen_ai.usage.output_tokens': 41,
    },
    '0.0031383 computed',
  ],
  [
    // The total is larger than input + output: the difference is cached input, 100×3 + 13,253×0.3 + 10×15.
    'cached tokens priced as output',
    {
      ...CHAT,
      ...SONNET,
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 10,
      'gen_ai.usage.cache_read.input_tokens': 13_253,
      'gen_ai.usage.total_tokens': 13_363,
    },
    '0.0044259 computed',
  ],
  [
    'a wrapper that repeats the usage of its call',
    {
      'gen_ai.operation.name': 'invoke_agent',
      ...SONNET,
      'gen_ai.usage.input_tokens': 2334,
      'gen_ai.usage.output_tokens': 41,
    },
    '0 not_billable',
  ],
  [
    'an unknown model at a silent zero',
    {
      ...CHAT,
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-nonesuch',
      'gen_ai.usage.input_tokens': 500,
      'gen_ai.usage.output_tokens': 5,
    },
    '0 unpriced',
  ],
  ['missing usage at a silent zero', { ...CHAT, ...SONNET }, '0 no_usage'],
  [
    // 1010×0.3 + 1290×30: the picture was billed as text.
    'an image billed as text',
    {
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'gcp.gemini',
      'gen_ai.request.model': 'gemini-2.5-flash-image',
      'gen_ai.output.type': 'image',
      'gen_ai.usage.input_tokens': 1010,
      'gen_ai.usage.output_tokens': 1290,
    },
    '0.039003 computed',
  ],
])('charges the right dollars for %s', (_name, attributes, expected) => {
  expect(costOf(attributes)).toBe(expected);
});
