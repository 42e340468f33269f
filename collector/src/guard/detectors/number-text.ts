import { characterClass, DIGIT, LOWER, UPPER } from '../character-class.ts';
import { MAX_GAP_IN_NUMBER } from '../candidate-scan.ts';

const LETTER = LOWER + UPPER;
/** Longest number that is looked at as a whole; a longer run of digits and separators is a table or a dump. */
const MAX_NUMBER_LENGTH = 48;

/** A digit run of a number. */
export interface DigitGroup {
  readonly start: number;
  readonly end: number;
}

function isDigit(text: string, index: number): boolean {
  return (characterClass(text, index) & DIGIT) !== 0;
}

/** True when the character is an ASCII letter, a digit or part of a longer word in another script. */
export function isWordCharacter(text: string, index: number): boolean {
  if ((characterClass(text, index) & (DIGIT + LETTER)) !== 0) return true;
  const code = text.charCodeAt(index);
  return code === 95 || (code >= 0xc0 && code < 0x2000);
}

/** The digit runs of the number that begins at `start`: no letter and at most four other characters between two. */
export function digitGroups(text: string, start: number): readonly DigitGroup[] {
  const groups: DigitGroup[] = [];
  const limit = Math.min(text.length, start + MAX_NUMBER_LENGTH);
  let at = start;
  while (at < limit) {
    let end = at;
    while (isDigit(text, end)) end += 1;
    groups.push({ start: at, end });
    let next = end;
    while (next < end + MAX_GAP_IN_NUMBER && next < text.length && !isDigit(text, next)) {
      if ((characterClass(text, next) & LETTER) !== 0 || text.charAt(next) === '"') return groups;
      next += 1;
    }
    if (!isDigit(text, next)) return groups;
    at = next;
  }
  return groups;
}

/** The digits between two offsets. */
export function digitsBetween(text: string, start: number, end: number): string {
  let digits = '';
  for (let index = start; index < end; index += 1) if (isDigit(text, index)) digits += text.charAt(index);
  return digits;
}

/** Luhn check digit (ISO/IEC 7812-1 annex B) of a string of digits. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
