import { ESCAPE, KINDS, LOWER, PERCENT, UPPER } from '../character-kind.ts';
import { createTextCodes } from '../text-codes.ts';
import { isHexPair } from '../candidate-scan.ts';

/** Words kept of a text; a longer one is asked no first question. */
export const MAX_WORDS = 16_384;

const LOWER_CASE_BIT = 32;
const WORD_SEED = 0x811c9dc5 | 0;
const WORD_PRIME = 0x01000193;

/**
 * FNV-1a in lower case of each word of a text, which is capitals, then small letters: what the first question of the content
 * models is about. Valid until the next call.
 */
export function createWordHashes(): (text: string) => Uint32Array {
  const hashes = new Uint32Array(MAX_WORDS);
  const textCodes = createTextCodes();
  const kinds = KINDS;
  return (text) => {
    const codes = textCodes.load(text);
    let count = 0;
    let at = 0;
    while (at < text.length) {
      let code = codes[at]!;
      let kind = kinds[code]!;
      at += 1;
      if (kind === ESCAPE) at += 1;
      else if (kind === PERCENT && isHexPair(codes, at)) at += 2;
      if (kind !== LOWER && kind !== UPPER) continue;
      let hash = WORD_SEED;
      while (kind === UPPER) {
        hash = Math.imul(hash ^ (code | LOWER_CASE_BIT), WORD_PRIME);
        code = codes[at++]!;
        kind = kinds[code]!;
      }
      while (kind === LOWER) {
        hash = Math.imul(hash ^ code, WORD_PRIME);
        code = codes[at++]!;
        kind = kinds[code]!;
      }
      at -= 1;
      // Out of bounds a typed array drops what is written.
      hashes[count++] = hash;
    }
    return hashes.subarray(0, Math.min(count, MAX_WORDS));
  };
}
