import type { Detector, Match, StepMeter } from '../../detector.ts';
import { surroundings } from '../context-words.ts';
import { digitsBetween, isWordCharacter, numberParts, type DigitGroup } from '../number-text.ts';
import { callingCodeLengths } from './calling-codes.ts';
import { phoneNaming } from './phone-words.ts';

const SEPARATORS = /^(?:[ .\-/\u00a0\u2011\u2013]|\) ?|\)-| ?\(| - | \/ |\) \/ |\)\.){1}$/;
/** `x123`, ` ext. 123`, ` extension 123`, ` #123`: said with the number, and part of it. */
const EXTENSION = /^(?: ?x|,? ?ext(?:ension|n)?\.? ?| #)\d{1,6}(?![\w-])/i;
const EXTENSION_LENGTH = 20;
/** `1.3.6.1.4.1`: the number of an object, a section or a version. */
const SINGLE_DIGITS = /(?:^|-)1-1-1(?:-|$)/;
const ROUND_AMOUNT = /^[1-9]\d{0,2}(?:[ .]000){2,}$/;
const OPENING_LENGTH = 3;
const MAX_DIGITS = 15;
const SURE = 0.9;
const MIN_LOCAL_DIGITS = 7;

const PLUS = 'plus';
const PLAIN = 'plain';

interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly kind: typeof PLUS | typeof PLAIN;
  readonly digits: string;
  /** Lengths of the groups, `3-3-4`. */
  readonly shape: string;
  readonly separators: string;
}

/** Groups that are joined by what stands inside of phone numbers, from `first` on. */
function candidateFrom(text: string, groups: readonly DigitGroup[], first: number): Candidate | undefined {
  const opening = groups[first];
  if (opening === undefined) return undefined;
  let end = opening.end;
  let digits = digitsBetween(text, opening.start, opening.end);
  const lengths = [opening.end - opening.start];
  let separators = '';
  for (const group of groups.slice(first + 1)) {
    const between = text.slice(end, group.start);
    if (!SEPARATORS.test(between)) break;
    const more = digitsBetween(text, group.start, group.end);
    if (digits.length + more.length > MAX_DIGITS) break;
    digits += more;
    lengths.push(more.length);
    separators += between;
    end = group.end;
  }
  let { start } = opening;
  const before = text.slice(Math.max(0, start - OPENING_LENGTH), start);
  const prefix = /(\+ ?\(?|\()$/.exec(before)?.[0] ?? '';
  const closes = separators.includes(')') || !prefix.includes('(');
  if (closes) start -= prefix.length;
  const kind = prefix.startsWith('+') ? PLUS : PLAIN;
  return { start, end, kind, digits, shape: lengths.join('-'), separators };
}

/** North American area and exchange codes begin with 2 to 9. Source: NANPA numbering plan. */
function isNorthAmerican(digits: string): boolean {
  return /^1?[2-9]\d{9}$/.test(digits);
}

function isInternational(digits: string): boolean {
  const lengths = callingCodeLengths(digits);
  return lengths !== undefined && digits.length >= lengths[0] && digits.length <= lengths[1];
}

function isDate(text: string): boolean {
  return /^(?:(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d)(?![-./]?\d)/.test(text);
}

/** Looks like a count, an amount or a number of some year: `1048576`, `20 000 000`, `0.0000150`, `2026-114-5532`. */
function isAmount({ digits, shape, separators, start, end }: Candidate, text: string): boolean {
  if (separators === '') return !(/^0[1-9]/.test(digits) || (digits.length === 10 && isNorthAmerican(digits)));
  const written = text.slice(start, end);
  return /^[1-3](?:-3)+$/.test(shape)
    ? /^\d{1,2}[ .]|0$/.test(written)
    : /^(?:[1-9]?\d\.|(?:19|20)\d\d[-/])/.test(written);
}

function score(candidate: Candidate, text: string): number {
  const { digits, kind, shape, separators, start, end } = candidate;
  if (kind === PLUS) return isInternational(digits) || (digits.startsWith('1') && digits.length === 11) ? 0.95 : 0;
  if (digits.length < MIN_LOCAL_DIGITS || /^(\d)\1+$/.test(digits) || isDate(text.slice(start, end))) return 0;
  if (shape === '3-2-4' || shape === '4-6-4' || /^(?:4-)+4$/.test(shape) || SINGLE_DIGITS.test(shape)) return 0;
  if (ROUND_AMOUNT.test(text.slice(start, end))) return 0;
  // Seconds and milliseconds since 1970, and round numbers.
  if (/^1(?:\d{9}|\d{12})$/.test(shape === String(digits.length) ? digits : '')) return 0;
  const naming = phoneNaming(surroundings(text, start, end));
  if (naming === 'other') return 0;
  const named = naming !== 'none' && (naming === 'next' || !isAmount(candidate, text));
  const american = isNorthAmerican(digits) && /^(?:1-)?3-3-4$/.test(shape);
  if (american && separators !== '' && !(separators.startsWith(' ') && !named)) return 0.9;
  if (american && separators.includes(')')) return 0.9;
  if (/^0[1-9]-\d\d-\d\d-\d\d-\d\d$/.test(text.slice(start, end).replace(/[ .]/g, '-'))) return 0.85;
  if (digits.startsWith('00') && separators !== '' && isInternational(digits.slice(2))) return 0.85;
  if (american && separators === '  ') return 0.6;
  return named ? 0.75 : 0;
}

/** What stands before and behind a number that makes it part of something else. */
function isJoined(text: string, { start, end, kind }: Candidate): boolean {
  const before = text.charAt(start - 1);
  if (isWordCharacter(text, start - 1) || isWordCharacter(text, end) || '-./$#%€£'.includes(before || ' ')) return true;
  if (kind === PLAIN && /\d:$/.test(text.slice(Math.max(0, start - 2), start))) return true;
  return kind === PLAIN && /^(?:[-./:]\d|,\d\d\b|[%°])/.test(text.slice(end, end + 4));
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  const tryAt = (groups: readonly DigitGroup[], index: number, isFirst: boolean): void => {
    const candidate = candidateFrom(text, groups, index);
    if (candidate === undefined || candidate.start < matchedTo) return;
    const { start, end, kind } = candidate;
    const extension = EXTENSION.exec(text.slice(end, end + EXTENSION_LENGTH))?.[0].length ?? 0;
    if (isJoined(text, extension > 0 ? { ...candidate, end: end + extension } : candidate)) return;
    const value = score(candidate, text);
    // What is left of a longer number is a phone number only when it is written like one beyond doubt.
    const isRest = !isFirst && kind === PLAIN && /\d[ .-]$/.test(text.slice(Math.max(0, start - 2), start));
    if (value === 0 || (isRest && value < SURE)) return;
    matches.push({ start, end: end + extension, score: value });
    matchedTo = end + extension;
  };
  for (const hit of hits) {
    for (const { groups, own } of numberParts(text, hit)) {
      const first = groups[0]?.start ?? hit;
      meter.steps += (groups.at(-1)?.end ?? hit) - first;
      for (let index = 0; index < own; index += 1) tryAt(groups, index, index === 0 && first === hit);
    }
  }
  return matches;
}

/**
 * Phone numbers: international ones by calling code and length (ITU-T E.164), North American and French ones by their
 * way of writing, others only next to a word about phones. A check of area codes would miss new ones and gain little:
 * they are flagged, not redacted, by default.
 */
export const phone: Detector = {
  rule: 'phone',
  category: 'pii',
  severity: 'medium',
  action: 'flag',
  keywords: [],
  triggers: ['digits'],
  publicPrefix: 0,
  find,
};
