import type { RawUsage } from './dialect.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject, toCount } from './read-attribute.ts';
import { usageFromJson } from './usage-from-json.ts';

/**
 * Langfuse's `usage_details`, which has two shapes: the provider's usage object as it came (Python OpenAI wrapper), or Langfuse's own
 * buckets, where `input` and `output` are what is left after every `input_*` and `output_*` detail was taken out (JavaScript wrapper,
 * Langfuse's documentation for manual use). When a total is given that equals input + output, the details are inside.
 */
export function langfuseUsage(value: JsonValue | undefined): RawUsage | undefined {
  if (!isJsonObject(value)) return undefined;
  if (value['input'] === undefined && value['output'] === undefined) return usageFromJson(value);
  return ownBuckets(value);
}

const CACHE_READ = ['input_cached_tokens', 'input_cache_read', 'cache_read_input_tokens', 'input_cache_read_tokens'];
const CACHE_WRITE = [
  'cache_creation_input_tokens',
  'input_cache_creation',
  'input_cache_write',
  'cache_write_input_tokens',
];
const CACHE_WRITE_5M = ['input_cache_creation_5m', 'cache_creation_5m_input_tokens'];
const CACHE_WRITE_1H = ['input_cache_creation_1h', 'cache_creation_1h_input_tokens'];
const REASONING = ['output_reasoning_tokens', 'output_reasoning'];
const AUDIO_INPUT = ['input_audio_tokens', 'input_audio'];
const AUDIO_OUTPUT = ['output_audio_tokens', 'output_audio'];
const NAMED = new Set([
  ...CACHE_READ,
  ...CACHE_WRITE,
  ...CACHE_WRITE_5M,
  ...CACHE_WRITE_1H,
  ...REASONING,
  ...AUDIO_INPUT,
  ...AUDIO_OUTPUT,
  'input',
  'output',
  'total',
]);

function ownBuckets(usage: JsonObject): RawUsage {
  const input = toCount(usage['input']);
  const output = toCount(usage['output']);
  const total = toCount(usage['total']);
  const cacheWrite1h = first(usage, CACHE_WRITE_1H);
  const byLife = sum(cacheWrite1h, first(usage, CACHE_WRITE_5M));
  const audioInput = first(usage, AUDIO_INPUT);
  const audioOutput = first(usage, AUDIO_OUTPUT);
  const isInside = total !== undefined && total === (input ?? 0) + (output ?? 0);
  return {
    input: isInside ? input : sum(input, audioInput, others(usage, 'input_')),
    output: isInside ? output : sum(output, audioOutput, others(usage, 'output_')),
    total: isInside ? total : undefined,
    cacheRead: first(usage, CACHE_READ),
    cacheWrite: first(usage, CACHE_WRITE) ?? byLife,
    cacheWrite1h,
    reasoning: first(usage, REASONING),
    audioInput,
    audioOutput,
    inputIncludesCache: isInside,
    outputIncludesReasoning: isInside,
  };
}

function first(usage: JsonObject, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const count = toCount(usage[key]);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** Buckets of a direction that have no column (image, accepted prediction, …) still are part of its total. */
function others(usage: JsonObject, prefix: string): number | undefined {
  return sum(
    ...Object.keys(usage)
      .filter((key) => key.startsWith(prefix) && !NAMED.has(key))
      .map((key) => toCount(usage[key]))
  );
}

function sum(...counts: readonly (number | undefined)[]): number | undefined {
  const given = counts.filter((count) => count !== undefined);
  return given.length === 0
    ? undefined
    : Math.min(
        given.reduce((left, right) => left + right, 0),
        Number.MAX_SAFE_INTEGER
      );
}
