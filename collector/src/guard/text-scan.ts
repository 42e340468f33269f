import { instantiate } from './instantiate.ts';
import { scanModule } from './scan-module.ts';

/** Where things stand in the memory of scan.wat, in bytes. */
const NEIGHBOURS = 8192;
const SLOTS = 16_384;
const SIGNS = 24_576;
const SIGN_ROWS = 24_704;
const TABLES_END = 24_720;
const CODES = 41_600;
/** Characters that are looked at in one go: a longer text comes in as many pieces, so that no text makes the memory grow. */
const CHUNK_LENGTH = 16_384;
/** Known of what stands before and behind a chunk. */
const MARGIN = 64;
/** Below this a loop costs less than the call that copies. */
const SHORT_LENGTH = 24;

/** What the pass finds: a place where a keyword may begin, a sign of one, a word, and what triggers mark. */
export const START = 0;
export const SIGN = 1;
export const WORD = 2;
export const DIGITS = 3;
export const DOTS = 4;
export const COLONS = 5;

export interface ScanTables {
  /** Bits by `leadSlot` of the three characters that begin a keyword. */
  readonly starts: Int32Array;
  /** What to do at a sign, by its ASCII code. */
  readonly signs: Uint8Array;
  /** Bits by `leadSlot` of a sign and its neighbours. */
  readonly neighbours: Int32Array;
  /** Bits by `wordSlot`. */
  readonly slots: Int32Array;
}

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
  readonly hadEscape: { readonly value: number };
  readonly scan: (from: number, count: number, ahead: number) => number;
}

/** Of the one thread: a pass ends before another begins. Tables of a policy are copied in when it is another policy's turn. */
let inForce: object | undefined;
let onFound: Found = () => false;

const { memory, hadEscape, scan } = instantiate(scanModule, {
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

function toBytes(table: Int32Array): Uint8Array {
  return new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
}

/** The pass of scan.wat over texts, with the tables of one policy. */
export function createTextScan({ starts, signs, neighbours, slots }: ScanTables): TextScan {
  const tables = new Uint8Array(TABLES_END);
  tables.set(toBytes(starts), 0);
  tables.set(toBytes(neighbours), NEIGHBOURS);
  tables.set(toBytes(slots), SLOTS);
  tables.set(signs, SIGNS);
  tables.set(signRows(signs), SIGN_ROWS);

  const scanLong = (text: string): boolean => {
    const { length } = text;
    for (let from = 0; from < length; from += CHUNK_LENGTH) {
      const count = Math.min(CHUNK_LENGTH, length - from);
      const ahead = Math.min(MARGIN, length - from - count);
      const before = from === 0 ? 0 : MARGIN;
      bytes.write(text.slice(from - before, from + count + ahead), CODES + 2 * (MARGIN - before), 'utf16le');
      if (scan(from, count, ahead) === 1) return true;
    }
    return false;
  };

  return {
    scan: (text, found) => {
      const { length } = text;
      if (inForce !== tables) {
        bytes.set(tables);
        inForce = tables;
      }
      onFound = found;
      if (length > CHUNK_LENGTH) return scanLong(text);
      if (length > SHORT_LENGTH) bytes.write(text, CODES + 2 * MARGIN, 'utf16le');
      else for (let at = 0; at < length; at += 1) codes[at] = text.charCodeAt(at);
      return scan(0, length, 0) === 1;
    },
    hadEscape: () => hadEscape.value === 1,
  };
}
