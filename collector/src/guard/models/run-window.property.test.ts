import fc from 'fast-check';
import { collectRuns, loadWindow } from './run-window.ts';

const SPACES = new Array<number>(8).fill(32);
const FOUR = 4;

/** What is said of characters in `loadWindow`, one by one. */
function fold(byte: number): number {
  if ((byte & 0x40) !== 0) return byte | 0x20;
  const isSign = (byte & 0x20) !== 0 && (byte & 15) > 9;
  return isSign ? (byte & 0xe0) | 8 : (byte | 0x20) & 0xf0;
}

/** Low bytes of the text, with JSON escapes read where there are any: only then other characters may look like a backslash. */
function unescape(text: string): number[] {
  const bytes: number[] = [];
  if (!text.includes('\\')) return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at) & 255);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at) & 255;
    if (code !== 92) bytes.push(code);
    else {
      at += 1;
      const isCode = at < text.length && (text.charCodeAt(at) & 255) === 117;
      const meant = isCode ? Number.parseInt(text.slice(at + 1, at + 5), 16) : 0;
      bytes.push(meant > 0 ? meant & 255 : 32);
      if (isCode) at += 4;
    }
  }
  return bytes;
}

/** The same as `collectRuns` says, slow and plain. */
function referenceRuns(text: string): object {
  const raw = unescape(text);
  const bytes = [...SPACES, ...raw.map(fold), ...SPACES];
  const four = (at: number): number =>
    bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  const seen = new Set<number>();
  const fours: number[] = [];
  const eights: number[] = [];
  const runs = Math.max(0, raw.length - 1);
  for (let index = 0; index < runs; index += 1) {
    const at = SPACES.length - 1 + index;
    const hash = Math.imul(four(at), 0x9e3779b1);
    if (seen.has(hash >>> 20)) continue;
    seen.add(hash >>> 20);
    fours.push(hash >>> 16);
    if (index < runs - FOUR) eights.push(Math.imul((hash ^ (hash >>> 15)) + four(at + FOUR), 0xc2b2ae35) >>> 16);
  }
  return { runs, fours, eights };
}

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '\\',
    '\\n',
    '\\u0041',
    '\\u00e9',
    '\\u12',
    '\\u-1x',
    '\\\\',
    '\\ud83d',
    '\ud800',
    '漢',
    '\0',
    '\u0175'
  )
);

describe('the window of a text', () => {
  it('holds the runs that a slow and plain reading of the text has', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('').slice(0, 1500);
        const runs = loadWindow(text, 0, text.length);
        expect({ runs, ...collectRuns(runs) }).toEqual(referenceRuns(text));
      }),
      { numRuns: 1000 }
    );
  });
});
