import type { Registry } from 'prom-client';
import type { Writer } from '../write/create-writer.ts';
import { watchCounter, watchGauge } from './watch-value.ts';

/** What the writer says about itself. Labels are table names and ClickHouse error codes: few and not from senders. */
export function watchWriter(registry: Registry, writer: Pick<Writer, 'stats'>): void {
  watchCounter(registry, {
    name: 'spanledger_write_batches_total',
    help: 'Batches that the store has durably',
    read: () => writer.stats().batches,
  });
  watchCounter(registry, {
    name: 'spanledger_write_rows_total',
    help: 'Rows inserted',
    labelNames: ['table'],
    read: () => [...writer.stats().inserted].map(([table, { rows }]) => ({ labels: { table }, value: rows })),
  });
  watchCounter(registry, {
    name: 'spanledger_write_bytes_total',
    help: 'Bytes inserted',
    labelNames: ['table'],
    read: () => [...writer.stats().inserted].map(([table, { bytes }]) => ({ labels: { table }, value: bytes })),
  });
  watchCounter(registry, {
    name: 'spanledger_write_dead_lettered_rows_total',
    help: 'Rows that the store refuses for what is in them, by the table they were meant for',
    labelNames: ['table'],
    read: () => [...writer.stats().deadLettered].map(([table, value]) => ({ labels: { table }, value })),
  });
  watchCounter(registry, {
    name: 'spanledger_write_failures_total',
    help: 'Failed attempts by ClickHouse error code; 0 = no connection',
    labelNames: ['code'],
    read: () => [...writer.stats().failures].map(([code, value]) => ({ labels: { code: String(code) }, value })),
  });
  watchGauge(registry, {
    name: 'spanledger_write_troubles',
    help: 'Tables whose rows are being tried again now; reaction hold = an operator must act',
    labelNames: ['table', 'reaction'],
    read: () =>
      [...writer.stats().troubles].map(([table, { reaction }]) => ({ labels: { table, reaction }, value: 1 })),
  });
  watchCounter(registry, {
    name: 'spanledger_write_unexpected_repeats_total',
    help: 'First attempts that the store took for repeats',
    read: () => writer.stats().unexpectedRepeats,
  });
  watchGauge(registry, {
    name: 'spanledger_write_last_delay_seconds',
    help: 'From the acceptance of its oldest record to the end of the last batch, seconds',
    read: () => writer.stats().lastDelayMs / 1000,
  });
}
