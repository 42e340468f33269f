/** Bounds of the stage; each is counted when it cuts something. */
export interface NormaliseLimits {
  /** UTF-16 units of one content fragment of a model call. */
  readonly maxContentChars: number;
  /** The same for wrappers, agents and tools, which repeat what their children hold. */
  readonly maxWrapperContentChars: number;
  /** Different span, prompt, scope and error names per window. */
  readonly maxNames: number;
  readonly namesWindowMs: number;
}

export const DEFAULT_NORMALISE_LIMITS: NormaliseLimits = {
  maxContentChars: 512 * 1024,
  maxWrapperContentChars: 64 * 1024,
  maxNames: 10_000,
  namesWindowMs: 24 * 60 * 60 * 1000,
};

/** What the wiring decides about the stage. */
export interface NormaliseOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Attribute keys of the department on a span or resource, in order of preference. */
  readonly departmentKeys: readonly string[];
  /** False drops spans that are not GenAI (they are counted as ignored). */
  readonly keepOtherSpans: boolean;
  readonly retentionDays: number;
  readonly limits: NormaliseLimits;
}

/** What happened to one request beyond the rows it became. */
export interface NormaliseCounts {
  /** Spans or log records that became neither a row nor content. */
  ignored: number;
  /** Times outside the accepted range that were replaced. */
  clampedTimes: number;
  /** Content fragments that were shortened. */
  cutContent: number;
  /** Attributes that were shortened or left out. */
  cutAttributes: number;
  /** Names replaced by `__other__`. */
  cappedNames: number;
}

export function noCounts(): NormaliseCounts {
  return { ignored: 0, clampedTimes: 0, cutContent: 0, cutAttributes: 0, cappedNames: 0 };
}
