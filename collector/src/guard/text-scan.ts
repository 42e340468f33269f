import { instantiate } from './instantiate.ts';
import type { LeadTable } from './keyword-leads.ts';
import { scanModule } from './scan-module.ts';
import type { WordTable } from './word-table.ts';

/** Where things stand in the memory of scan.wat, in bytes. */
const TABLE_BYTES = 8192;
const SIGNS = 40_960;
const SIGN_ROWS = 41_088;
const TABLES_END = 41_104;
const CODES = 57_984;
/** Characters that are looked at in one go: a longer text comes in as many pieces, so that no text makes the memory grow. */
const CHUNK_LENGTH = 16_384;
/** Known of what stands before and behind a chunk. */
const MARGIN = 64;
/** Below this a loop costs less than the call that copies. */
const SHORT_LENGTH = 24;

/** What the pass says in the end. */
const STOPPED = 1;
const HAD_ESCAPE = 2;

/** What the pass finds: a place where a keyword may begin, a sign of one, a word, and what triggers mark. */
export const START = 0;
export const SIGN = 1;
export const WORD = 2;
export const DIGITS = 3;
export const DOTS = 4;
export const COLONS = 5;

/** Where keywords (keyword-leads.ts) and words (word-table.ts) may begin. */
export type ScanTables = Pick<LeadTable, 'threes' | 'fours' | 'seconds' | 'neighbours' | 'signs'> &
  Pick<WordTable, 'slots'>;

/** `end` is that of a word, or -1 when the word has 64 letters or more. True ends the pass. */
export type Found = (kind: number, at: number, end: number) => boolean;

export interface TextScan {
  /** Calls `found` for what stands in the text, in the order of the text; true at once when it says so. Linear. */
  readonly scan: (text: string, found: Found) => boolean;
  /** Whether the text that `scan` last went through to its end holds a backslash or a percent sign. */
  readonly hadEscape: () => boolean;
}

interface ScanExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly scan: (from: number, count: number, ahead: number) => number;
}

/** Of the one thread: a pass ends before another begins. Tables of a policy are copied in when it is another policy's turn. */
let inForce: object | undefined;
let onFound: Found = () => false;

const { memory, scan } = instantiate(scanModule, {
  scan: { found: (kind: number, at: number, end: number) => (onFound(kind, at, end) ? 1 : 0) },
}) as ScanExports;
const bytes = Buffer.from(memory.buffer);
const codes = new Uint16Array(memory.buffer, CODES + 2 * MARGIN, CHUNK_LENGTH);

/** As the pass reads them: for each low half of a code the high halves with which it is a sign to stop at. */
function signRows(signs: Uint8Array): Uint8Array {
  const rows = new Uint8Array(16);
  for (const code of Array.from({ length: 128 }, (_, index) => index)) {
    const character = String.fromCharCode(code);
    const stops = /[.:\\]/.test(character) || signs[code] !== 0;
    if (stops && /[^\s,"'()[\]{};a-zA-Z0-9]/.test(character)) rows[code & 15]! |= 1 << (code >> 4);
  }
  return rows;
}

/** The pass of scan.wat over texts, with the tables of one policy. */
export function createTextScan({ threes, fours, seconds, neighbours, signs, slots }: ScanTables): TextScan {
  const tables = new Uint8Array(TABLES_END);
  [threes, neighbours, slots, fours, seconds].forEach((table, index) =>
    tables.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), index * TABLE_BYTES)
  );
  tables.set(signs, SIGNS);
  tables.set(signRows(signs), SIGN_ROWS);

  /** What the pass said last. */
  let outcome = 0;

  const scanLong = (text: string): void => {
    const { length } = text;
    for (let from = 0; from < length; from += CHUNK_LENGTH) {
      const count = Math.min(CHUNK_LENGTH, length - from);
      const ahead = Math.min(MARGIN, length - from - count);
      const before = from === 0 ? 0 : MARGIN;
      bytes.write(text.slice(from - before, from + count + ahead), CODES + 2 * (MARGIN - before), 'utf16le');
      outcome = scan(from, count, ahead);
      if (outcome === STOPPED) return;
    }
  };

  return {
    scan: (text, found) => {
      const { length } = text;
      if (inForce !== tables) {
        bytes.set(tables);
        inForce = tables;
      }
      onFound = found;
      if (length > CHUNK_LENGTH) scanLong(text);
      else {
        if (length > SHORT_LENGTH) bytes.write(text, CODES + 2 * MARGIN, 'utf16le');
        else for (let at = 0; at < length; at += 1) codes[at] = text.charCodeAt(at);
        outcome = scan(0, length, 0);
      }
      return outcome === STOPPED;
    },
    hadEscape: () => outcome === HAD_ESCAPE,
  };
}
