import { KINDS, LOWER, UPPER, DIGIT } from './character-kind.ts';
import type { Detector } from './detector.ts';

/** Keywords from this length on may stand in the middle of a run; shorter ones would be parts of words there. */
const FREE_KEYWORD_LENGTH = 9;
const SLOTS = 65_536;
const ANY = -1;

interface Keyword {
  readonly text: string;
  /** Where in the keyword the character stands at which it is tried. */
  readonly offset: number;
  /** Found, but no reason to look at a text: another keyword of the detector must occur with it. */
  readonly quiet: boolean;
  readonly detectors: readonly number[];
}

export interface LeadTable {
  /** A bit where three characters (hashed to sixteen bits) begin a keyword: few enough numbers to stay in the nearest cache. */
  readonly starts: Int32Array;
  /** 1 for a sign at which keywords are tried and the character behind it (seven bits each). */
  readonly signPairs: Uint8Array;
  /** Both return true when `hits` is undefined and a keyword occurs. */
  readonly visitStart: (text: string, at: number, hits: readonly number[][] | undefined) => boolean;
  readonly visitSign: (text: string, at: number, code: number, hits: readonly number[][] | undefined) => boolean;
  /** Keywords that stand inside of a run and hold no sign: searched on their own, so there should be few. */
  readonly holdsInner: (text: string) => boolean;
  readonly addInner: (text: string, hits: readonly number[][]) => void;
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

/** A space stands behind the end, as in the array that the scan reads. */
function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : 32;
}

function slotsOf(lead: string): readonly number[] {
  const [first, second, third] = [lead.charCodeAt(0), lead.charCodeAt(1), lead.charCodeAt(2)];
  const seconds = lead.length > 1 ? [second] : [...KINDS.keys()];
  const thirds = lead.length > 2 ? [third] : [...KINDS.keys()];
  return seconds.flatMap((b) => thirds.map((c) => ((first * 31 + b) * 31 + c) & (SLOTS - 1)));
}

/**
 * Decides for each keyword where it is tried: at the beginning of a run of letters and digits, at a capital inside of a
 * camelCase name, or at a sign. A keyword that begins in the middle of a name (`ecret_access_key`, for both cases of its
 * first letter) holds a sign or a capital.
 */
export function createLeadTable(detectors: readonly Detector[]): LeadTable {
  const starts = new Int32Array(SLOTS / 32);
  const signPairs = new Uint8Array(128 * 128);
  const byStart = new Map<number, Keyword[]>();
  const bySign = new Map<number, Keyword[]>();
  const inner: Keyword[] = [];
  const indices = new Map<string, { quiet: boolean; detectors: number[] }>();
  detectors.forEach(({ keywords, quietKeywords }, index) => {
    for (const [list, quiet] of [
      [keywords, false],
      [quietKeywords ?? [], true],
    ] as const) {
      for (const text of list) {
        const known = indices.get(text) ?? { quiet: true, detectors: [] };
        indices.set(text, { quiet: known.quiet && quiet, detectors: [...known.detectors, index] });
      }
    }
  });
  const addStart = (keyword: Keyword): void => {
    for (const slot of new Set(slotsOf(keyword.text.slice(keyword.offset)))) {
      starts[slot >>> 5] = (starts[slot >>> 5] ?? 0) | (1 << (slot & 31));
      byStart.set(slot, [...(byStart.get(slot) ?? []), keyword]);
    }
  };
  for (const [text, { quiet, detectors: owners }] of indices) {
    const sign = signOffset(text);
    const hump = humpOffset(text);
    const keyword = { text, quiet, detectors: owners };
    const isFree =
      text.length >= FREE_KEYWORD_LENGTH || /^(?:ecret|assword|ASSWORD|ubscription|UBSCRIPTION)/.test(text);
    if (sign === 0 || (sign > 0 && isFree) || /^[0-9]Q~$/.test(text)) {
      const code = text.charCodeAt(sign);
      const next = text.charCodeAt(sign + 1);
      if (sign + 1 < text.length) signPairs[(code << 7) | next] = 1;
      else signPairs.fill(1, code << 7, (code + 1) << 7);
      bySign.set(code, [...(bySign.get(code) ?? []), { ...keyword, offset: sign }]);
    } else if (isFree && hump > 0) addStart({ ...keyword, offset: hump });
    else if (text === text.toUpperCase() && sign === -1 && /^[A-Z]+\d$/.test(text))
      inner.push({ ...keyword, offset: 0 });
    else addStart({ ...keyword, offset: 0 });
  }

  const visit = (
    candidates: readonly Keyword[] | undefined,
    text: string,
    at: number,
    hits: readonly number[][] | undefined
  ): boolean => {
    if (candidates === undefined) return false;
    for (const { text: keyword, offset, quiet, detectors: owners } of candidates) {
      if (hits === undefined && quiet) continue;
      if (at < offset || !text.startsWith(keyword, at - offset)) continue;
      if (hits === undefined) return true;
      for (const index of owners) hits[index]?.push(at - offset);
    }
    return false;
  };
  return {
    starts,
    signPairs,
    visitStart: (text, at, hits) => {
      const slot = ((text.charCodeAt(at) * 31 + codeAt(text, at + 1)) * 31 + codeAt(text, at + 2)) & (SLOTS - 1);
      return visit(byStart.get(slot), text, at, hits);
    },
    visitSign: (text, at, code, hits) => visit(bySign.get(code), text, at, hits),
    holdsInner: (text) => inner.some(({ text: keyword }) => text.includes(keyword)),
    addInner: (text, hits) => {
      for (const { text: keyword, detectors: owners } of inner) {
        for (let at = text.indexOf(keyword); at !== ANY; at = text.indexOf(keyword, at + 1)) {
          for (const index of owners) hits[index]?.push(at);
        }
      }
    },
  };
}
