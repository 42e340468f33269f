import type { NativeType } from './native-type.ts';

/** The bytes end inside a column: the block is not whole yet. */
export class Incomplete extends Error {}

/** A place in the bytes of a block. */
export interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

/** Reads an unsigned LEB128 number; at most ten bytes. Throws Incomplete at the end of the bytes. */
export function readVarUInt(cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 64; shift += 7) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) throw new Incomplete();
    cursor.at += 1;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError('a number of more than ten bytes');
}

/** Reads a length and that many bytes as text. */
export function readString(cursor: Cursor): string {
  const length = readVarUInt(cursor);
  const start = cursor.at;
  move(cursor, length);
  return cursor.bytes.toString('utf8', start, cursor.at);
}

/** Moves behind the data of a column of `rows` rows (prefixes of all nested types come first). Throws Incomplete. */
export function skipColumn(cursor: Cursor, type: NativeType, rows: number): void {
  if (rows === 0) return;
  skipPrefix(cursor, type);
  skipData(cursor, type, rows);
}

function move(cursor: Cursor, bytes: number): void {
  const at = cursor.at + bytes;
  if (at > cursor.bytes.length) throw new Incomplete();
  cursor.at = at;
}

/** LowCardinality writes the version of its keys, 8 bytes, before the data of the whole column. */
function skipPrefix(cursor: Cursor, type: NativeType): void {
  if (type.kind === 'low-cardinality') move(cursor, 8);
  else if (type.kind === 'nullable' || type.kind === 'array') skipPrefix(cursor, type.inner);
  else if (type.kind === 'tuple') type.elements.forEach((element) => skipPrefix(cursor, element));
}

function skipData(cursor: Cursor, type: NativeType, rows: number): void {
  if (rows === 0) return;
  switch (type.kind) {
    case 'fixed':
      return move(cursor, type.bytes * rows);
    case 'string':
      return skipStrings(cursor, rows);
    case 'nullable':
      move(cursor, rows);
      return skipData(cursor, type.inner, rows);
    case 'array': {
      move(cursor, 8 * rows);
      return skipData(cursor, type.inner, Number(cursor.bytes.readBigUInt64LE(cursor.at - 8)));
    }
    case 'tuple':
      return type.elements.forEach((element) => skipData(cursor, element, rows));
    case 'low-cardinality':
      return skipLowCardinality(cursor, type.inner);
  }
}

function skipStrings(cursor: Cursor, rows: number): void {
  const { bytes } = cursor;
  let at = cursor.at;
  for (let row = 0; row < rows; row += 1) {
    const first = bytes[at];
    if (first === undefined) throw new Incomplete();
    if (first < 0x80) {
      at += first + 1;
      continue;
    }
    cursor.at = at;
    const length = readVarUInt(cursor);
    at = cursor.at + length;
  }
  if (at > bytes.length) throw new Incomplete();
  cursor.at = at;
}

const HAS_GLOBAL_KEYS = 0x100n;

/** Flags (low byte: log2 of the index width), keys of the dictionary, indexes. A shared dictionary is never written in Native. */
function skipLowCardinality(cursor: Cursor, inner: NativeType): void {
  move(cursor, 8);
  const flags = cursor.bytes.readBigUInt64LE(cursor.at - 8);
  if ((flags & HAS_GLOBAL_KEYS) !== 0n) throw new RangeError('a LowCardinality column with a shared dictionary');
  const indexBytes = 2 ** Number(flags & 0xffn);
  move(cursor, 8);
  const keys = Number(cursor.bytes.readBigUInt64LE(cursor.at - 8));
  skipData(cursor, inner.kind === 'nullable' ? inner.inner : inner, keys);
  move(cursor, 8);
  move(cursor, indexBytes * Number(cursor.bytes.readBigUInt64LE(cursor.at - 8)));
}
