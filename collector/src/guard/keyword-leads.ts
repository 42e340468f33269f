import { DIGIT, KINDS, LOWER, UPPER } from './character-kind.ts';
import type { Detector, Hits } from './detector.ts';

/** Keywords from this length on may stand in the middle of a run; shorter ones would be parts of words there. */
const FREE_KEYWORD_LENGTH = 9;
const SLOT_BITS = 16;
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

/** At this sign there are keywords with certain neighbours, or one that is nothing but the sign. */
const WITH_NEIGHBOURS = 1;
export const ALONE = 2;

export interface LeadTable {
  /** A bit where three characters (`leadSlot`) begin a keyword: few enough numbers to stay in the nearest cache. */
  readonly starts: Int32Array;
  /** What to do at a sign, or at a digit behind a letter, by its code: 0 = nothing, `ALONE` = look, else look when `neighbours` says so. */
  readonly signs: Uint8Array;
  /** A bit where a sign stands in a keyword with the characters before and behind it (`leadSlot`). */
  readonly neighbours: Int32Array;
  /** Both return true when `hits` is undefined and a keyword occurs. */
  readonly visitStart: (text: string, at: number, hits: Hits | undefined) => boolean;
  readonly visitSign: (text: string, at: number, hits: Hits | undefined) => boolean;
}

/** Number of a bit for three characters. */
export function leadSlot(first: number, second: number, third: number): number {
  return (((first & ASCII) * 31 + (second & ASCII)) * 31 + (third & ASCII)) & ((1 << SLOT_BITS) - 1);
}

function isRunCharacter(code: number): boolean {
  const kind = KINDS[code];
  return kind === LOWER || kind === UPPER || kind === DIGIT;
}

/** Offset of the first sign, at which the scan stops anyway, or -1. */
function signOffset(keyword: string): number {
  for (let index = 0; index < keyword.length; index += 1) if (!isRunCharacter(keyword.charCodeAt(index))) return index;
  return -1;
}

/** Offset of the first capital behind a small letter, where the scan stops as well, or -1. */
function humpOffset(keyword: string): number {
  const hump = /[a-z](?=[A-Z])/.exec(keyword);
  return hump === null ? -1 : hump.index + 1;
}

/** Slots of the three characters of a keyword from `at` on; those outside of it may be any. */
function slotsAt(keyword: string, at: number): ReadonlySet<number> {
  const choices = (index: number): readonly number[] =>
    index >= 0 && index < keyword.length ? [keyword.charCodeAt(index)] : ALL_ASCII;
  const slots = choices(at).flatMap((first) =>
    choices(at + 1).flatMap((second) => choices(at + 2).map((third) => leadSlot(first, second, third)))
  );
  return new Set(slots);
}

/** Spaces stand before and behind the text, as in the array that the scan reads. */
function slotIn(text: string, at: number): number {
  const code = (index: number): number => (index >= 0 && index < text.length ? text.charCodeAt(index) : SPACE);
  return leadSlot(code(at), code(at + 1), code(at + 2));
}

/**
 * Decides for each keyword where it is tried: at the beginning of a run of letters and digits, at a capital inside of a
 * camelCase name, or at a sign. A keyword that begins in the middle of a name (`ecret_access_key`, for both cases of its
 * first letter) holds a sign, a capital or a digit behind capitals.
 */
export function createLeadTable(detectors: readonly Detector[]): LeadTable {
  const starts = new Int32Array(1 << (SLOT_BITS - 5));
  const neighbours = new Int32Array(1 << (SLOT_BITS - 5));
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
  const addTo = (bits: Int32Array, keywords: Map<number, Keyword[]>, keyword: Keyword, from: number): void => {
    for (const slot of slotsAt(keyword.text, from)) {
      bits[slot >>> 5] = (bits[slot >>> 5] ?? 0) | (1 << (slot & 31));
      keywords.set(slot, [...(keywords.get(slot) ?? []), keyword]);
    }
  };
  for (const [text, { quiet, detectors: indices }] of owners) {
    const sign = signOffset(text);
    const hump = humpOffset(text);
    const isFree =
      text.length >= FREE_KEYWORD_LENGTH || /^(?:ecret|assword|ASSWORD|ubscription|UBSCRIPTION)/.test(text);
    const at = (offset: number): Keyword => ({ text, offset, quiet, detectors: indices });
    const addSign = (offset: number): void => {
      const code = text.charCodeAt(offset);
      signs[code] = Math.max(signs[code] ?? 0, WITH_NEIGHBOURS);
      addTo(neighbours, bySign, at(offset), offset - 1);
    };
    if (text.length === 1 && sign === 0) {
      signs[text.charCodeAt(0)] = ALONE;
      loneSigns.set(text, [at(0)]);
    } else if (sign === 0 || (sign > 0 && isFree) || /^[0-9]Q~$/.test(text)) addSign(sign);
    else if (/^[A-Z]+\d$/.test(text)) addSign(text.length - 1);
    else if (isFree && hump > 0) addTo(starts, byStart, at(hump), hump);
    else addTo(starts, byStart, at(0), 0);
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
    starts,
    signs,
    neighbours,
    visitStart: (text, at, hits) => visit(byStart.get(slotIn(text, at)), text, at, hits),
    visitSign: (text, at, hits) =>
      visit(loneSigns.get(text.charAt(at)), text, at, hits) || visit(bySign.get(slotIn(text, at - 1)), text, at, hits),
  };
}
