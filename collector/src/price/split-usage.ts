import type { TokenUsage } from '../span.ts';
import type { PriceUnit } from './price-units.ts';

/** What is billed, in disjoint quantities: each token is in exactly one of them. */
export type BilledQuantities = Readonly<Record<PriceUnit, number>>;

/**
 * Splits the totals of a call into disjoint quantities, so that no token is billed twice.
 * - Text input is what is left of the input after cached and audio tokens; text output what is left after reasoning and audio.
 * - Nothing says whether audio input was cached: audio tokens count as uncached first, and only what does not fit there as cached.
 * - Parts larger than their total are billed as reported, and the rest of the total is 0: the parts are what providers itemise.
 * Counts that are not safe non-negative integers count as 0. One request, and as many searches as given.
 */
export function splitUsage(usage: TokenUsage, webSearches: number): BilledQuantities {
  const cacheReadAll = count(usage.cacheReadTokens);
  const cacheWriteAll = count(usage.cacheWriteTokens);
  const cacheWrite1h = Math.min(count(usage.cacheWrite1hTokens), cacheWriteAll);
  const audioAll = count(usage.audioInputTokens);
  const uncached = Math.max(0, count(usage.inputTokens) - cacheReadAll - cacheWriteAll);
  const audioInput = Math.min(audioAll, uncached);
  const audioCacheRead = Math.min(audioAll - audioInput, cacheReadAll);
  const reasoning = count(usage.reasoningTokens);
  const audioOutput = count(usage.audioOutputTokens);
  return {
    input: uncached - audioInput,
    audioInput,
    cacheRead: cacheReadAll - audioCacheRead,
    audioCacheRead,
    cacheWrite: cacheWriteAll - cacheWrite1h,
    cacheWrite1h,
    output: Math.max(0, count(usage.outputTokens) - reasoning - audioOutput),
    reasoning,
    audioOutput,
    request: 1,
    webSearch: count(webSearches),
  };
}

function count(tokens: number): number {
  return Number.isSafeInteger(tokens) && tokens > 0 ? tokens : 0;
}
