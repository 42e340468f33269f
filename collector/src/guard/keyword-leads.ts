import { BASE62, characterClass, DIGIT } from './character-class.ts';
import type { Detector, Hits } from './detector.ts';

/** Keywords from this length on may stand in the middle of a run; shorter ones would be parts of words there. */
const FREE_KEYWORD_LENGTH = 9;
const SLOT_BITS = 16;
/** Odd constant of multiplicative hashing (Knuth, TAOCP 3, section 6.4). */
const SPREAD = 0x9e3779b1 | 0;
const MIX_SHIFT = 15;
const ASCII = 127;
const SPACE = 32;
const ALL_ASCII: readonly number[] = Array.from({ length: ASCII + 1 }, (_, code) => code);

interface Keyword {
  readonly text: string;
  /** Where in the keyword the character stands at which it is tried. */
  readonly offset: number;
  /** Found, but no reason to look at a text: another keyword of the detector must occur with it. */
  readonly quiet: boolean;
  readonly detectors: readonly number[];
}

/** How many characters before a sign, or before a digit behind capitals, are looked at with it. */
const BEFORE_SIGN = 1;
const BEFORE_DIGIT = 2;
/** At this sign there are keywords with certain neighbours, or one that is nothing but the sign. */
const WITH_NEIGHBOURS = 1;
const ALONE = 2;

export interface LeadTable {
  /** A bit for each three characters that begin a keyword of three or less. */
  readonly threes: Int32Array;
  /** A bit for each four characters that begin a longer one. */
  readonly fours: Int32Array;
  /** A second bit of each key of the other tables: with one of them many words would be looked at for nothing. */
  readonly seconds: Int32Array;
  /** What to do at a sign, by its code: 0 = nothing, `ALONE` = look, else look when `neighbours` says so. */
  readonly signs: Uint8Array;
  /** A bit where a sign stands in a keyword with the characters before and behind it, or a digit behind the two before it. */
  readonly neighbours: Int32Array;
  /** Both return true when `hits` is undefined and a keyword occurs. */
  readonly visitStart: (text: string, at: number, hits: Hits | undefined) => boolean;
  readonly visitSign: (text: string, at: number, hits: Hits | undefined) => boolean;
}

/** Four ASCII characters as a number, or three when the fourth is 0. */
function leadKey(first: number, second: number, third: number, fourth: number): number {
  return ((fourth & ASCII) << 24) | ((third & ASCII) << 16) | ((second & ASCII) << 8) | (first & ASCII);
}

/** The first and the second bit of a key, as scan.wat counts. */
function leadSlots(key: number): readonly [number, number] {
  const spread = Math.imul(key, SPREAD);
  return [spread >>> (32 - SLOT_BITS), Math.imul(spread ^ (spread >>> MIX_SHIFT), SPREAD) >>> (32 - SLOT_BITS)];
}

function setBit(bits: Int32Array, slot: number): void {
  bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
}

/** Offset of the first sign, at which the scan stops anyway, or -1. */
function signOffset(keyword: string): number {
  for (let index = 0; index < keyword.length; index += 1)
    if ((characterClass(keyword, index) & BASE62) === 0) return index;
  return -1;
}

/** Offset of the first capital behind a small letter, where the scan stops as well, or -1. */
function humpOffset(keyword: string): number {
  const hump = /[a-z](?=[A-Z])/.exec(keyword);
  return hump === null ? -1 : hump.index + 1;
}

/** Keys of so many characters from `at` on where the keyword stands; those outside of it may be any. */
function keysAt(keyword: string, at: number, count: 3 | 4): ReadonlySet<number> {
  const choices = (index: number): readonly number[] =>
    index >= 0 && index < keyword.length ? [keyword.charCodeAt(index)] : ALL_ASCII;
  const keys = choices(at).flatMap((first) =>
    choices(at + 1).flatMap((second) =>
      choices(at + 2).map((third) => leadKey(first, second, third, count === 4 ? keyword.charCodeAt(at + 3) : 0))
    )
  );
  return new Set(keys);
}

function keyIn(text: string, at: number, count: 3 | 4): number {
  const code = (index: number): number => (index >= 0 && index < text.length ? text.charCodeAt(index) : SPACE);
  return leadKey(code(at), code(at + 1), code(at + 2), count === 4 ? code(at + 3) : 0);
}

/**
 * Decides for each keyword where it is tried: at the beginning of a run of letters and digits, at a capital inside of a
 * camelCase name, or at a sign. A keyword that begins in the middle of a name (`ecret_access_key`, for both cases of its
 * first letter) holds a sign, a capital or a digit behind capitals.
 */
export function createLeadTable(detectors: readonly Detector[]): LeadTable {
  const [threes, fours, neighbours, seconds] = Array.from(
    { length: 4 },
    () => new Int32Array(1 << (SLOT_BITS - 5))
  ) as [Int32Array, Int32Array, Int32Array, Int32Array];
  const signs = new Uint8Array(ASCII + 1);
  const byStart = new Map<number, Keyword[]>();
  const bySign = new Map<number, Keyword[]>();
  const loneSigns = new Map<string, Keyword[]>();
  const owners = new Map<string, { quiet: boolean; detectors: number[] }>();
  detectors.forEach(({ keywords, quietKeywords = [] }, index) => {
    const add = (text: string, quiet: boolean): void => {
      const known = owners.get(text) ?? { quiet: true, detectors: [] };
      owners.set(text, { quiet: known.quiet && quiet, detectors: [...known.detectors, index] });
    };
    for (const text of keywords) add(text, false);
    for (const text of quietKeywords) add(text, true);
  });
  const addTo = (
    bits: Int32Array,
    keywords: Map<number, Keyword[]>,
    keyword: Keyword,
    from: number,
    count: 3 | 4
  ): void => {
    for (const key of keysAt(keyword.text, from, count)) {
      const [first, second] = leadSlots(key);
      setBit(bits, first);
      setBit(seconds, second);
      keywords.set(key, [...(keywords.get(key) ?? []), keyword]);
    }
  };
  for (const [text, { quiet, detectors: indices }] of owners) {
    const sign = signOffset(text);
    const hump = humpOffset(text);
    const isFree =
      text.length >= FREE_KEYWORD_LENGTH || /^(?:ecret|assword|ASSWORD|ubscription|UBSCRIPTION)/.test(text);
    const at = (offset: number): Keyword => ({ text, offset, quiet, detectors: indices });
    const addSign = (offset: number, before: number): void => {
      const code = text.charCodeAt(offset);
      signs[code] = Math.max(signs[code] ?? 0, WITH_NEIGHBOURS);
      addTo(neighbours, bySign, at(offset), offset - before, 3);
    };
    const addStart = (offset: number): void => {
      if (text.length - offset < 4) addTo(threes, byStart, at(offset), offset, 3);
      else addTo(fours, byStart, at(offset), offset, 4);
    };
    if (text.length === 1 && sign === 0) {
      signs[text.charCodeAt(0)] = ALONE;
      loneSigns.set(text, [at(0)]);
    } else if (sign === 0 || (sign > 0 && isFree) || /^[0-9]Q~$/.test(text)) addSign(sign, BEFORE_SIGN);
    else if (/^[A-Z]+\d$/.test(text)) addSign(text.length - 1, BEFORE_DIGIT);
    else if (isFree && hump > 0) addStart(hump);
    else addStart(0);
  }

  const visit = (
    candidates: readonly Keyword[] | undefined,
    text: string,
    at: number,
    hits: Hits | undefined
  ): boolean => {
    if (candidates === undefined) return false;
    for (const { text: keyword, offset, quiet, detectors: indices } of candidates) {
      if (hits === undefined && quiet) continue;
      if (at < offset || !text.startsWith(keyword, at - offset)) continue;
      if (hits === undefined) return true;
      for (const index of indices) (hits[index] ??= []).push(at - offset);
    }
    return false;
  };
  return {
    threes,
    fours,
    seconds,
    neighbours,
    signs,
    visitStart: (text, at, hits) => {
      const [three, four] = [keyIn(text, at, 3), keyIn(text, at, 4)];
      return visit(byStart.get(three), text, at, hits) || (four !== three && visit(byStart.get(four), text, at, hits));
    },
    visitSign: (text, at, hits) => {
      const before = (characterClass(text, at) & DIGIT) === 0 ? BEFORE_SIGN : BEFORE_DIGIT;
      return (
        visit(loneSigns.get(text.charAt(at)), text, at, hits) ||
        visit(bySign.get(keyIn(text, at - before, 3)), text, at, hits)
      );
    },
  };
}
