import type { Ledger } from './ledger/ledger.ts';
import type { Store } from './store/open-store.ts';
import type { Writer } from './write/create-writer.ts';

/** Rows wait for seconds. A store that takes them and does not answer is told of before an attempt has failed. */
const LATE_MS = 60_000;

/** What is wrong while telemetry is still taken in, in words, for `/readyz`; it names codes and tables, no content. */
export function warningsOf(
  store: Pick<Store, 'trouble'>,
  ledger: Pick<Ledger, 'isFull' | 'stats' | 'backlog'>,
  writer: Pick<Writer, 'stats'>
): readonly string[] {
  const trouble = store.trouble();
  const { isRefusing, damagedRanges } = ledger.stats();
  const { oldestMs } = ledger.backlog();
  const delivery = [...writer.stats().troubles.values()].map(
    ({ table, reaction, name }) =>
      `rows of ${table} are ${reaction === 'hold' ? 'held until an operator mends the store' : 'tried again'}: ${name}`
  );
  return [
    ...(trouble === '' ? [] : [trouble]),
    ...(ledger.isFull() || isRefusing ? ['the ledger is full: senders are asked to wait'] : []),
    ...(oldestMs > LATE_MS ? [`the oldest rows have waited ${Math.round(oldestMs / 1000)} s for the store`] : []),
    ...(damagedRanges > 0
      ? [`${damagedRanges} damaged ranges of the ledger were passed over; copies are in its folder quarantine`]
      : []),
    ...delivery,
  ];
}
