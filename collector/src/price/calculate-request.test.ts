import fc from 'fast-check';
import { createCalculateRequest } from './calculate-request.ts';
import type { CalculateResult } from './calculate-request.ts';
import { loadPriceData } from './load-price-data.ts';
import { createPriceBook } from './price-book.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');

let calculate: (body: unknown) => CalculateResult;
let source: string;
beforeAll(async () => {
  const book = createPriceBook(await loadPriceData());
  calculate = createCalculateRequest(book, () => NOW);
  source = book.source;
});

const SONNET = {
  provider: 'anthropic',
  model: 'claude-sonnet-4-5-20250929',
  timestamp: '2026-06-01T12:00:00Z',
  usage: { input_tokens: 2334, cache_read_tokens: 1801, cache_write_tokens: 512, output_tokens: 41 },
  service_tier: 'standard',
  region: 'us-east-1',
};

const EMPTY = {
  cost_usd: '0',
  parts: {
    input_cost_usd: '0',
    output_cost_usd: '0',
    cache_read_cost_usd: '0',
    cache_write_cost_usd: '0',
    request_cost_usd: '0',
  },
  cache_savings_usd: '0',
  price_id: '',
  price_provider: '',
  price_model: '',
  service_tier: '',
  region_premium: '',
  price_source: '',
  clamped: false,
  lines: [],
};

it('answers with the cost, its parts and how it was made', () => {
  expect(calculate(SONNET)).toEqual({
    ok: true,
    answer: {
      cost_usd: '0.0031383',
      parts: {
        input_cost_usd: '0.000063',
        output_cost_usd: '0.000615',
        cache_read_cost_usd: '0.0005403',
        cache_write_cost_usd: '0.00192',
        request_cost_usd: '0',
      },
      cache_savings_usd: '0.0044787',
      cost_state: 'computed',
      price_id: 'anthropic/claude-sonnet-4-5@initial',
      price_provider: 'anthropic',
      price_model: 'claude-sonnet-4-5',
      service_tier: 'standard',
      region_premium: '',
      price_source: source,
      clamped: false,
      lines: [
        { unit: 'input', part: 'input_cost_usd', quantity: 21, usd_per_million: '3', cost_usd: '0.000063' },
        {
          unit: 'cache_read',
          part: 'cache_read_cost_usd',
          quantity: 1801,
          usd_per_million: '0.3',
          cost_usd: '0.0005403',
        },
        {
          unit: 'cache_write',
          part: 'cache_write_cost_usd',
          quantity: 512,
          usd_per_million: '3.75',
          cost_usd: '0.00192',
        },
        { unit: 'output', part: 'output_cost_usd', quantity: 41, usd_per_million: '15', cost_usd: '0.000615' },
      ],
    },
  });
});

it('shows fees and prices of the tier that was applied', () => {
  const result = calculate({ ...SONNET, service_tier: 'batch', usage: { input_tokens: '1000', web_searches: 2 } });
  expect(result).toMatchObject({
    answer: {
      cost_usd: '0.0215',
      service_tier: 'batch',
      lines: [
        { unit: 'input', quantity: 1000, usd_per_million: '1.5', cost_usd: '0.0015' },
        { unit: 'web_search', part: 'request_cost_usd', quantity: 2, usd_per_million: '10000', cost_usd: '0.02' },
      ],
    },
  });
});

it('answers unpriced for an unknown model', () => {
  expect(calculate({ ...SONNET, model: 'my-model' })).toEqual({
    ok: true,
    answer: { ...EMPTY, cost_state: 'unpriced' },
  });
});

it('answers unpriced for a model that is sold by the hour', () => {
  expect(calculate({ provider: 'openai', model: 'whisper-1', usage: { input_tokens: 5 } })).toMatchObject({
    answer: { cost_state: 'unpriced' },
  });
});

it.each([undefined, null, {}])('answers no_usage when usage is %j', (usage) => {
  expect(calculate({ ...SONNET, usage })).toEqual({ ok: true, answer: { ...EMPTY, cost_state: 'no_usage' } });
});

it.each([
  ['openai', 'whisper-1', { audio_seconds: 90.6 }, '0.0091', 'audio_millisecond'],
  ['openai', 'whisper-1', { audio_seconds: '90.4' }, '0.009', 'audio_millisecond'],
  ['groq', 'whisper-large-v3', { audio_seconds: 3 }, '0.000308333333', 'audio_millisecond'],
  ['cohere', 'rerank-v3.5', { rerank_searches: 3 }, '0.006', 'rerank_search'],
  ['mistral_ai', 'mistral-ocr-2512', { pages: 7 }, '0.014', 'page'],
  [
    'openai',
    'gpt-image-1.5',
    { input_tokens: 50, output_tokens: 1000, image_output_tokens: 1000 },
    '0.03225',
    'image_output',
  ],
  [
    'gcp.gemini',
    'gemini-2.5-flash-image',
    { input_tokens: 1000, output_tokens: 1290, image_output_tokens: 1290 },
    '0.039',
    'image_output',
  ],
  ['cohere', 'embed-v4.0', { input_tokens: 1000, image_input_tokens: 1000 }, '0.00047', 'image_input'],
  ['openai', 'gpt-4.1', { input_tokens: 1000, file_searches: 2 }, '0.007', 'file_search'],
])('prices what %s bills for %s beside tokens of text', (provider, model, usage, cost, unit) => {
  const result = calculate({ provider, model, usage });
  expect(result).toMatchObject({ ok: true, answer: { cost_usd: cost, cost_state: 'computed' } });
  expect(result.ok && result.answer.lines.map((line) => line.unit)).toContain(unit);
});

it.each([
  ['anthropic', 'claude-opus-4-6', 'us', '0.0055', 'us'],
  ['anthropic', 'claude-opus-4-6', 'global', '0.005', ''],
  ['anthropic', 'claude-sonnet-4-5', 'us', '0.003', ''],
  ['gcp.vertex_ai', 'claude-sonnet-4-5@20250929', 'europe-west1', '0.0033', 'regional'],
  ['gcp.vertex_ai', 'claude-sonnet-4-5@20250929', 'global', '0.003', ''],
  ['gcp.vertex_ai', 'claude-haiku-4-5@20251001', 'us-east5', '0.0011', 'regional'],
  ['gcp.vertex_ai', 'claude-3-5-haiku@20241022', 'us-east5', '0.0008', ''],
  ['openai', 'gpt-5.4', 'EU', '0.00275', 'eu'],
  ['openai', 'gpt-5.4', 'us-east-1', '0.0025', ''],
  ['openai', 'gpt-5', 'eu', '0.00125', ''],
  ['x_ai', 'grok-4.6', 'us', '0.0022', 'us'],
])('takes the premium that %s asks for %s in %s', (provider, model, region, cost, premium) => {
  expect(calculate({ provider, model, region, usage: { input_tokens: 1000 } })).toMatchObject({
    answer: { cost_usd: cost, region_premium: premium },
  });
});

it('answers free for a free model', () => {
  const result = calculate({ provider: 'openai', model: 'omni-moderation-latest', usage: { input_tokens: 5 } });
  expect(result).toMatchObject({
    answer: { cost_state: 'free', cost_usd: '0', price_id: 'openai/moderation@initial' },
  });
});

it.each([
  ['2025-06-09T23:59:59.999999999Z', 'openai/o3@initial'],
  ['2025-06-10T00:00:00Z', 'openai/o3@2025-06-10'],
  ['2025-06-10', 'openai/o3@2025-06-10'],
  ['2025-06-10T01:59:59+02:00', 'openai/o3@initial'],
  ['2025-06-09 23:59', 'openai/o3@initial'],
  [1_749_513_599_999, 'openai/o3@initial'],
  [1_749_513_600_000, 'openai/o3@2025-06-10'],
  [undefined, 'openai/o3@2025-06-10'],
])('takes the price of %s', (timestamp, priceId) => {
  expect(calculate({ provider: 'openai', model: 'o3', timestamp, usage: { input_tokens: 1 } })).toMatchObject({
    answer: { price_id: priceId },
  });
});

it('lists every fault of the input at once', () => {
  const body = {
    provider: 7,
    model: ' ',
    timestamp: 'yesterday',
    service_tier: {},
    region: 'x'.repeat(300),
    usage: {
      input_tokens: 1.5,
      output_tokens: -1,
      cache_read_tokens: 10,
      tokens: 3,
      reasoning_tokens: 1,
      cache_write_1h_tokens: 4,
    },
  };
  expect(calculate(body)).toEqual({
    ok: false,
    errors: [
      { field: 'provider', message: 'must be a string' },
      { field: 'model', message: 'must not be empty' },
      { field: 'timestamp', message: 'must be an RFC 3339 time, a date or Unix milliseconds' },
      { field: 'usage.input_tokens', message: 'must be a whole number from 0 to 2^53 - 1' },
      { field: 'usage.output_tokens', message: 'must be a whole number from 0 to 2^53 - 1' },
      {
        field: 'usage.tokens',
        message:
          'is not known; use input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, web_searches, file_searches, rerank_searches, image_input_tokens, image_cache_read_tokens, image_output_tokens, audio_cache_read_tokens, video_input_tokens, video_output_tokens, citation_tokens, pages, audio_seconds',
      },
      { field: 'usage.input_tokens', message: 'must include cache_read_tokens and cache_write_tokens' },
      { field: 'usage.cache_write_1h_tokens', message: 'must be a part of cache_write_tokens' },
      {
        field: 'usage.output_tokens',
        message: 'must include reasoning_tokens and the tokens of audio, images and video',
      },
      { field: 'service_tier', message: 'must be a string' },
      { field: 'region', message: 'must not be longer than 256 characters' },
    ],
  });
});

it.each([null, undefined, 5, 'x', [], [SONNET]])('refuses a body that is %j', (body) => {
  expect(calculate(body)).toEqual({ ok: false, errors: [{ field: '', message: 'must be a JSON object' }] });
});

it.each([5, 'x', []])('refuses usage that is %j', (usage) => {
  expect(calculate({ ...SONNET, usage })).toEqual({
    ok: false,
    errors: [{ field: 'usage', message: 'must be an object of counts' }],
  });
});

it('never throws, whatever the JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (body, usage) => {
      expect(typeof calculate(body).ok).toBe('boolean');
      expect(typeof calculate({ ...SONNET, usage, timestamp: body }).ok).toBe('boolean');
    })
  );
});

it.each(['2026-02-30', '2026-04-31T10:00:00Z', Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])(
  'takes %s for no time, also where the price depends on the day of the week',
  (timestamp) => {
    expect(
      calculate({ provider: 'deepseek', model: 'deepseek-v4-flash', timestamp, usage: { input_tokens: 1 } })
    ).toEqual({
      ok: false,
      errors: [{ field: 'timestamp', message: 'must be an RFC 3339 time, a date or Unix milliseconds' }],
    });
  }
);
