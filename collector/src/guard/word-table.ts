import { characterClass, LOWER, UPPER } from './character-class.ts';
import type { Detector, Hits } from './detector.ts';

const LOWER_CASE_BIT = 32;
const SLOT_BITS = 16;
/** Odd constant of multiplicative hashing (Knuth, TAOCP 3, section 6.4). */
const SPREAD = 0x9e3779b1 | 0;

export interface WordTable {
  /** A bit where a word may exist (`wordSlot`): most words of a text end here. */
  readonly slots: Int32Array;
  /** Adds the word's start to the lists of the detectors that want it. `end` is -1 where nobody knows it yet. `hits` undefined: returns whether one does. */
  readonly visit: (text: string, start: number, end: number, hits: Hits | undefined) => boolean;
}

/** Where in `slots` a word stands in any case, by its length and three of its letters: a loop over all of them costs more than a few words too many. */
function wordSlot(first: number, middle: number, last: number, length: number): number {
  const letters = ((first | LOWER_CASE_BIT) << 16) | ((middle | LOWER_CASE_BIT) << 8) | last | LOWER_CASE_BIT;
  return Math.imul(letters ^ (length << 24), SPREAD) >>> (32 - SLOT_BITS);
}

/** Where the word that begins at `start` ends: capitals, then small letters. Looks at no more than `most` letters. */
function endOfWord(text: string, start: number, most: number): number {
  let end = start;
  for (const letters of [UPPER, LOWER])
    while (end - start < most && (characterClass(text, end) & letters) !== 0) end += 1;
  return end;
}

/** The detectors' words. */
export function createWordTable(detectors: readonly Detector[]): WordTable {
  const slots = new Int32Array(1 << (SLOT_BITS - 5));
  const byWord = new Map<string, number[]>();
  detectors.forEach((detector, index) => {
    for (const word of detector.words ?? []) byWord.set(word, [...(byWord.get(word) ?? []), index]);
  });
  for (const word of byWord.keys()) {
    const { length } = word;
    const slot = wordSlot(word.charCodeAt(0), word.charCodeAt(length >> 1), word.charCodeAt(length - 1), length);
    slots[slot >>> 5] = (slots[slot >>> 5] ?? 0) | (1 << (slot & 31));
  }
  const longest = Math.max(0, ...Array.from(byWord.keys(), ({ length }) => length));
  return {
    slots,
    visit: (text, start, knownEnd, hits) => {
      const end = knownEnd === -1 ? endOfWord(text, start, longest + 1) : knownEnd;
      const owners = byWord.get(text.slice(start, end).toLowerCase());
      if (owners === undefined) return false;
      for (const index of owners) {
        if (detectors[index]?.confirmWord?.(text, start, end) === false) continue;
        if (hits === undefined) return true;
        (hits[index] ??= []).push(start);
      }
      return false;
    },
  };
}
