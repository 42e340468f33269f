import type { GuardAction } from '../span.ts';
import { createCandidateScan } from './candidate-scan.ts';
import type { Detector, StepMeter } from './detector.ts';
import type { GuardPolicy } from './guard-policy.ts';
import { maskSample } from './mask-sample.ts';
import { createContentClassifier, type ContentMatch } from './models/content-classifier.ts';
import { contentRules } from './models/content-rules.ts';
import { MIN_MESSAGE_LENGTH } from './models/content-segments.ts';
import { isInScope, type TextContext } from './rule-scope.ts';
import { createUnescapedView, hidesCharacters } from './unescaped-view.ts';

/** A match in a text, in the text's own offsets, with what to do about it. */
export interface Verdict {
  readonly detector: Detector;
  readonly action: GuardAction;
  readonly score: number;
  readonly start: number;
  readonly end: number;
  readonly maskedSample: string;
  /** The value itself, for a keyed token: never to be written. */
  readonly value: string;
}

export interface TextInspector {
  /** False for nearly every text, at the price of one pass: then there is nothing to inspect. */
  readonly mayHold: (text: string, location: TextContext['location']) => boolean;
  /** Verdicts in order of their place, without overlaps. Throws what a detector throws: the caller fails closed. */
  readonly inspect: (text: string, meter: StepMeter, context: TextContext) => readonly Verdict[];
}

const STRENGTH: Readonly<Record<GuardAction, number>> = { none: 0, flag: 1, redact: 2, drop: 3 };

/** The stronger of two actions. */
export function strongerAction(a: GuardAction, b: GuardAction): GuardAction {
  return STRENGTH[b] > STRENGTH[a] ? b : a;
}

/** Overlapping verdicts become one: the strongest (then the first listed) names it, and when it redacts it covers all that redacts. */
function mergeOverlaps(verdicts: readonly Verdict[]): readonly Verdict[] {
  const byPlace = [...verdicts].sort((a, b) => a.start - b.start);
  const merged: Verdict[] = [];
  for (const verdict of byPlace) {
    const last = merged.at(-1);
    if (last === undefined || verdict.start >= last.end) {
      merged.push(verdict);
      continue;
    }
    const winner = STRENGTH[verdict.action] > STRENGTH[last.action] ? verdict : last;
    const other = winner === last ? verdict : last;
    const covers = STRENGTH[other.action] >= STRENGTH.redact;
    merged[merged.length - 1] = {
      ...winner,
      start: covers ? Math.min(winner.start, other.start) : winner.start,
      end: covers ? Math.max(winner.end, other.end) : winner.end,
    };
  }
  return merged;
}

/**
 * Runs a policy's detectors over texts. JSON escapes are resolved before matching, so a value is found however it is
 * written, at any depth of JSON inside of JSON.
 */
export function createTextInspector(policy: GuardPolicy): TextInspector {
  const active = policy.detectors.flatMap((detector) => {
    const action = policy.actions.get(detector.rule) ?? detector.action;
    return action === 'none' ? [] : [{ detector, action }];
  });
  const scan = createCandidateScan(active.map(({ detector }) => detector));
  const actionOf = (detector: Detector): GuardAction => policy.actions.get(detector.rule) ?? detector.action;
  const rulesOfContent = policy.contentRules ?? contentRules;
  const classifies = Object.values(rulesOfContent).some((rule) => actionOf(rule) !== 'none');
  const classifier = policy.content !== undefined && classifies ? createContentClassifier(policy.content) : undefined;
  const { allow } = policy;
  const isAllowed = (value: string): boolean => {
    if (allow === undefined || allow.size === 0) return false;
    const lower = value.toLowerCase();
    return allow.has(lower) || (lower.includes('@') && allow.has(lower.slice(lower.lastIndexOf('@'))));
  };
  const unmetered: StepMeter = { steps: 0 };

  const contentVerdict = (
    text: string,
    { contentClass, start, end, score }: ContentMatch,
    context: TextContext
  ): readonly Verdict[] => {
    const detector = rulesOfContent[contentClass];
    const action = actionOf(detector);
    if (action === 'none' || !isInScope(detector.scope, context)) return [];
    return [{ detector, action, score, start, end, maskedSample: maskSample(text.slice(start, end), 0), value: '' }];
  };
  const isQuiet = (text: string, location: TextContext['location']): boolean =>
    classifier === undefined ||
    text.length < MIN_MESSAGE_LENGTH ||
    classifier.classify(text, location, unmetered).length === 0;

  /** What escapes may hide: most of them spell nothing that is looked for. A text that cannot be read is left to `inspect`. */
  const holdsHidden = (text: string, location: TextContext['location']): boolean => {
    try {
      if (scan.mayHold(createUnescapedView(text, unmetered).text)) return true;
    } catch {
      return true;
    }
    return text.length >= MIN_MESSAGE_LENGTH && (classifier?.classify(text, location, unmetered).length ?? 0) > 0;
  };

  return {
    mayHold: (text, location) => {
      if (scan.mayHold(text)) return true;
      return scan.lastHadEscape() && hidesCharacters(text) ? holdsHidden(text, location) : !isQuiet(text, location);
    },
    inspect: (text, meter, context) => {
      const view = createUnescapedView(text, meter);
      const hits = scan.hits(view.text, meter);
      const verdicts: Verdict[] = [];
      for (let index = 0; index < active.length; index += 1) {
        const own = hits[index];
        if (own === undefined) continue;
        const { detector, action } = active[index]!;
        if (!isInScope(detector.scope, context)) continue;
        for (const { start, end, score } of detector.find(view.text, own, meter)) {
          const value = view.text.slice(start, end);
          if (isAllowed(value)) continue;
          verdicts.push({
            detector,
            action,
            score,
            start: view.toOriginal(start),
            end: view.toOriginal(end),
            maskedSample: maskSample(value, detector.publicPrefix),
            value,
          });
        }
      }
      const content =
        classifier === undefined || text.length < MIN_MESSAGE_LENGTH
          ? []
          : classifier.classify(text, context.location, meter).flatMap((match) => contentVerdict(text, match, context));
      // What is only flagged hides nothing and must not be hidden by a secret inside of it.
      const flagged = content.filter(({ action }) => action === 'flag');
      return [...mergeOverlaps([...verdicts, ...content.filter(({ action }) => action !== 'flag')]), ...flagged];
    },
  };
}
