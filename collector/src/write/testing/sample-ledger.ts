import type { DeliveryLedger, DeliveryPlan, DeliveryRecord } from '../delivery-ledger.ts';
import type { TableColumns, TableRows } from '../../table-rows.ts';

const SAMPLE_COLUMNS: readonly TableColumns[] = [
  {
    table: 'spans',
    columns: [
      { name: 'workspace', type: 'LowCardinality(String)' },
      { name: 'id', type: 'UInt32' },
    ],
  },
  {
    table: 'content_fragments',
    columns: [
      { name: 'workspace', type: 'LowCardinality(String)' },
      { name: 'id', type: 'UInt32' },
    ],
  },
  {
    table: 'price_amendments',
    columns: [
      { name: 'workspace', type: 'LowCardinality(String)' },
      { name: 'id', type: 'UInt32' },
    ],
  },
];

/** RowBinary of rows (workspace, which has four letters, and id). */
export function sampleRows(
  table: 'spans' | 'content_fragments' | 'price_amendments',
  ids: readonly number[],
  partitions = [1],
  workspace = 'acme'
): TableRows {
  const bytes = Buffer.alloc(ids.length * 9);
  ids.forEach((id, index) => {
    bytes.write(`\x04${workspace}`, index * 9, 'latin1');
    bytes.writeUInt32LE(id, index * 9 + 5);
  });
  return { table, rows: ids.length, bytes, partitions };
}

/** The ids in a body sent for one of these tables: what follows the header. */
export function sampleIds(body: Buffer): readonly number[] {
  const start = body.indexOf('UInt32') + 'UInt32'.length;
  const ids: number[] = [];
  for (let at = start; at >= 0 && at < body.length; at += 9) ids.push(body.readUInt32LE(at + 5));
  return ids;
}

export interface SampleLedger extends DeliveryLedger {
  readonly put: (tables: readonly TableRows[], plan?: DeliveryPlan) => void;
  /** In the order of calls: `plan 1-2`, `split …`, `delivered 1-2`. */
  readonly course: readonly string[];
  readonly deadLettered: () => { readonly spans: number; readonly fragments: number };
}

/** A ledger in memory that writes down what the writer tells it. */
export function createSampleLedger(splits: readonly string[] = []): SampleLedger {
  const waiting: DeliveryRecord[] = [];
  const undelivered = new Set<number>();
  const known = new Set(splits);
  const course: string[] = [];
  const dead = { spans: 0, fragments: 0 };
  let sequence = 0;
  let listener: () => void = () => undefined;
  return {
    epoch: 'e0',
    course,
    put: (tables, plan) => {
      sequence += 1;
      undelivered.add(sequence);
      const bytes = tables.reduce((sum, table) => sum + table.bytes.length, 0);
      waiting.push({ sequence, acceptedAtMs: Date.now(), tables, columns: SAMPLE_COLUMNS, bytes, plan });
      listener();
    },
    next: () => Promise.resolve(waiting.shift()),
    onRecord: (heard) => {
      listener = heard;
    },
    savePlan: ({ first, last }) => {
      course.push(`plan ${first}-${last}`);
      return Promise.resolve(true);
    },
    saveSplit: (token) => {
      course.push(`split ${token}`);
      known.add(token);
      return Promise.resolve(true);
    },
    isSplit: (token) => known.has(token),
    markDelivered: ({ first, last }, { deadLetteredSpans, deadLetteredFragments }) => {
      course.push(`delivered ${first}-${last}`);
      dead.spans += deadLetteredSpans;
      dead.fragments += deadLetteredFragments;
      for (const number of [...undelivered]) if (number >= first && number <= last) undelivered.delete(number);
      return Promise.resolve();
    },
    backlog: () => ({ records: undelivered.size }),
    deadLettered: () => dead,
  };
}
