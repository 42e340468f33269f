import { createLeadTable } from './keyword-leads.ts';
import type { Detector, Hits, StepMeter, Trigger } from './detector.ts';
import { COLONS, createTextScan, DIGITS, DOTS, SIGN, START, WORD, type Found } from './text-scan.ts';
import { createWordTable } from './word-table.ts';

/** Digits with at most this many other characters (none of them a letter) between two of them belong to one number: scan.wat has it too. */
export const MAX_GAP_IN_NUMBER = 4;

export interface CandidateScan {
  /** False: no detector can find anything. The only work done on most texts. */
  readonly mayHold: (text: string) => boolean;
  /** Whether the text that `mayHold` last said false to holds a backslash or a percent sign. */
  readonly lastHadEscape: () => boolean;
  /** For each detector (by index) the ascending offsets at which it begins to look. */
  readonly hits: (text: string, meter: StepMeter) => Readonly<Hits>;
}

/** Ascending and distinct; most lists are so already, and sorting a million offsets for nothing takes seconds. */
function ascending(offsets: number[]): number[] {
  for (let index = 1; index < offsets.length; index += 1) {
    if ((offsets[index - 1] ?? 0) >= (offsets[index] ?? 0)) return [...new Set(offsets)].sort((a, b) => a - b);
  }
  return offsets;
}

/**
 * Where detectors begin to look, in one pass over the characters of a text: keywords (tried where a run of letters and
 * digits begins, and at rare signs), words in any case, numbers with many digits, dotted and colon-separated groups.
 */
export function createCandidateScan(detectors: readonly Detector[]): CandidateScan {
  const leads = createLeadTable(detectors);
  const words = createWordTable(detectors);
  const textScan = createTextScan({ ...leads, slots: words.slots });
  const listening = (trigger: Trigger): readonly number[] =>
    detectors.flatMap(({ triggers }, index) => (triggers?.includes(trigger) === true ? [index] : []));
  const onDigits = listening('digits');
  const onDots = listening('dots');
  const onColons = listening('colons');
  const always = listening('always');

  const mark = (listeners: readonly number[], at: number, hits: Hits | undefined): boolean => {
    if (hits !== undefined) for (const index of listeners) (hits[index] ??= []).push(at);
    return hits === undefined && listeners.length > 0;
  };

  /** The lists to fill; undefined while it is only asked whether there is anything. */
  let filled: Hits | undefined;
  let text = '';

  const found: Found = (kind, at, end) => {
    switch (kind) {
      case START:
        return leads.visitStart(text, at, filled);
      case SIGN:
        return leads.visitSign(text, at, filled);
      case WORD:
        return words.visit(text, at, end, filled);
      case DIGITS:
        return mark(onDigits, at, filled);
      case DOTS:
        return mark(onDots, at, filled);
      case COLONS:
        return mark(onColons, at, filled);
      default:
        return false;
    }
  };

  /** True at once when `hits` is undefined and something is found. */
  const scan = (searched: string, hits: Hits | undefined): boolean => {
    filled = hits;
    text = searched;
    const stopped = textScan.scan(searched, found);
    // Nothing of a sender is kept.
    filled = undefined;
    text = '';
    return stopped;
  };

  return {
    mayHold: (text) => (always.length > 0 && text !== '') || scan(text, undefined),
    lastHadEscape: textScan.hadEscape,
    hits: (text, meter) => {
      const hits: Hits = new Array<number[] | undefined>(detectors.length);
      meter.steps += text.length;
      scan(text, hits);
      if (text !== '') for (const index of always) (hits[index] ??= []).push(0);
      for (let index = 0; index < hits.length; index += 1) {
        const list = hits[index];
        if (list === undefined) continue;
        meter.steps += list.length;
        hits[index] = ascending(list);
      }
      return hits;
    },
  };
}
