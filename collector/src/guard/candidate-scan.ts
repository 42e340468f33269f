import { endOfDate, KINDS, LOWER, UPPER, DIGIT, COLON, DOT, ESCAPE, PERCENT } from './character-kind.ts';
import { ALONE, createLeadTable, leadSlot } from './keyword-leads.ts';
import type { Detector, Hits, StepMeter, Trigger } from './detector.ts';
import { createTextCodes } from './text-codes.ts';
import { createWordTable, wordSlot } from './word-table.ts';

/** Digits with at most this many other characters (none of them a letter) between two of them belong to one number. */
export const MAX_GAP_IN_NUMBER = 4;
/** A number with fewer digits is of no interest to any detector. */
const MIN_DIGITS = 7;
/** A longer unbroken run of digits is an id: a card has 19, and only an IBAN more, behind a capital. */
const MAX_DIGITS = 19;
/** Three dots between digits: an IPv4 address may have as few as four digits. */
const DOTS_OF_ADDRESS = 3;
/** Colons no more than five characters apart: an IPv6 address without `::` has seven, a MAC address five. */
const COLONS_OF_ADDRESS = 4;
const MAX_COLON_DISTANCE = 5;
const NEVER = -100;
const SPACE = 32;

/** Reading these costs less than reading what is imported. */
const kinds = KINDS;
const lower = LOWER;
const upper = UPPER;
const digit = DIGIT;
const alone = ALONE;

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
  const { slots } = words;
  const { starts, signs, neighbours } = leads;
  const textCodes = createTextCodes();
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

  let hadEscape = false;

  /** True at once when `hits` is undefined and something is found. */
  const scan = (text: string, hits: Hits | undefined): boolean => {
    const length = text.length;
    const codes = textCodes.load(text);
    hadEscape = false;
    let inRun = false;
    let digits = 0;
    let lastDigit = NEVER;
    let numberStart = 0;
    let dots = 0;
    let lastDot = NEVER;
    let dottedStart = 0;
    let colons = 0;
    let lastColon = NEVER;
    let at = 0;
    while (at < length) {
      const code = codes[at]!;
      let kind = kinds[code]!;
      if (kind === lower || kind === upper) {
        // A word is capitals, then small letters: the next capital begins another one.
        const start = at;
        if (isLead(starts, code, codes[at + 1]!, codes[at + 2]!) && leads.visitStart(text, at, hits)) return true;
        while (kind === upper) kind = kinds[codes[++at]!]!;
        while (kind === lower) kind = kinds[codes[++at]!]!;
        const slot = wordSlot(code, codes[(start + at) >> 1]!, codes[at - 1]!, at - start);
        if (hasBit(slots, slot) && words.visit(text, start, at, hits)) return true;
        digits = 0;
        inRun = codes[at]! !== SPACE;
        if (!inRun) at += 1;
        continue;
      }
      if (kind === digit) {
        const start = at;
        if (inRun) {
          if (signs[code]! !== 0 && isLead(neighbours, codes[at - 1]!, code, codes[at + 1]!)) {
            if (leads.visitSign(text, at, hits)) return true;
          }
        } else if (isLead(starts, code, codes[at + 1]!, codes[at + 2]!) && leads.visitStart(text, at, hits))
          return true;
        inRun = true;
        if (digits === 0 || at - lastDigit > MAX_GAP_IN_NUMBER) {
          digits = 0;
          numberStart = at;
        }
        if (lastDigit !== at - 1 && (lastDot !== at - 1 || lastDigit !== at - 2)) {
          dots = 0;
          dottedStart = at;
        } else if (dots === DOTS_OF_ADDRESS) {
          dots += 1;
          if (mark(onDots, dottedStart, hits)) return true;
        }
        while (kind === digit) kind = kinds[codes[++at]!]!;
        lastDigit = at - 1;
        const before = digits;
        digits += at - start;
        if (before >= MIN_DIGITS || digits < MIN_DIGITS) continue;
        const seventh = start + MIN_DIGITS - 1 - before;
        if (
          endOfDate(text, numberStart, seventh) === at ||
          (start === numberStart && at - start > MAX_DIGITS && !isBehindCapital(codes, start))
        ) {
          digits = 0;
          lastDigit = seventh;
        } else if (mark(onDigits, numberStart, hits)) return true;
        continue;
      }
      inRun = false;
      at += 1;
      if (kind === 0) continue;
      const atSign = signs[code]!;
      if (
        atSign !== 0 &&
        (atSign === alone || isLead(neighbours, at > 1 ? codes[at - 2]! : SPACE, code, codes[at]!)) &&
        leads.visitSign(text, at - 1, hits)
      )
        return true;
      if (kind === DOT) {
        if (lastDigit === at - 2) dots += 1;
        lastDot = at - 1;
      } else if (kind === COLON) {
        colons = at - 1 - lastColon <= MAX_COLON_DISTANCE ? colons + 1 : 1;
        const doubled = lastColon === at - 2;
        lastColon = at - 1;
        if ((doubled || colons === COLONS_OF_ADDRESS) && mark(onColons, at - 1, hits)) return true;
      } else if (kind === ESCAPE) {
        // A JSON escape is no part of the word that follows it, nor is a percent escape.
        at += 1;
        digits = 0;
        hadEscape = true;
      } else if (kind === PERCENT) {
        if (isHexPair(codes, at)) at += 2;
        hadEscape = true;
      }
    }
    return false;
  };

  return {
    mayHold: (text) => (always.length > 0 && text !== '') || scan(text, undefined),
    lastHadEscape: () => hadEscape,
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

/** True when a keyword holds these three characters, or others of the same slot. */
function isLead(slots: Int32Array, first: number, second: number, third: number): boolean {
  return hasBit(slots, leadSlot(first, second, third));
}

function hasBit(bits: Int32Array, index: number): boolean {
  return ((bits[index >>> 5]! >>> (index & 31)) & 1) === 1;
}

function isBehindCapital(codes: Uint16Array, start: number): boolean {
  return start > 0 && KINDS[codes[start - 1]!] === UPPER;
}

/** True when the two characters from `at` on are behind a percent sign and say what character is meant. */
function isHexPair(codes: Uint16Array, at: number): boolean {
  const first = codes[at]!;
  const second = codes[at + 1]! | 32;
  return first >= 48 && first <= 57 && ((second >= 48 && second <= 57) || (second >= 97 && second <= 102));
}
