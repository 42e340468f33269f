import type { TableName, TableRows } from '../table-rows.ts';
import type { SpanCounters } from './accounting.ts';

/** What the flow hands to the ledger for one request: guarded rows only. */
export interface LedgerEntry {
  /** Owned by the ledger from the call on: the bytes must not change. */
  readonly tables: readonly TableRows[];
  /** Of the accepted spans, as pairs of 32-bit words (see span-fingerprint). */
  readonly fingerprints: Uint32Array;
  readonly counters: SpanCounters;
}

export interface RowsPayload extends LedgerEntry {
  /** Unix milliseconds at which the request was accepted. */
  readonly acceptedAtMs: number;
}

const FIXED_BYTES = 8 + 5 * 4 + 4 + 4;

/**
 * Payload of a `rows` frame as pieces to write one after another; the row bytes are passed on, not copied. Little-endian:
 * accepted-at f64, counters 5 × u32 (received, stored, ignored, rejected, duplicate), number of fingerprints u32, number of
 * tables u32, fingerprints 8 bytes each, then per table: name length u8, name, rows u32, byte length u32, number of
 * partitions u32, partitions f64 each; then the row bytes of all tables.
 */
export function encodeRowsPayload(payload: RowsPayload): readonly Uint8Array[] {
  let size = FIXED_BYTES + payload.fingerprints.byteLength;
  for (const { table, partitions } of payload.tables) size += 1 + table.length + 12 + partitions.length * 8;
  const head = Buffer.allocUnsafeSlow(size);
  let at = head.writeDoubleLE(payload.acceptedAtMs, 0);
  const { received, stored, ignored, rejected, duplicate } = payload.counters;
  for (const count of [received, stored, ignored, rejected, duplicate]) at = head.writeUInt32LE(count, at);
  at = head.writeUInt32LE(payload.fingerprints.length / 2, at);
  at = head.writeUInt32LE(payload.tables.length, at);
  for (const word of payload.fingerprints) at = head.writeUInt32LE(word, at);
  for (const { table, rows, bytes, partitions } of payload.tables) {
    at = head.writeUInt8(table.length, at);
    at += head.write(table, at, 'latin1');
    at = head.writeUInt32LE(rows, at);
    at = head.writeUInt32LE(bytes.byteLength, at);
    at = head.writeUInt32LE(partitions.length, at);
    for (const partition of partitions) at = head.writeDoubleLE(partition, at);
  }
  return [head, ...payload.tables.map(({ bytes }) => bytes)];
}

/** The inverse, over a payload whose CRC was right. The row bytes are views into `bytes`. */
export function decodeRowsPayload(bytes: Buffer): RowsPayload {
  const acceptedAtMs = bytes.readDoubleLE(0);
  const word = (at: number): number => bytes.readUInt32LE(at);
  const counters = { received: word(8), stored: word(12), ignored: word(16), rejected: word(20), duplicate: word(24) };
  const fingerprints = new Uint32Array(word(28) * 2);
  const tableCount = word(32);
  let at = FIXED_BYTES;
  for (let index = 0; index < fingerprints.length; index++, at += 4) fingerprints[index] = word(at);
  const heads: { table: TableName; rows: number; length: number; partitions: number[] }[] = [];
  for (let index = 0; index < tableCount; index++) {
    const nameLength = bytes.readUInt8(at);
    const table = bytes.toString('latin1', at + 1, at + 1 + nameLength) as TableName;
    at += 1 + nameLength;
    const partitions: number[] = [];
    for (let number = 0; number < word(at + 8); number++) partitions.push(bytes.readDoubleLE(at + 12 + number * 8));
    heads.push({ table, rows: word(at), length: word(at + 4), partitions });
    at += 12 + partitions.length * 8;
  }
  const tables = heads.map(({ table, rows, length, partitions }): TableRows => {
    const view = bytes.subarray(at, at + length);
    at += length;
    return { table, rows, bytes: view, partitions };
  });
  return { tables, fingerprints, counters, acceptedAtMs };
}
