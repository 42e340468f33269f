import type { Attributes } from '../otlp.ts';
import type { RawUsage } from './dialect.ts';
import { readCount } from './read-attribute.ts';
import { COUNT_KEYS } from './semconv-keys.ts';

/**
 * Token counts under the names of the semantic conventions, of any age, and the spellings that instrumentations derived from them.
 * One family is read, never a sum: the current names win over `prompt_tokens` / `completion_tokens`. `undefined` when the span has none.
 */
export function readSemconvUsage(attributes: Attributes): RawUsage | undefined {
  return usageOfCounts({
    input: readCount(attributes, ...COUNT_KEYS.input),
    output: readCount(attributes, ...COUNT_KEYS.output),
    total: readCount(attributes, ...COUNT_KEYS.total),
    cacheRead: readCount(attributes, ...COUNT_KEYS.cacheRead),
    cacheWrite: readCount(attributes, ...COUNT_KEYS.cacheWrite),
    cacheWrite1h: readCount(attributes, ...COUNT_KEYS.cacheWrite1h),
    reasoning: readCount(attributes, ...COUNT_KEYS.reasoning),
    audioInput: readCount(attributes, ...COUNT_KEYS.audioInput),
    audioOutput: readCount(attributes, ...COUNT_KEYS.audioOutput),
  });
}

/** The counts as usage; `undefined` when there is none, or only a part of something unknown. */
export function usageOfCounts(counts: RawUsage): RawUsage | undefined {
  const isGiven =
    counts.input !== undefined ||
    counts.output !== undefined ||
    counts.total !== undefined ||
    counts.cacheRead !== undefined ||
    counts.cacheWrite !== undefined ||
    counts.reasoning !== undefined;
  return isGiven ? counts : undefined;
}
