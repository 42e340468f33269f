import { characterClass, BASE62, DASH, UNDERSCORE } from '../../character-class.ts';

const NAME = BASE62 + DASH + UNDERSCORE;
const MAX_NAME_PART = 48;
/** What stands between a name and its value is looked for in this many characters. */
export const MAX_OPERATOR_LENGTH = 40;
const MAX_PURPOSE_LENGTH = 72;
/** A block that names a value has a type and a description before it. */
const MAX_BLOCK_LENGTH = 200;

/** Assignment in code, settings, JSON, YAML, with or without a type; `is` in prose (in other languages before a digit). */
const OPERATOR =
  /^["'`\])}]{0,2}\s{0,4}(?:(?::\s?|\s)[A-Za-z][\w.<>[\]]{0,20}\s?=(?!=)|={2,3}|=>|::=|[:?+.|]{0,3}=|:(?!:)|\bis(?:\s+set\s+to)?\s|are\s|(?<=\s)(?:was|ist|lautet|est|es|è|é)\s(?=\S{0,24}\d))\s{0,8}/;
/** `("NAME", "value")`, `("value")`, ` value="…"`, `--name value`, `<name>value`. */
const PAIR = /^["'`]\s?,\s{0,4}(?=["'`])/;
const CALL = /^\w{0,16}\(\s?(?=["'`])/;
const ATTRIBUTE = /^["']\s+value=(?=["'])/i;
const ELEMENT = /^(?:\s[^>]{0,24})?>\s{0,12}/;
/** `PASSWORD 'x'` in SQL, `password "x"` in Gradle and C. */
const STATEMENT = /^\s{1,4}(?=N?["'`])/;
const OPTION = /^\s(?=[^\s-])/;
/** `name: X` and `value: y` on the next line or behind a comma. */
const NAMED_VALUE = /^["']?\s{0,2},?\s{0,24}["']?value["']?\s{0,3}[:=]\s{0,4}(?=\S)/i;
/** `variable "x" { default = "y" }`. */
const BLOCK = /^["']\s{0,3}\{[^{}]{0,160}?\bdefault\s{0,8}=\s{0,4}(?=["'])/;
/** `ENV NAME value`. */
const DOCKER_LINE = /(?:^|\n)[ \t]{0,8}(?:ENV|ARG|setenv)[ \t]{1,4}$/;
/** `password dR4gon!x` in `.netrc` and chats: nothing but a space, so the value must be beyond doubt. */
const GAP = /^[ \t]{1,4}(?=[^\s"'`]{0,24}[a-z])(?=[^\s"'`]{0,24}\d)(?=[^\s"'`]{0,24}[A-Z!@#%^*~+_-])(?=[^\s"'`]{8})/;
/** Next to a secret word these name an algorithm. */
const ALGORITHM =
  /^[ \t]{1,4}\S{0,16}(?:sha-?\d|pbkdf|bcrypt|scrypt|argon|aes|md5|utf-?\d|base64|oauth|http|v\d|\d\.\d)/i;

/** `password for the VPN: x`, `Passwort für das WLAN ist x`: the value must be beyond doubt here, too. */
const PURPOSE =
  /^ (?:for|of|to|für|fuer|zum|zur|vom|pour|du|de|para|do|dla) [\w .@/-]{1,24}?(?::| is| ist| est| es| to)[ \t]{1,2}(?=[^\s"'`]{0,24}[A-Za-z])(?=[^\s"'`]{0,24}\d)(?=[^\s"'`]{8})/;
/** The user before a password: `('ada', `. */
const USER = /^\(?\s?(["'])[^"'\n]{1,64}\1,\s{0,4}(?=["'])/;
const MAX_USER_LENGTH = 80;

/** Where a value begins, and whether only a space says that it is one. */
export interface Assignment {
  readonly at: number;
  readonly isGap: boolean;
}

/** Letters of Latin scripts too: `contraseña`, `hasło`. */
function isNameCharacter(text: string, index: number): boolean {
  if ((characterClass(text, index) & NAME) !== 0) return true;
  const code = text.charCodeAt(index);
  return (text.charAt(index) === '.' && index > 0) || (code >= 0xc0 && code < 0x250);
}

/** The name around a word: as far as it goes without a gap. */
export function nameAround(text: string, hit: number): { readonly start: number; readonly end: number } {
  let start = hit;
  while (hit - start < MAX_NAME_PART && isNameCharacter(text, start - 1)) start -= 1;
  let end = hit;
  while (end - hit < MAX_NAME_PART && isNameCharacter(text, end)) end += 1;
  while (text.charAt(start) === '-' || text.charAt(start) === '.') start += 1;
  while (end > start && text.charAt(end - 1) === '.') end -= 1;
  return { start, end };
}

/** The value behind a name, or undefined when nothing is assigned to it. Looks at a bounded number of characters. */
export function assignmentAt(text: string, start: number, end: number): Assignment | undefined {
  const rest = text.slice(end, end + MAX_OPERATOR_LENGTH);
  const before = text.charAt(start - 1);
  const isQuoted = before === '"' || before === "'" || before === '`';
  const found =
    NAMED_VALUE.exec(rest) ??
    OPERATOR.exec(rest) ??
    (isQuoted
      ? (PAIR.exec(rest) ?? ATTRIBUTE.exec(rest) ?? BLOCK.exec(text.slice(end, end + MAX_BLOCK_LENGTH)))
      : null) ??
    CALL.exec(rest) ??
    STATEMENT.exec(rest) ??
    (before === '<' ? ELEMENT.exec(rest) : null) ??
    (before === '-' || DOCKER_LINE.test(text.slice(Math.max(0, start - 16), start)) ? OPTION.exec(rest) : null);
  if (found !== null) return { at: end + found[0].length, isGap: false };
  const gap = ALGORITHM.test(rest) ? null : (GAP.exec(rest) ?? PURPOSE.exec(text.slice(end, end + MAX_PURPOSE_LENGTH)));
  return gap === null ? undefined : { at: end + gap[0].length, isGap: true };
}

/** Where the password of a pair begins whose user stands at `at`, or -1. */
export function passwordOfPair(text: string, at: number): number {
  const user = USER.exec(text.slice(at, at + MAX_USER_LENGTH));
  return user === null ? -1 : at + user[0].length;
}

/** Cheap: most secret words in prose are followed by neither a quote, a bracket nor an assignment. */
export function mayBeAssigned(text: string, start: number, end: number): boolean {
  // `hasło`: half of a word that English has too.
  if (end - start === 3 && /^has$/i.test(text.slice(start, end)) && !text.startsWith('ło', end)) return false;
  let at = end;
  while (at < end + MAX_NAME_PART && isNameCharacter(text, at)) at += 1;
  const next = text.charAt(at);
  if (next === '=' || next === ':' || next === '(' || next === '>') return true;
  if (text.charAt(start - 1) === '<') return true;
  const rest = text.slice(at, at + MAX_OPERATOR_LENGTH);
  if (next === '"' || next === "'" || next === '`' || next === ']' || next === '\\')
    return /^["'`\]\\\s]{0,4}(?:[=:,{]|value)/.test(rest);
  if (!/^\s/.test(rest)) return false;
  if (
    /^\s{1,4}(?:\S{0,3}=|(?:is|was|ist|lautet|est|es|è|é) |:)|^\s+[A-Za-z]{1,12}\s?=|^\s{1,4}N?["'`]|^\s{1,30}value/.test(
      rest
    )
  )
    return true;
  if (GAP.test(rest) || PURPOSE.test(text.slice(at, at + MAX_PURPOSE_LENGTH))) return true;
  let nameStart = start;
  while (start - nameStart < MAX_NAME_PART && isNameCharacter(text, nameStart - 1)) nameStart -= 1;
  return text.charAt(nameStart) === '-' || DOCKER_LINE.test(text.slice(Math.max(0, nameStart - 16), nameStart));
}
