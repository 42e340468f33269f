import type { Detector, Match, StepMeter } from '../../detector.ts';
import { entropyBits } from '../key-shape.ts';
import { assignmentAt, MAX_OPERATOR_LENGTH, mayBeAssigned, nameAround, passwordOfPair } from './assignment.ts';
import { namesPair, nameStrength, SECRET_WORDS, type NameStrength } from './secret-names.ts';
import { isNoSecret, isWords, looksGenerated } from './secret-values.ts';

const MAX_VALUE_LENGTH = 512;
const MIN_PASSWORD_LENGTH = 4;
const MAX_ATTEMPTS_PER_VALUE = 3;
const MIN_RANDOM_PASSWORD = 6;
const MIN_GAP_LENGTH = 8;
const MIN_KEY_GAP_LENGTH = 24;
const BARE_KEY_BITS = 3.3;
const BARE_KEY_LENGTH = 14;

/** As Google writes passwords for apps: four words that are none. */
const APP_PASSWORD = /^[a-z]{4}(?: [a-z]{4}){3}$/;
const APP_PASSWORD_LENGTH = 19;

const QUOTE_PREFIX = /^[brufn@$]{0,2}(?=["'`])/i;
const UNQUOTED_STOP = /[\s"'`,;)}\]<>&|\\(]/;

interface Value {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

function isAppPassword(value: string): boolean {
  return APP_PASSWORD.test(value) && !isWords(value);
}

function readValue(text: string, from: number): Value {
  const start = from + (QUOTE_PREFIX.exec(text.slice(from, from + 4))?.[0].length ?? 0);
  const quote = text.charAt(start);
  const limit = Math.min(text.length, start + MAX_VALUE_LENGTH);
  if (quote === '"' || quote === "'" || quote === '`') {
    let end = start + 1;
    while (end < limit && text.charAt(end) !== quote && text.charAt(end) !== '\n' && text.charAt(end) !== '"') end += 1;
    return { start: start + 1, end, quoted: true };
  }
  const words = text.slice(start, start + APP_PASSWORD_LENGTH);
  if (isAppPassword(words) && !/^[\w-]/.test(text.slice(start + words.length, start + words.length + 1)))
    return { start, end: start + words.length, quoted: false };
  let end = start;
  while (end < limit && !UNQUOTED_STOP.test(text.charAt(end))) end += 1;
  // A sentence ends behind it.
  while (end > start && /[.:!?]/.test(text.charAt(end - 1))) end -= 1;
  return { start, end, quoted: false };
}

/** An unquoted run of letters is more often a variable: a setting has the line, or its name in capitals. */
function isSetting(text: string, nameStart: number, name: string, { start, end }: Value): boolean {
  if (/^[A-Z][A-Z0-9_.]*$/.test(name)) return true;
  const lineStart = text.lastIndexOf('\n', nameStart) + 1;
  const lineBefore = text.slice(Math.max(lineStart, nameStart - MAX_OPERATOR_LENGTH), nameStart);
  const rest = text.slice(end, end + 3);
  const endsLine = /^\s*(?:\n|\r|\\|#|$|["'`])/.test(rest);
  const operator = text.slice(nameStart + name.length, start);
  const colon = operator === ': ' && /^[\s\-"']*$/.test(lineBefore);
  const tight = operator === '=' && /^$|[\s"'?&;-]$/.test(lineBefore);
  return (colon || tight) && (endsLine || /^[&;\s]/.test(rest));
}

function scoreValue(
  text: string,
  nameStart: number,
  name: string,
  value: Value,
  strength: NameStrength | 'bare-key'
): number {
  const literal = text.slice(value.start, value.end);
  if (literal.length < MIN_PASSWORD_LENGTH || isNoSecret(literal)) return 0;
  const next = text.charAt(value.end);
  if (!value.quoted && (next === '(' || next === '[' || next === '{')) return 0;
  const lowerName = name.toLowerCase();
  if (lowerName.includes(literal.toLowerCase())) return 0;
  const generated = looksGenerated(literal);
  switch (strength) {
    case 'password': {
      if (generated) return 0.9;
      if (isAppPassword(literal)) return 0.8;
      if (/\s/.test(literal)) return 0;
      const plain = /^[A-Za-z_./-]+$/.test(literal);
      if (!value.quoted && plain && !isSetting(text, nameStart, name, value)) {
        return literal.length >= MIN_RANDOM_PASSWORD && !isWords(literal) ? 0.7 : 0;
      }
      // `password_reset`, `my-password`, `SecretKeyName`: more than one word is a name of something.
      if (plain && /[a-z][A-Z_./-]|[-_./][A-Za-z]/.test(literal) && isWords(literal)) return 0;
      return plain && /pass|pwd|secret|cred/i.test(literal) && isWords(literal) ? 0 : 0.75;
    }
    case 'key':
      return generated || (/^\d{15,20}$/.test(literal) && value.quoted) ? 0.8 : 0;
    case 'bare-key':
      return generated &&
        literal.length >= BARE_KEY_LENGTH &&
        entropyBits(literal) >= BARE_KEY_BITS &&
        /\d/.test(literal) &&
        /[A-Za-z]/.test(literal) &&
        !isWords(literal) &&
        !/^[0-9a-f]{8}-/.test(literal)
        ? 0.7
        : 0;
    case 'none':
      return 0;
  }
}

/** The password of `auth=('ada', 'x')`: one with a digit, as words stand in pairs of all kinds. */
function scorePair(literal: string): number {
  return literal.length >= MIN_RANDOM_PASSWORD && /\d/.test(literal) && /\D/.test(literal) && !isNoSecret(literal)
    ? 0.75
    : 0;
}

/** Behind nothing but a space: what no sentence goes on with. */
function scoreGap(literal: string, minLength: number): number {
  const isWord = /[a-z]{4}|[A-Z]{4}/.test(literal) && isWords(literal);
  return literal.length >= minLength && looksGenerated(literal) && !isWord && !isNoSecret(literal) ? 0.6 : 0;
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let readTo = 0;
  let lastValueEnd = -1;
  let attempts = 0;
  for (const hit of hits) {
    if (hit < readTo) continue;
    const { start, end } = nameAround(text, hit);
    meter.steps += end - start + MAX_OPERATOR_LENGTH;
    const assignment = assignmentAt(text, start, end);
    if (assignment === undefined) continue;
    const name = text.slice(start, end);
    const strength = nameStrength(name);
    if (strength === 'none' || (assignment.isGap && strength !== 'password' && strength !== 'key')) continue;
    const pair = namesPair(name) ? passwordOfPair(text, assignment.at) : -1;
    const value = readValue(text, pair === -1 ? assignment.at : pair);
    meter.steps += 2 * (value.end - value.start);
    const literal = text.slice(value.start, value.end);
    const score =
      pair === -1
        ? assignment.isGap
          ? scoreGap(literal, strength === 'password' ? MIN_GAP_LENGTH : MIN_KEY_GAP_LENGTH)
          : scoreValue(text, start, name, value, strength)
        : scorePair(literal);
    if (score > 0) matches.push({ start: value.start, end: value.end, score });
    // A value may hold names again (`a=b=c`), but only a few are tried, or hostile text would cost its square.
    attempts = value.start < lastValueEnd ? attempts + 1 : 0;
    if (attempts === 0) lastValueEnd = value.end;
    readTo = Math.max(end, value.start);
    if (score > 0) readTo = value.end;
    else if (attempts >= MAX_ATTEMPTS_PER_VALUE) readTo = Math.max(readTo, lastValueEnd);
  }
  return matches;
}

/**
 * Secrets that have no shape of their own, found by the name they are assigned to: settings, environment files, JSON,
 * YAML, XML, code and command lines. Passwords are any literal that is no placeholder; tokens and keys must look generated.
 */
export const assignedSecret: Detector = {
  rule: 'assigned-secret',
  category: 'secret',
  severity: 'high',
  action: 'redact',
  keywords: [],
  words: SECRET_WORDS,
  confirmWord: mayBeAssigned,
  publicPrefix: 0,
  find,
};
