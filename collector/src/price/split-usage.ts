import type { TokenUsage } from '../span.ts';
import type { OtherUnit, PriceUnit, TextUnit } from './price-units.ts';

/** What is billed, in disjoint quantities: each token is in exactly one of them. */
export interface BilledQuantities extends Readonly<Record<TextUnit, number>> {
  /** Undefined when the call was of text alone, which spares it a dozen zeros. */
  readonly other: Readonly<Record<OtherUnit, number>> | undefined;
}

/** What no token column holds, as counted by the provider. Image and video tokens are parts of the totals, the rest stands beside them. */
export type OtherUsage = Partial<Readonly<Record<OtherUnit | 'webSearch', number>>>;

const NO_OTHER_USAGE: OtherUsage = {};

/** How much of a unit is billed. */
export function quantityOf(billed: BilledQuantities, unit: PriceUnit): number {
  return unit in billed ? billed[unit as TextUnit] : (billed.other?.[unit as OtherUnit] ?? 0);
}

/**
 * Splits the totals of a call into disjoint quantities, so that no token is billed twice.
 * - Text input is what is left of the input after cached, audio, image and video tokens; text output what is left after reasoning, audio,
 *   images and video.
 * - Where nothing says how much audio or how many images were cached, they count as uncached first, and only what does not fit there as cached.
 * - Parts larger than their total are billed as reported, and the rest of the total is 0: the parts are what providers itemise.
 * Counts that are not safe non-negative integers count as 0. One request, and as many searches as given.
 */
export function splitUsage(usage: TokenUsage, more: OtherUsage = NO_OTHER_USAGE): BilledQuantities {
  const cacheReadAll = count(usage.cacheReadTokens);
  const cacheWriteAll = count(usage.cacheWriteTokens);
  const cacheWrite1h = Math.min(count(usage.cacheWrite1hTokens), cacheWriteAll);
  const uncached = Math.max(0, count(usage.inputTokens) - cacheReadAll - cacheWriteAll);
  const reasoning = count(usage.reasoningTokens);
  const outputAll = count(usage.outputTokens);
  const other =
    more === NO_OTHER_USAGE && usage.audioInputTokens === 0 && usage.audioOutputTokens === 0
      ? undefined
      : splitOther(usage, more, uncached, cacheReadAll);
  return {
    input: other === undefined ? uncached : uncached - other.audioInput - other.imageInput - other.videoInput,
    cacheRead: other === undefined ? cacheReadAll : cacheReadAll - other.audioCacheRead - other.imageCacheRead,
    cacheWrite: cacheWriteAll - cacheWrite1h,
    cacheWrite1h,
    output: Math.max(
      0,
      other === undefined
        ? outputAll - reasoning
        : outputAll - reasoning - other.audioOutput - other.imageOutput - other.videoOutput
    ),
    reasoning,
    request: 1,
    webSearch: count(more.webSearch ?? 0),
    other,
  };
}

function splitOther(
  usage: TokenUsage,
  more: OtherUsage,
  uncached: number,
  cached: number
): Readonly<Record<OtherUnit, number>> {
  const audio = splitCached(count(usage.audioInputTokens), more.audioCacheRead, uncached, cached);
  const image = splitCached(
    count(more.imageInput ?? 0),
    more.imageCacheRead,
    uncached - audio.uncached,
    cached - audio.cached
  );
  return {
    audioInput: audio.uncached,
    audioCacheRead: audio.cached,
    audioOutput: count(usage.audioOutputTokens),
    imageInput: image.uncached,
    imageCacheRead: image.cached,
    imageOutput: count(more.imageOutput ?? 0),
    videoInput: Math.min(count(more.videoInput ?? 0), uncached - audio.uncached - image.uncached),
    videoOutput: count(more.videoOutput ?? 0),
    citation: count(more.citation ?? 0),
    fileSearch: count(more.fileSearch ?? 0),
    rerankSearch: count(more.rerankSearch ?? 0),
    page: count(more.page ?? 0),
    audioMillisecond: count(more.audioMillisecond ?? 0),
  };
}

/** Divides tokens of one kind between the uncached and the cached tokens that are left. */
function splitCached(
  all: number,
  saidCached: number | undefined,
  uncachedLeft: number,
  cachedLeft: number
): { readonly uncached: number; readonly cached: number } {
  const first = saidCached === undefined ? 0 : Math.min(count(saidCached), all, cachedLeft);
  const uncached = Math.min(all - first, uncachedLeft);
  return { uncached, cached: first + Math.min(all - first - uncached, cachedLeft - first) };
}

function count(tokens: number): number {
  return Number.isSafeInteger(tokens) && tokens > 0 ? tokens : 0;
}
