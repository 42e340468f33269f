import { endOfDate, KINDS, LOWER, UPPER, DIGIT, COLON, DOT, ESCAPE, PERCENT } from './character-kind.ts';
import { createLeadTable, type LeadTable } from './keyword-leads.ts';
import type { Detector, StepMeter, Trigger } from './detector.ts';
import { createTextCodes } from './text-codes.ts';
import { createWordTable, LOWER_CASE_BIT, SLOT_MASK, WORD_PRIME, WORD_SEED } from './word-table.ts';

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
/** Words kept of a text; a longer one is asked no first question. */
export const MAX_WORDS = 16_384;

export interface CandidateScan {
  /** False: no detector can find anything. The only work done on most texts. */
  readonly mayHold: (text: string) => boolean;
  /** Whether the text that `mayHold` last said false to holds a backslash. */
  readonly lastHadEscape: () => boolean;
  /** Hashes of the words of the text that `mayHold` last said false to: what the content models ask first. */
  readonly lastWords: () => Uint32Array;
  /** For each detector (by index) the ascending offsets at which it begins to look. */
  readonly hits: (text: string, meter: StepMeter) => readonly (readonly number[])[];
}

/** Ascending and distinct; most lists are so already, and sorting a million offsets for nothing takes seconds. */
function ascending(offsets: number[]): readonly number[] {
  for (let index = 1; index < offsets.length; index += 1) {
    if ((offsets[index - 1] ?? 0) >= (offsets[index] ?? 0)) return [...new Set(offsets)].sort((a, b) => a - b);
  }
  return offsets;
}

/**
 * Where detectors begin to look, in one pass over the characters of a text: keywords (tried where a run of letters and
 * digits begins, and at rare signs), words in any case (hashed while reading), numbers with many digits, dotted and
 * colon-separated groups. About two nanoseconds per character.
 */
export function createCandidateScan(detectors: readonly Detector[]): CandidateScan {
  const leads: LeadTable = createLeadTable(detectors);
  const words = createWordTable(detectors);
  const { slots } = words;
  const { starts, signPairs } = leads;
  const textCodes = createTextCodes();
  const listening = (trigger: Trigger): readonly number[] =>
    detectors.flatMap(({ triggers }, index) => (triggers?.includes(trigger) === true ? [index] : []));
  const onDigits = listening('digits');
  const onDots = listening('dots');
  const onColons = listening('colons');
  const always = listening('always');

  const mark = (listeners: readonly number[], at: number, hits: readonly number[][] | undefined): boolean => {
    if (hits !== undefined) for (const index of listeners) hits[index]?.push(at);
    return hits === undefined && listeners.length > 0;
  };

  const wordHashes = new Uint32Array(MAX_WORDS);
  let wordCount = 0;
  let hadEscape = false;
  const kinds = KINDS;
  const [lower, upper, digit] = [LOWER, UPPER, DIGIT];

  /** True at once when `hits` is undefined and something is found. */
  const scan = (text: string, hits: readonly number[][] | undefined): boolean => {
    const length = text.length;
    const codes = textCodes.load(text);
    let count = 0;
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
      let code = codes[at]!;
      let kind = code < 128 ? kinds[code]! : 0;
      if (kind === lower || kind === upper) {
        // A word is capitals, then small letters: the next capital begins another one.
        const start = at;
        if (isLead(starts, codes, at, code) && leads.visitStart(text, at, hits)) return true;
        let hash = WORD_SEED;
        while (kind === upper) {
          hash = Math.imul(hash ^ (code | LOWER_CASE_BIT), WORD_PRIME);
          at += 1;
          code = codes[at]!;
          kind = code < 128 ? kinds[code]! : 0;
        }
        while (kind === lower) {
          hash = Math.imul(hash ^ code, WORD_PRIME);
          at += 1;
          code = codes[at]!;
          kind = code < 128 ? kinds[code]! : 0;
        }
        if (slots[hash & SLOT_MASK] === 1 && words.visit(hash, text, start, at, hits)) return true;
        // Out of bounds a typed array drops what is written.
        wordHashes[count] = hash;
        count += 1;
        digits = 0;
        inRun = code !== SPACE;
        if (!inRun) at += 1;
        continue;
      }
      if (kind === digit) {
        if (!inRun) {
          inRun = true;
          if (isLead(starts, codes, at, code) && leads.visitStart(text, at, hits)) return true;
        }
        if (digits === 0 || at - lastDigit > MAX_GAP_IN_NUMBER) {
          digits = 0;
          numberStart = at;
        }
        if (lastDigit !== at - 1 && (lastDot !== at - 1 || lastDigit !== at - 2)) {
          dots = 0;
          dottedStart = at;
        }
        digits += 1;
        lastDigit = at;
        if (dots === DOTS_OF_ADDRESS) {
          dots += 1;
          if (mark(onDots, dottedStart, hits)) return true;
        }
        at += 1;
        if (digits === MIN_DIGITS) {
          const dateEnd = endOfDate(text, numberStart, at - 1);
          if (dateEnd !== -1) {
            at = dateEnd;
            digits = 0;
          } else if (at - numberStart === MIN_DIGITS && isLongId(codes, numberStart, at)) {
            while (codes[at]! >= 48 && codes[at]! <= 57) at += 1;
            digits = 0;
          } else if (mark(onDigits, numberStart, hits)) return true;
        }
        continue;
      }
      inRun = false;
      at += 1;
      if (kind === 0) continue;
      if (signPairs[(code << 7) | (codes[at]! & 127)] === 1 && leads.visitSign(text, at - 1, code, hits)) return true;
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
      } else if (kind === PERCENT && isHexPair(text, at)) at += 2;
    }
    wordCount = Math.min(count, MAX_WORDS);
    return false;
  };

  return {
    mayHold: (text) => (always.length > 0 && text !== '') || scan(text, undefined) || leads.holdsInner(text),
    lastHadEscape: () => hadEscape,
    lastWords: () => wordHashes.subarray(0, wordCount),
    hits: (text, meter) => {
      const hits = detectors.map((): number[] => []);
      meter.steps += text.length;
      scan(text, hits);
      leads.addInner(text, hits);
      if (text !== '') for (const index of always) hits[index]?.push(0);
      for (const list of hits) meter.steps += list.length;
      return hits.map(ascending);
    },
  };
}

/** True when a keyword begins with the three characters from `at` on, or with others of the same slot. */
function isLead(starts: Int32Array, codes: Uint16Array, at: number, code: number): boolean {
  const slot = ((code * 31 + codes[at + 1]!) * 31 + codes[at + 2]!) & 0xffff;
  return ((starts[slot >>> 5]! >>> (slot & 31)) & 1) === 1;
}

/** True when the digits from `start` on, of which those before `at` are known, are more than `MAX_DIGITS` and follow no capital. */
function isLongId(codes: Uint16Array, start: number, at: number): boolean {
  if (start > 0 && KINDS[codes[start - 1]!] === UPPER) return false;
  for (let next = at; next <= start + MAX_DIGITS; next += 1) {
    const code = codes[next]!;
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function isHexPair(text: string, at: number): boolean {
  const first = KINDS[text.charCodeAt(at)];
  const second = text.charCodeAt(at + 1) | LOWER_CASE_BIT;
  return first === DIGIT && ((second >= 48 && second <= 57) || (second >= 97 && second <= 102));
}
