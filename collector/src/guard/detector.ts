import type { FindingCategory, GuardAction, Severity } from '../span.ts';
import type { RuleScope } from './rule-scope.ts';

/** A stretch of text that a detector recognised: UTF-16 offsets, end exclusive, 0 < score ≤ 1. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/**
 * Counts the work done on one span, in characters looked at. Work is measured in steps and never in time:
 * a pause of the runtime must not make the guard withhold content.
 */
export interface StepMeter {
  steps: number;
}

/** For each detector by index the offsets at which it begins to look; most have none. */
export type Hits = (number[] | undefined)[];

/** Kinds of places that the one pass over a text marks for detectors that have no fixed keyword; `always` marks the first character. */
export type Trigger = 'digits' | 'dots' | 'colons' | 'always';

/**
 * One rule of the guard. To add one: a file in `detectors/`, a line in `detectors.ts`, a test beside it.
 * `find` must take time linear in the text, must add what it looks at to the meter, and must not match a `"`
 * (a match never leaves the JSON string it began in).
 */
export interface Detector {
  /** Kebab-case name: the value in `guard_rules`, `findings.rule` and the marker `[REDACTED:rule]`. */
  readonly rule: string;
  readonly category: FindingCategory;
  readonly severity: Severity;
  /** What happens unless a policy says otherwise. */
  readonly action: Exclude<GuardAction, 'none'>;
  /**
   * Pre-filter, case-sensitive ASCII: `find` runs only on texts that hold at least one of these (or one of `words`, or
   * a place marked by `triggers`).
   * A keyword that begins with a letter or digit counts where a run of letters and digits begins, from nine characters
   * on anywhere.
   */
  readonly keywords: readonly string[];
  /** Marked too, but no reason to look at a text in which none of `keywords` occurs. */
  readonly quietKeywords?: readonly string[];
  /** Whole words in lower case, found in any case and inside of `camelCase` and `snake_case` names. */
  readonly words?: readonly string[];
  /** Narrows `words`: false = this occurrence is of no interest. Must look at a bounded number of characters. */
  readonly confirmWord?: (text: string, start: number, end: number) => boolean;
  readonly triggers?: readonly Trigger[];
  /** Where the rule applies; everywhere when absent. */
  readonly scope?: RuleScope;
  /** How many leading characters of a match are public by design (a key's prefix) and may appear in a masked sample. */
  readonly publicPrefix: number;
  /** `hits`: ascending offsets of keywords, words and marked places in `text`. Returns ascending, non-overlapping matches. */
  readonly find: (text: string, hits: readonly number[], meter: StepMeter) => readonly Match[];
}
