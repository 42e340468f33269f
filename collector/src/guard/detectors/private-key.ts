import { BASE62, BASE64_SIGNS, characterClass, DASH, runEnd } from '../character-class.ts';
import type { Detector, Match, StepMeter } from '../detector.ts';
import { entropyBits } from './key-shape.ts';

const BEGIN = '-----BEGIN';
const END = '-----END';
const DASHES = '-----';
const MAX_LABEL_LENGTH = 64;
/** A body below this is documentation: `-----BEGIN PRIVATE KEY-----…`. */
const MIN_BODY_LENGTH = 40;
/** `xxxxxxxx` is no key. */
const MIN_ENTROPY_BITS = 2;
const JUDGED_LENGTH = 256;
/** `… KEY-----\\n" +` and the next string. */
const MAX_QUOTED_GAP = 96;
const MAX_QUOTED_LINES = 128;
const QUOTED_LINE = /["'`](?=[A-Za-z0-9+/]{24})/;
const BODY_SIGNS = '=,:.\r\n\t \\';

function isBodyCharacter(text: string, index: number): boolean {
  if ((characterClass(text, index) & (BASE62 + BASE64_SIGNS + DASH)) !== 0) return true;
  const character = text.charAt(index);
  return character !== '' && BODY_SIGNS.includes(character);
}

/** Without an END line the key stops where its last unbroken line does: prose has spaces between words, a key has not. */
function cutKeyEnd(text: string, bodyStart: number, bodyEnd: number): number {
  const firstGap = text.slice(bodyStart, bodyEnd).search(/[A-Za-z0-9+/=][ \t]+[A-Za-z]/);
  return firstGap === -1 ? bodyEnd : bodyStart + firstGap + 1;
}

/** Lines of a key in the strings of a program, each a match of its own: none may leave its string. */
function findQuotedLines(text: string, from: number, meter: StepMeter): readonly Match[] {
  const lines: Match[] = [];
  let at = from;
  for (let read = 0; read < MAX_QUOTED_LINES; read += 1) {
    const gap = text.slice(at, at + MAX_QUOTED_GAP);
    const line = QUOTED_LINE.exec(gap);
    meter.steps += gap.length;
    if (line === null || gap.slice(0, line.index).includes(END)) break;
    const start = at + line.index + 1;
    const end = runEnd(text, start, BASE62 + BASE64_SIGNS);
    meter.steps += end - start;
    lines.push({ start, end, score: 0.95 });
    at = end;
  }
  return lines;
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let readTo = 0;
  for (const start of hits) {
    if (start < readTo) continue;
    const labelStart = start + BEGIN.length;
    const labelEnd = text.slice(labelStart, labelStart + MAX_LABEL_LENGTH).indexOf(DASHES);
    meter.steps += MAX_LABEL_LENGTH;
    if (labelEnd === -1 || !text.slice(labelStart, labelStart + labelEnd).includes('PRIVATE KEY')) continue;
    const bodyStart = labelStart + labelEnd + DASHES.length;
    let bodyEnd = bodyStart;
    while (isBodyCharacter(text, bodyEnd) && !text.startsWith(DASHES, bodyEnd)) bodyEnd += 1;
    meter.steps += 2 * (bodyEnd - bodyStart);
    readTo = bodyEnd;
    const closed = text.startsWith(END, bodyEnd);
    const keyEnd = closed ? bodyEnd : cutKeyEnd(text, bodyStart, bodyEnd);
    if (keyEnd - bodyStart < MIN_BODY_LENGTH) {
      const lines = findQuotedLines(text, keyEnd, meter);
      matches.push(...lines);
      readTo = lines.at(-1)?.end ?? readTo;
      continue;
    }
    if (entropyBits(text.slice(bodyStart, bodyStart + JUDGED_LENGTH)) < MIN_ENTROPY_BITS) continue;
    const closing = closed
      ? text.slice(keyEnd + END.length, keyEnd + END.length + MAX_LABEL_LENGTH).indexOf(DASHES)
      : -1;
    const end = closing === -1 ? keyEnd : keyEnd + END.length + closing + DASHES.length;
    matches.push({ start, end, score: 1 });
    readTo = end;
  }
  return matches;
}

/** PEM blocks of private keys, whole or cut, also on one line. Source: RFC 7468; OpenSSH and OpenPGP use the same armour. */
export const privateKey: Detector = {
  rule: 'private-key',
  category: 'secret',
  severity: 'critical',
  action: 'redact',
  keywords: [BEGIN],
  publicPrefix: 0,
  find,
};
