import { BASE62, characterClass } from '../character-class.ts';
import type { Detector, Match, StepMeter } from '../detector.ts';

const AUTHORITY_MARK = '://';
/** `jdbc:oracle:thin:user/password@host`. */
const ORACLE_MARKS = ['oracle:thin:', 'oracle:oci:'];
const ORACLE = /^oracle:(?:thin|oci):[\w.$#-]{1,64}\/([^\s"'<>`\\/@]{3,128})@/;
const PASSWORD_NAMES = ['assword=', 'ASSWORD=', 'Pwd=', 'PWD=', 'pwd='];
/** Longest user information that is looked at; real passwords and tokens in URLs are shorter. */
const MAX_USER_INFO_LENGTH = 512;
const USER_INFO_STOP = /[\s"'<>`\\/?#|]/;
const VALUE_STOP = /[\s"'<>`\\;&]/;
const MIN_PASSWORD_LENGTH = 3;
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|-+|_+|(?:your|my|the|user|db|some)?[-_]?(?:pass(?:word)?|passwd|pwd|pw|secret|token)[-_]?(?:here)?)$|^[$%{[(<]|\}$|redacted|replace|example/i;

function isPassword(value: string): boolean {
  return value.length >= MIN_PASSWORD_LENGTH && !PLACEHOLDER.test(value);
}

/** `scheme://user:password@host`: the password's range. */
function urlPassword(text: string, hit: number, meter: StepMeter): Match | undefined {
  if ((characterClass(text, hit - 1) & BASE62) === 0) return undefined;
  const start = hit + AUTHORITY_MARK.length;
  let colon = -1;
  let at = -1;
  let index = start;
  for (; index < text.length && index - start < MAX_USER_INFO_LENGTH; index += 1) {
    const character = text.charAt(index);
    if (USER_INFO_STOP.test(character)) break;
    if (character === ':' && colon === -1) colon = index;
    if (character === '@') at = index;
  }
  meter.steps += index - start;
  if (colon === -1 || at <= colon) return undefined;
  const password = text.slice(colon + 1, at);
  // `postgres:postgres@localhost` is what documentation and test set-ups say.
  if (!isPassword(password) || password === text.slice(start, colon)) return undefined;
  return { start: colon + 1, end: at, score: 1 };
}

/** End of a setting's value. */
function valueEnd(text: string, start: number, meter: StepMeter): number {
  let end = start;
  while (end < text.length && end - start < MAX_USER_INFO_LENGTH && !VALUE_STOP.test(text.charAt(end))) end += 1;
  meter.steps += end - start;
  return end;
}

/** `…;Password=secret;…`: a semicolon on either side shows that this is a list of settings. */
function isInList(text: string, hit: number, name: string, end: number): boolean {
  const nameStart = name.charAt(0).toLowerCase() === 'a' ? hit - 1 : hit;
  return (
    text.charAt(end) === ';' ||
    text
      .slice(Math.max(0, nameStart - 2), nameStart)
      .trimEnd()
      .endsWith(';')
  );
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  let valueReadTo = 0;
  for (const hit of hits) {
    if (hit < matchedTo || text.charAt(hit) === '@') continue;
    const name = PASSWORD_NAMES.find((candidate) => text.startsWith(candidate, hit));
    let match: Match | undefined;
    const oracle = text.charAt(hit) === 'o' ? ORACLE.exec(text.slice(hit, hit + MAX_USER_INFO_LENGTH)) : null;
    if (oracle !== null && isPassword(oracle[1] ?? '')) {
      const end = hit + oracle[0].length - 1;
      match = { start: end - (oracle[1] ?? '').length, end, score: 0.9 };
    } else if (name === undefined) match = urlPassword(text, hit, meter);
    else if (hit >= valueReadTo) {
      const start = hit + name.length;
      valueReadTo = valueEnd(text, start, meter);
      if (isInList(text, hit, name, valueReadTo) && isPassword(text.slice(start, valueReadTo))) {
        match = { start, end: valueReadTo, score: 0.9 };
      }
    }
    if (match === undefined) continue;
    matches.push(match);
    matchedTo = match.end;
  }
  return matches;
}

/** Passwords inside of connection strings: URLs (RFC 3986 section 3.2.1) and ADO.NET, ODBC, JDBC setting lists. */
export const connectionString: Detector = {
  rule: 'connection-string-password',
  category: 'secret',
  severity: 'critical',
  action: 'redact',
  keywords: ['@', ...PASSWORD_NAMES, ...ORACLE_MARKS],
  quietKeywords: [AUTHORITY_MARK],
  publicPrefix: 0,
  find,
};
