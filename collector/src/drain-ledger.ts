import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { CollectorEnvironment } from './collector.ts';
import type { Config } from './config.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { TABLE_COLUMNS } from './rows/table-columns.ts';
import { openStore } from './store/open-store.ts';
import { createInsertDeadLetter } from './write/insert-dead-letter.ts';
import { createInsertRows } from './write/insert-rows.ts';
import { createInsertSettings } from './write/insert-settings.ts';
import { createWriter } from './write/create-writer.ts';

const DATABASE = 'genai';
const RUN_BYTES = 6;

/** What is left in a ledger; `spans` and `bytes` are of records on disk. */
export interface Undelivered {
  readonly records: number;
  readonly spans: number;
  readonly bytes: number;
}

/**
 * Delivers what the ledger of a stopped collector holds, until it is empty or the time is over. Rejects when another process has
 * the ledger or it cannot be read.
 */
export async function drainLedger(
  config: Config,
  environment: CollectorEnvironment & { readonly now: () => number },
  timeoutMs: number
): Promise<Undelivered> {
  const { now } = environment;
  const deadline = now() + timeoutMs;
  const ledger = await openLedger({
    directory: join(config.dataDir, 'ledger'),
    columns: [...TABLE_COLUMNS.values()],
    now,
  });
  try {
    if (ledger.backlog().records === 0) return ledger.backlog();
    const store = await openStore({ config, ...environment, onState: () => undefined });
    const settings = createInsertSettings(store.client);
    const options = { client: store.client, database: DATABASE, settings: settings.read };
    const writer = createWriter({
      ledger,
      insert: createInsertRows({ ...options, onFailure: settings.forget }),
      deadLetter: createInsertDeadLetter(options),
      run: randomBytes(RUN_BYTES).toString('hex'),
      now,
    });
    try {
      void store.ready.then(writer.start);
      await writer.drain(deadline);
    } finally {
      // It may be waiting for an answer of the store, which ends when the connections do.
      await Promise.all([writer.stop(), store.client.close()]);
      await store.close();
    }
    return ledger.backlog();
  } finally {
    await ledger.close();
  }
}
