import type { TableColumns, TableName } from '../table-rows.ts';
import type { DeliveryPlan, DeliveryRecord } from './delivery-ledger.ts';

export interface Batch {
  readonly plan: DeliveryPlan;
  /** The plan is durable already: an earlier run made it. */
  readonly isRepeat: boolean;
  readonly records: readonly DeliveryRecord[];
  readonly columns: readonly TableColumns[];
  readonly bytes: number;
  /** Rows of the largest table. */
  readonly rows: number;
  readonly oldestAtMs: number;
}

export interface BatchLimits {
  /** Rows of one table from which a batch is worth sending. */
  readonly readyRows: number;
  /** Milliseconds after which the oldest record is sent when there are few. */
  readonly readyMs: number;
  /** More rows than this wait until `busyMs`: half as many batches, each twice as large, cost the store a fifth less (measured). */
  readonly busyRows: number;
  readonly busyMs: number;
  /** What a batch may grow to while both streams are busy. */
  readonly maxRows: number;
  readonly maxBytes: number;
  /** Partitions of one table; ClickHouse refuses more than 100 in one insert. */
  readonly maxPartitions: number;
}

export const DEFAULT_BATCH_LIMITS: BatchLimits = {
  readyRows: 40_000,
  readyMs: 500,
  busyRows: 2_000,
  busyMs: 900,
  maxRows: 80_000,
  maxBytes: 64 << 20,
  maxPartitions: 50,
};

export interface BatchBuilder {
  /** False when the record belongs into the next batch. */
  readonly add: (record: DeliveryRecord) => boolean;
  readonly isEmpty: () => boolean;
  /** Worth sending now. A repeated plan is, as soon as no more of it comes. */
  readonly isReady: (nowMs: number) => boolean;
  /** Enough rows, whatever the time. */
  readonly hasReadyRows: () => boolean;
  /** When the batch is ready whatever it holds; Unix milliseconds. */
  readonly dueAtMs: () => number;
  /** The batch so far; the builder starts anew. */
  readonly take: () => Batch;
}

/** Segments written by one process share their columns by value, not by identity. */
const columnTexts = new WeakMap<readonly TableColumns[], string>();

function columnText(columns: readonly TableColumns[]): string {
  const known = columnTexts.get(columns);
  if (known !== undefined) return known;
  const text = JSON.stringify(columns);
  columnTexts.set(columns, text);
  return text;
}

/**
 * Joins consecutive records into one batch: all of one schema, and either all of one repeated plan (then without limits, for its
 * bytes are fixed) or all new. A record larger than the limits makes a batch of its own. `run` goes into new plans.
 */
export function createBatchBuilder(limits: BatchLimits, run?: string): BatchBuilder {
  let records: DeliveryRecord[] = [];
  let bytes = 0;
  let largest = 0;
  let oldestAtMs = 0;
  let rows = new Map<TableName, number>();
  let partitions = new Map<TableName, Set<number>>();

  function fits(record: DeliveryRecord): boolean {
    const first = records[0];
    if (first === undefined) return true;
    if (columnText(first.columns) !== columnText(record.columns)) return false;
    if (first.plan !== undefined || record.plan !== undefined)
      return first.plan?.first === record.plan?.first && first.plan?.last === record.plan?.last;
    if (bytes + record.bytes > limits.maxBytes) return false;
    return record.tables.every((table) => {
      const touched = partitions.get(table.table);
      const added = table.partitions.filter((partition) => touched?.has(partition) !== true).length;
      return (
        (rows.get(table.table) ?? 0) + table.rows <= limits.maxRows &&
        (touched?.size ?? 0) + added <= limits.maxPartitions
      );
    });
  }

  const dueAtMs = (): number => oldestAtMs + (largest > limits.busyRows ? limits.busyMs : limits.readyMs);

  return {
    add: (record) => {
      if (!fits(record)) return false;
      if (records.length === 0) oldestAtMs = record.acceptedAtMs;
      oldestAtMs = Math.min(oldestAtMs, record.acceptedAtMs);
      records.push(record);
      bytes += record.bytes;
      for (const table of record.tables) {
        const total = (rows.get(table.table) ?? 0) + table.rows;
        rows.set(table.table, total);
        largest = Math.max(largest, total);
        let touched = partitions.get(table.table);
        if (touched === undefined) partitions.set(table.table, (touched = new Set()));
        for (const partition of table.partitions) touched.add(partition);
      }
      return true;
    },
    isEmpty: () => records.length === 0,
    isReady: (nowMs) =>
      records.length > 0 && (records[0]!.plan !== undefined || largest >= limits.readyRows || nowMs >= dueAtMs()),
    hasReadyRows: () => records.length > 0 && records[0]!.plan === undefined && largest >= limits.readyRows,
    dueAtMs,
    take: () => {
      const first = records[0]!;
      const batch: Batch = {
        plan: first.plan ?? { first: first.sequence, last: records.at(-1)!.sequence, run },
        isRepeat: first.plan !== undefined,
        records,
        columns: first.columns,
        bytes,
        rows: largest,
        oldestAtMs,
      };
      records = [];
      bytes = 0;
      largest = 0;
      rows = new Map();
      partitions = new Map();
      return batch;
    },
  };
}
