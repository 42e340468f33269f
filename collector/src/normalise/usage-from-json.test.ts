import { langfuseUsage } from './langfuse-usage.ts';
import type { JsonValue } from './read-attribute.ts';
import { toTokenUsage } from './token-usage.ts';
import { usageFromJson } from './usage-from-json.ts';

const PLAIN = { totalHoldsReasoning: false, failed: false };
const REASONED = { inputTokens: 2061, outputTokens: 433, cacheReadTokens: 1536, reasoningTokens: 320 };
const CACHED = { inputTokens: 2334, outputTokens: 41, cacheReadTokens: 1801, cacheWriteTokens: 512 };

describe('usageFromJson', () => {
  test.each<[string, JsonValue, Readonly<Record<string, number>>]>([
    [
      'OpenAI chat',
      {
        prompt_tokens: 2061,
        completion_tokens: 433,
        total_tokens: 2494,
        prompt_tokens_details: { cached_tokens: 1536, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 320 },
      },
      REASONED,
    ],
    [
      'OpenAI responses',
      {
        input_tokens: 2061,
        output_tokens: 433,
        total_tokens: 2494,
        input_tokens_details: { cached_tokens: 1536 },
        output_tokens_details: { reasoning_tokens: 320 },
      },
      REASONED,
    ],
    [
      'Gemini',
      {
        promptTokenCount: 2061,
        candidatesTokenCount: 113,
        thoughtsTokenCount: 320,
        cachedContentTokenCount: 1536,
        totalTokenCount: 2494,
      },
      REASONED,
    ],
    [
      'LangChain',
      {
        input_tokens: 2061,
        output_tokens: 433,
        total_tokens: 2494,
        input_token_details: { cache_read: 1536 },
        output_token_details: { reasoning: 320 },
      },
      REASONED,
    ],
    [
      'AI SDK',
      { inputTokens: 2061, outputTokens: 433, totalTokens: 2494, cachedInputTokens: 1536, reasoningTokens: 320 },
      REASONED,
    ],
    [
      'Anthropic',
      {
        input_tokens: 21,
        output_tokens: 41,
        cache_read_input_tokens: 1801,
        cache_creation_input_tokens: 512,
        cache_creation: { ephemeral_1h_input_tokens: 200 },
      },
      { ...CACHED, cacheWrite1hTokens: 200 },
    ],
    [
      'Bedrock Converse',
      { inputTokens: 21, outputTokens: 41, totalTokens: 2375, cacheReadInputTokens: 1801, cacheWriteInputTokens: 512 },
      CACHED,
    ],
    [
      'Cohere',
      { billed_units: { input_tokens: 5, output_tokens: 7 }, tokens: { input_tokens: 70, output_tokens: 7 } },
      { inputTokens: 5, outputTokens: 7 },
    ],
    [
      'LiteLLM on Anthropic',
      {
        prompt_tokens: 2334,
        completion_tokens: 41,
        total_tokens: 2375,
        prompt_tokens_details: { cached_tokens: 1801 },
        cache_creation_input_tokens: 512,
        cache_read_input_tokens: 1801,
      },
      CACHED,
    ],
  ])('%s', (_shape, value, expected) => {
    expect(toTokenUsage(usageFromJson(value), PLAIN)).toMatchObject(expected);
  });

  test.each<JsonValue>([null, 'x', [], {}, { prompt_tokens: 'many' }, { usage: { input_tokens: 1 } }])(
    '%j holds no usage',
    (value) => {
      expect(usageFromJson(value)).toBeUndefined();
    }
  );
});

describe('langfuseUsage', () => {
  test.each<[string, JsonValue, Readonly<Record<string, number>>]>([
    [
      'the raw OpenAI object (Python)',
      {
        prompt_tokens: 2061,
        completion_tokens: 433,
        total_tokens: 2494,
        prompt_tokens_details: { cached_tokens: 1536 },
        completion_tokens_details: { reasoning_tokens: 320 },
      },
      REASONED,
    ],
    [
      'buckets with the details taken out (JavaScript)',
      {
        input: 525,
        output: 113,
        total: 2494,
        input_cached_tokens: 1536,
        input_audio_tokens: 0,
        output_reasoning_tokens: 320,
        output_audio_tokens: 0,
      },
      REASONED,
    ],
    [
      'audio taken out',
      { input: 87, output: 29, total: 228, input_audio_tokens: 64, output_audio_tokens: 48 },
      { inputTokens: 151, audioInputTokens: 64, outputTokens: 77, audioOutputTokens: 48 },
    ],
    [
      'details inside when input and output make the total',
      { input: 2061, output: 433, total: 2494, input_cached_tokens: 1536, output_reasoning_tokens: 320 },
      REASONED,
    ],
    [
      'Anthropic by hand',
      { input: 21, output: 41, cache_read_input_tokens: 1801, cache_creation_input_tokens: 512 },
      CACHED,
    ],
    [
      'a total that forgot the cache',
      { input: 21, output: 41, total: 62, cache_read_input_tokens: 1801, cache_creation_input_tokens: 512 },
      CACHED,
    ],
    [
      'writes by life',
      { input: 21, output: 41, input_cache_read: 1801, input_cache_creation_5m: 500, input_cache_creation_1h: 12 },
      { ...CACHED, cacheWrite1hTokens: 12 },
    ],
  ])('%s', (_shape, value, expected) => {
    expect(toTokenUsage(langfuseUsage(value), PLAIN)).toMatchObject(expected);
  });
});
