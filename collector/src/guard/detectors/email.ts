import { BASE62, characterClass, DASH, LOWER, runEnd, UNDERSCORE, UPPER } from '../character-class.ts';
import type { Detector, Match, StepMeter } from '../detector.ts';

/** RFC 5321 section 4.5.3.1: octets of the local part and of a domain. */
const MAX_LOCAL_LENGTH = 64;
const MAX_DOMAIN_LENGTH = 255;
/** RFC 1035 section 2.3.4. */
const MAX_LABEL_LENGTH = 63;
const MAX_TOP_LEVEL_LENGTH = 24;
/** RFC 5322 allows more signs, but in texts those separate (`?id=1&mail=ada@example.org`). */
const LOCAL_SIGNS = ".+%'";
/** From here on characters are letters of some script: RFC 6531 allows them. */
const FIRST_INTERNATIONAL_LETTER = 0xc0;
const END_OF_LATIN = 0x250;
const GLUED_WORDS = /^[\u3040-\u9fff\uac00-\ud7af]+(?=[a-z0-9])/i;
/** `logo@2x.png` and its like. */
const FILE_ENDINGS: ReadonlySet<string> = new Set([
  'png',
  'jpg',
  'jpeg',
  'gif',
  'svg',
  'webp',
  'ico',
  'js',
  'css',
  'ts',
  'json',
  'py',
  'md',
]);

function isLocalCharacter(text: string, index: number): boolean {
  if ((characterClass(text, index) & (BASE62 + DASH + UNDERSCORE)) !== 0) return true;
  const character = text.charAt(index);
  if (character !== '' && LOCAL_SIGNS.includes(character)) return true;
  const code = text.charCodeAt(index);
  return code >= FIRST_INTERNATIONAL_LETTER && (code < 0x2000 || code >= 0x3040) && code < 0xfe00;
}

function localStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < MAX_LOCAL_LENGTH && isLocalCharacter(text, start - 1)) start -= 1;
  while (start < at && LOCAL_SIGNS.includes(text.charAt(start))) start += 1;
  while (start < at && text.charAt(start) === '-') start += 1;
  // Scripts without spaces: the words before an address are no part of it.
  const glued = GLUED_WORDS.exec(text.slice(start, at));
  return start + (glued?.[0].length ?? 0);
}

/** End of a label; letters of Latin scripts belong to it where another label follows (RFC 5890: `bäckerei.example`). */
function labelEndFrom(text: string, start: number): number {
  const ascii = runEnd(text, start, BASE62 + DASH);
  let end = ascii;
  for (;;) {
    const code = text.charCodeAt(end);
    if (!(code >= FIRST_INTERNATIONAL_LETTER && code < END_OF_LATIN) || end - start > MAX_LABEL_LENGTH) break;
    end = runEnd(text, end + 1, BASE62 + DASH);
  }
  return end !== ascii && text.charAt(end) === '.' && (characterClass(text, end + 1) & BASE62) !== 0 ? end : ascii;
}

/** End of the longest `label.label.tld` behind the `@`, or -1. */
function domainEnd(text: string, at: number, meter: StepMeter): number {
  let end = -1;
  let index = at + 1;
  for (;;) {
    const labelEnd = labelEndFrom(text, index);
    meter.steps += labelEnd - index + 1;
    if (labelEnd === index || labelEnd - at > MAX_DOMAIN_LENGTH) return end;
    if (index > at + 1) {
      const label = text.slice(index, labelEnd);
      const isTopLevel =
        label.length >= 2 &&
        label.length <= MAX_TOP_LEVEL_LENGTH &&
        (runEnd(label, 0, UPPER + LOWER) === label.length || label.startsWith('xn--'));
      end = isTopLevel && !FILE_ENDINGS.has(label.toLowerCase()) ? labelEnd : -1;
    }
    if (text.charAt(labelEnd) !== '.') return end;
    index = labelEnd + 1;
  }
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  for (const at of hits) {
    const start = Math.max(localStart(text, at), matchedTo);
    const end = domainEnd(text, at, meter);
    meter.steps += at - start;
    // `git@host:path` is a repository.
    const isRepository = text.slice(start, at) === 'git' && text.charAt(end) === ':';
    if (start === at || end === -1 || isRepository) continue;
    matches.push({ start, end, score: 1 });
    matchedTo = end;
  }
  return matches;
}

/** E-mail addresses. Source: RFC 5322 section 3.4.1 in the form people write them (no quoted local parts, no IP domains). */
export const email: Detector = {
  rule: 'email',
  category: 'pii',
  severity: 'medium',
  action: 'flag',
  keywords: ['@'],
  publicPrefix: 1,
  find,
};
