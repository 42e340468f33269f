import type { Detector, StepMeter, Trigger } from './detector.ts';

/** Digits with at most this many other characters (none of them a letter) between two of them belong to one number. */
export const MAX_GAP_IN_NUMBER = 4;
/** A number with fewer digits is of no interest to any detector. */
export const MIN_DIGITS = 7;
/** Three dots between digits: an IPv4 address may have as few as four digits. */
const DOTS_OF_ADDRESS = 3;
/** Colons no more than five characters apart: an IPv6 address without `::` has seven, a MAC address five. */
const COLONS_OF_ADDRESS = 4;
const MAX_COLON_DISTANCE = 5;

const OTHER = 0;
const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const COLON = 4;
const DOT = 5;
const ESCAPE = 6;
const LOWER_CASE_BIT = 32;
const WORD_SEED = 0x811c9dc5 | 0;
const WORD_PRIME = 0x01000193;
const SLOT_MASK = 0x1fff;

function kindOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (character === ':') return COLON;
  if (character === '.') return DOT;
  return character === '\\' ? ESCAPE : OTHER;
}

const KINDS = Uint8Array.from({ length: 128 }, (_, code) => kindOf(code));

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/**
 * End of `2024-08-06`, `2024/08/06` or `20240806` when that is what the seven digits from `start` to `seventh` begin, or
 * -1. Dates stand in most model names and logs, and no detector wants one by itself.
 */
function endOfDate(text: string, start: number, seventh: number): number {
  const century = text.charCodeAt(start) * 100 + text.charCodeAt(start + 1);
  if (century !== 5048 && century !== 4957) return -1;
  const separated = seventh - start === 8;
  if (!separated && seventh - start !== 6) return -1;
  if (separated && (isDigit(text.charCodeAt(start + 4)) || isDigit(text.charCodeAt(start + 7)))) return -1;
  const end = seventh + 2;
  const monthTens = text.charCodeAt(start + (separated ? 5 : 4));
  const dayTens = text.charCodeAt(seventh);
  if (monthTens > 49 || dayTens > 51 || !isDigit(text.charCodeAt(seventh + 1)) || isDigit(text.charCodeAt(end))) return -1;
  return end;
}

interface Word {
  readonly text: string;
  readonly detectors: readonly number[];
}

export interface TriggerScan {
  /** True when a word or a marked place may be of interest to a detector. */
  readonly mayHold: (text: string) => boolean;
  /** Adds the offsets to the lists of the detectors (by index). */
  readonly addHits: (text: string, hits: readonly number[][], meter: StepMeter) => void;
}

function wordHash(word: string): number {
  let hash = WORD_SEED;
  for (let index = 0; index < word.length; index += 1) {
    hash = Math.imul(hash ^ (word.charCodeAt(index) | LOWER_CASE_BIT), WORD_PRIME);
  }
  return hash;
}

/**
 * One pass over the characters that marks what detectors without a keyword begin at: words in any case (hashed while
 * reading, a table tells at the end of a word whether to compare), numbers with many digits, dotted and colon-separated
 * groups. Costs about a nanosecond per character.
 */
export function createTriggerScan(detectors: readonly Detector[]): TriggerScan {
  const words = new Map<number, Word[]>();
  const slots = new Uint8Array(SLOT_MASK + 1);
  const byWord = new Map<string, number[]>();
  detectors.forEach((detector, index) => {
    for (const word of detector.words ?? []) byWord.set(word, [...(byWord.get(word) ?? []), index]);
  });
  for (const [text, indices] of byWord) {
    const hash = wordHash(text);
    words.set(hash, [...(words.get(hash) ?? []), { text, detectors: indices }]);
    slots[hash & SLOT_MASK] = 1;
  }
  const listening = (trigger: Trigger): readonly number[] =>
    detectors.flatMap(({ triggers }, index) => (triggers?.includes(trigger) === true ? [index] : []));
  const onDigits = listening('digits');
  const onDots = listening('dots');
  const onColons = listening('colons');

  /** The detectors that want this word. `hits` undefined: only whether there is one. */
  const visitWord = (
    hash: number,
    text: string,
    start: number,
    end: number,
    hits: readonly number[][] | undefined
  ): boolean => {
    const candidates = words.get(hash);
    if (candidates === undefined) return false;
    const found = text.slice(start, end).toLowerCase();
    let wanted = false;
    for (const word of candidates) {
      if (word.text !== found) continue;
      for (const index of word.detectors) {
        if (detectors[index]?.confirmWord?.(text, start, end) === false) continue;
        wanted = true;
        hits?.[index]?.push(start);
      }
    }
    return wanted;
  };

  const mark = (listeners: readonly number[], at: number, hits: readonly number[][] | undefined): boolean => {
    if (hits !== undefined) for (const index of listeners) hits[index]?.push(at);
    return listeners.length > 0;
  };

  /** True at once when `hits` is undefined and something is found. */
  const scan = (text: string, hits: readonly number[][] | undefined): boolean => {
    let inWord = false;
    let lastLower = false;
    let hash = WORD_SEED;
    let wordStart = 0;
    let digits = 0;
    let lastDigit = -100;
    let numberStart = 0;
    let dots = 0;
    let lastDot = -100;
    let dottedStart = 0;
    let colons = 0;
    let lastColon = -100;
    const length = text.length;
    for (let at = 0; at <= length; at += 1) {
      // NaN beyond the end is not below 128: ends the last word.
      const code = text.charCodeAt(at);
      const kind = code < 128 ? KINDS[code] : OTHER;
      if (kind === LOWER || kind === UPPER) {
        if (inWord && kind === UPPER && lastLower) {
          if (slots[hash & SLOT_MASK] === 1 && visitWord(hash, text, wordStart, at, hits) && hits === undefined)
            return true;
          inWord = false;
        }
        if (!inWord) {
          inWord = true;
          wordStart = at;
          hash = WORD_SEED;
        }
        hash = Math.imul(hash ^ (code | LOWER_CASE_BIT), WORD_PRIME);
        lastLower = kind === LOWER;
        digits = 0;
        continue;
      }
      if (inWord) {
        inWord = false;
        if (slots[hash & SLOT_MASK] === 1 && visitWord(hash, text, wordStart, at, hits) && hits === undefined)
          return true;
      }
      if (kind === OTHER) continue;
      if (kind === DIGIT) {
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
        if (digits === MIN_DIGITS) {
          const dateEnd = endOfDate(text, numberStart, at);
          if (dateEnd !== -1) {
            at = dateEnd - 1;
            digits = 0;
          } else if (mark(onDigits, numberStart, hits) && hits === undefined) return true;
        }
        if (dots === DOTS_OF_ADDRESS) {
          dots += 1;
          if (mark(onDots, dottedStart, hits) && hits === undefined) return true;
        }
      } else if (kind === DOT) {
        if (lastDigit === at - 1) dots += 1;
        lastDot = at;
      } else if (kind === COLON) {
        colons = at - lastColon <= MAX_COLON_DISTANCE ? colons + 1 : 1;
        const doubled = lastColon === at - 1;
        lastColon = at;
        if ((doubled || colons === COLONS_OF_ADDRESS) && mark(onColons, at, hits) && hits === undefined) return true;
      } else {
        // A JSON escape is no part of the word that follows it.
        at += 1;
        digits = 0;
      }
    }
    return false;
  };

  return {
    mayHold: (text) => scan(text, undefined),
    addHits: (text, hits, meter) => {
      meter.steps += text.length;
      scan(text, hits);
    },
  };
}
