/** Bits of CHARACTER_CLASS; an alphabet is a sum of them. */
export const DIGIT = 1;
export const UPPER = 2;
export const LOWER = 4;
export const DASH = 8;
export const UNDERSCORE = 16;
export const BASE64_SIGNS = 32;
export const HEX = 64;
export const BASE62 = DIGIT + UPPER + LOWER;
export const BASE64URL = BASE62 + DASH + UNDERSCORE;

function classify(code: number): number {
  const character = String.fromCharCode(code);
  let bits = 0;
  if (/[0-9]/.test(character)) bits |= DIGIT;
  if (/[A-Z]/.test(character)) bits |= UPPER;
  if (/[a-z]/.test(character)) bits |= LOWER;
  if (/[0-9a-fA-F]/.test(character)) bits |= HEX;
  if (character === '-') bits |= DASH;
  if (character === '_') bits |= UNDERSCORE;
  if (character === '+' || character === '/') bits |= BASE64_SIGNS;
  return bits;
}

const CHARACTER_CLASS = Uint8Array.from({ length: 128 }, (_, code) => classify(code));

/** Bits of the character at `index`; 0 outside of the text and for everything that is not ASCII. */
export function characterClass(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? (CHARACTER_CLASS[code] ?? 0) : 0;
}

/** Offset after the longest run of the alphabet that begins at `from`. */
export function runEnd(text: string, from: number, alphabet: number): number {
  let end = from;
  while ((characterClass(text, end) & alphabet) !== 0) end += 1;
  return end;
}
