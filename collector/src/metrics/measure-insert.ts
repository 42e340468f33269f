import { Histogram, type Registry } from 'prom-client';
import type { InsertRows } from '../write/insert-rows.ts';

/** Seconds; an insert of a full batch with all its views takes about a second. */
const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/** Measures how long the store takes for each insert, by table and by how it ended. */
export function createMeasureInsert(registry: Registry): (insert: InsertRows) => InsertRows {
  const seconds = new Histogram({
    name: 'spanledger_write_insert_seconds',
    help: 'Seconds that the store took for an insert, views included; outcome inserted or failed',
    labelNames: ['table', 'outcome'],
    buckets: BUCKETS,
    registers: [registry],
  });
  return (insert) => async (rows) => {
    const startedAt = performance.now();
    let outcome = 'failed';
    try {
      const result = await insert(rows);
      outcome = 'inserted';
      return result;
    } finally {
      seconds.observe({ table: rows.table, outcome }, (performance.now() - startedAt) / 1000);
    }
  };
}
