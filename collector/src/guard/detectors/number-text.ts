import { characterClass, DIGIT, LOWER, UPPER } from '../character-class.ts';
import { MAX_GAP_IN_NUMBER } from '../candidate-scan.ts';

const LETTER = LOWER + UPPER;
/** Longest stretch of digits and separators that is looked at at once: a list of numbers is read part by part. */
const PART_LENGTH = 64;
/** No number that a detector wants is longer: what begins in the first half of a part ends in it. */
const OWN_LENGTH = 32;

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

/** Some of the digit runs of a list of numbers. */
export interface NumberPart {
  readonly groups: readonly DigitGroup[];
  /** A number may begin at the first so many groups; the others are the first ones of the next part. */
  readonly own: number;
}

/** The digit runs from `start` on (no letter and at most four other characters between two) and where more follow, or -1. */
function digitGroups(text: string, start: number): { readonly groups: readonly DigitGroup[]; readonly next: number } {
  const groups: DigitGroup[] = [];
  const limit = start + PART_LENGTH;
  let at = start;
  for (;;) {
    let end = at;
    while (isDigit(text, end)) end += 1;
    groups.push({ start: at, end });
    let next = end;
    while (next < end + MAX_GAP_IN_NUMBER && next < text.length && !isDigit(text, next)) {
      if ((characterClass(text, next) & LETTER) !== 0) return { groups, next: -1 };
      next += 1;
    }
    if (!isDigit(text, next)) return { groups, next: -1 };
    if (next >= limit) return { groups, next };
    at = next;
  }
}

/** The digit runs of the numbers that begin at `start`, in parts that overlap: a number is seen whole wherever in a list it stands. */
export function* numberParts(text: string, start: number): Generator<NumberPart, void> {
  let at = start;
  while (at !== -1) {
    const { groups, next } = digitGroups(text, at);
    const later = next === -1 ? -1 : groups.findIndex((group) => group.start >= at + OWN_LENGTH);
    const own = later === -1 ? groups.length : later;
    yield { groups, own };
    at = groups[own]?.start ?? next;
  }
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
