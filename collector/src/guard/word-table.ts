import type { Detector } from './detector.ts';

export const LOWER_CASE_BIT = 32;
export const WORD_SEED = 0x811c9dc5 | 0;
export const WORD_PRIME = 0x01000193;
export const SLOT_MASK = 0x1fff;

export interface WordTable {
  /** 1 where a word with this hash (masked) exists: most words of a text end here. */
  readonly slots: Uint8Array;
  /** Adds the word's start to the lists of the detectors that want it. `hits` undefined: returns whether one does. */
  readonly visit: (
    hash: number,
    text: string,
    start: number,
    end: number,
    hits: readonly number[][] | undefined
  ) => boolean;
}

/** FNV-1a over the characters in lower case, as the scan computes it. */
function wordHash(word: string): number {
  let hash = WORD_SEED;
  for (let index = 0; index < word.length; index += 1) {
    hash = Math.imul(hash ^ (word.charCodeAt(index) | LOWER_CASE_BIT), WORD_PRIME);
  }
  return hash;
}

/** The detectors' words by hash. */
export function createWordTable(detectors: readonly Detector[]): WordTable {
  const byHash = new Map<number, { readonly text: string; readonly detectors: readonly number[] }[]>();
  const slots = new Uint8Array(SLOT_MASK + 1);
  const byWord = new Map<string, number[]>();
  detectors.forEach((detector, index) => {
    for (const word of detector.words ?? []) byWord.set(word, [...(byWord.get(word) ?? []), index]);
  });
  for (const [text, indices] of byWord) {
    const hash = wordHash(text);
    byHash.set(hash, [...(byHash.get(hash) ?? []), { text, detectors: indices }]);
    slots[hash & SLOT_MASK] = 1;
  }
  return {
    slots,
    visit: (hash, text, start, end, hits) => {
      const candidates = byHash.get(hash);
      if (candidates === undefined) return false;
      const found = text.slice(start, end).toLowerCase();
      for (const word of candidates) {
        if (word.text !== found) continue;
        for (const index of word.detectors) {
          if (detectors[index]?.confirmWord?.(text, start, end) === false) continue;
          if (hits === undefined) return true;
          hits[index]?.push(start);
        }
      }
      return false;
    },
  };
}
