/** What a name becomes when too many different ones were seen. */
export const OTHER_NAME = '__other__';

/** Kinds of names that senders can make up freely. */
type CappedName = 'span_name' | 'prompt_name' | 'scope_name' | 'error_type' | 'other_span_name';

export interface CardinalityCapOptions {
  /** Different names of one kind in a window. */
  readonly maxNames: number;
  readonly windowMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

export interface CardinalityCap {
  /** The name itself, or `OTHER_NAME` when it would be one too many of its kind in this window. */
  readonly cap: (kind: CappedName, name: string) => string;
  /** Names replaced since the process began. */
  readonly replaced: () => number;
}

/**
 * Keeps the number of different values in low-cardinality columns bounded: a sender that puts ids into span names
 * would otherwise slow down every query. Known names stay known until the window ends.
 */
export function createCardinalityCap(options: CardinalityCapOptions): CardinalityCap {
  const seen = new Map<CappedName, Set<string>>();
  let windowEnds = options.now() + options.windowMs;
  let replaced = 0;

  function namesOf(kind: CappedName): Set<string> {
    let names = seen.get(kind);
    if (names === undefined) {
      names = new Set();
      seen.set(kind, names);
    }
    return names;
  }

  return {
    cap(kind, name) {
      if (name === '') return name;
      const names = namesOf(kind);
      if (names.has(name)) return name;
      if (names.size >= options.maxNames) {
        const now = options.now();
        if (now < windowEnds) {
          replaced++;
          return OTHER_NAME;
        }
        seen.clear();
        windowEnds = now + options.windowMs;
        namesOf(kind).add(name);
        return name;
      }
      names.add(name);
      return name;
    },
    replaced: () => replaced,
  };
}
