export const LOWER = 1;
export const UPPER = 2;
export const DIGIT = 3;
export const COLON = 4;
export const DOT = 5;
export const ESCAPE = 6;
export const PERCENT = 7;
/** A sign that keywords begin with or hold. */
const SIGN = 8;

function kindOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (character === ':') return COLON;
  if (character === '.') return DOT;
  if (character === '%') return PERCENT;
  if (character === '\\') return ESCAPE;
  return /[^\s,"'()[\]{};]/.test(character) ? SIGN : 0;
}

/** What the scan does at a UTF-16 code; 0 = nothing, as at all that is not ASCII. All codes have a place, so that reading needs no check. */
export const KINDS = Uint8Array.from({ length: 0x10000 }, (_, code) => (code < 128 ? kindOf(code) : 0));

const DIGIT_0 = 48;
const DIGIT_1 = 49;
const DIGIT_3 = 51;
const DIGIT_9 = 57;

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9;
}

/**
 * End of `2024-08-06`, `2024/08/06` or `20240806` when that is what the seven digits from `start` to `seventh` begin, or
 * -1. Dates stand in most model names and logs, and no detector wants one by itself.
 */
export function endOfDate(text: string, start: number, seventh: number): number {
  const isCentury = text.startsWith('20', start) || text.startsWith('19', start);
  if (!isCentury) return -1;
  const separated = seventh - start === 8;
  if (!separated && seventh - start !== 6) return -1;
  if (separated && (isDigit(text.charCodeAt(start + 4)) || isDigit(text.charCodeAt(start + 7)))) return -1;
  const end = seventh + 2;
  const monthTens = text.charCodeAt(start + (separated ? 5 : 4));
  if (monthTens > DIGIT_1 || text.charCodeAt(seventh) > DIGIT_3) return -1;
  return isDigit(text.charCodeAt(seventh + 1)) && !isDigit(text.charCodeAt(end)) ? end : -1;
}
