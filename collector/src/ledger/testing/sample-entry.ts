import type { TableColumns, TableRows } from '../../table-rows.ts';
import type { LedgerEntry } from '../rows-payload.ts';

export const SAMPLE_COLUMNS: readonly TableColumns[] = [
  { table: 'spans', columns: [{ name: 'span_name', type: 'String' }] },
  { table: 'other_spans', columns: [{ name: 'span_name', type: 'String' }] },
];

/** An entry of one span whose row says `id`, padded to `size` bytes. */
export function sampleEntry(id: number, size = 16): LedgerEntry {
  const bytes = Buffer.alloc(Math.max(size, 8), 0xab);
  bytes.writeUInt32LE(id, 0);
  const rows: TableRows = { table: 'spans', rows: 1, bytes, partitions: [202_601] };
  return {
    tables: [rows],
    fingerprints: Uint32Array.of(id, ~id),
    counters: { received: 1, stored: 1, ignored: 0, rejected: 0, duplicate: 0 },
  };
}

/** The `id` of a record made by `sampleEntry`. */
export function sampleId(record: { readonly tables: readonly Pick<TableRows, 'bytes'>[] }): number {
  return Buffer.from(record.tables[0]!.bytes).readUInt32LE(0);
}
