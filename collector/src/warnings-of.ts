import type { Ledger } from './ledger/ledger.ts';
import type { Store } from './store/open-store.ts';
import type { Writer } from './write/create-writer.ts';

/** What is wrong while telemetry is still taken in, in words, for `/readyz`; it names codes and tables, no content. */
export function warningsOf(
  store: Pick<Store, 'trouble'>,
  ledger: Pick<Ledger, 'isFull' | 'stats'>,
  writer: Pick<Writer, 'stats'>
): readonly string[] {
  const trouble = store.trouble();
  const delivery = [...writer.stats().troubles.values()].map(
    ({ table, reaction, name }) =>
      `rows of ${table} are ${reaction === 'hold' ? 'held until an operator mends the store' : 'tried again'}: ${name}`
  );
  return [
    ...(trouble === '' ? [] : [trouble]),
    ...(ledger.isFull() || ledger.stats().isRefusing ? ['the ledger is full: senders are asked to wait'] : []),
    ...delivery,
  ];
}
