import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createOverrideCache } from './store/override-cache.ts';
import { createOverrideTable } from './store/override-table.ts';
import { keepOverrides } from './store/keep-overrides.ts';
import type { KeptOverrides } from './store/keep-overrides.ts';
import type { Store } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import { readPriceFile } from './store/read-price-file.ts';

/** Wires the organisation's own prices to the store, the file and the disk. Rejects when the file of SPANLEDGER_PRICES has a fault. */
export async function startPrices(options: {
  readonly config: Pick<Config, 'dataDir' | 'prices'>;
  readonly store: Store;
  readonly now: () => number;
  readonly log: Log;
}): Promise<KeptOverrides> {
  const { store, log } = options;
  const { dataDir, prices: path } = options.config;
  const overrides = await keepOverrides({
    table: createOverrideTable(store.client, createReadStore(store.client).query),
    cache: createOverrideCache(join(dataDir, 'price-overrides.json')),
    readFile: path === undefined ? undefined : () => readPriceFile(path),
    now: options.now,
    onFailure: (what, error) => log.warn({ err: error }, what),
  });
  void store.ready
    .then(overrides.refresh)
    .catch((error: unknown) => log.warn({ err: error }, 'the prices cannot be read; those that were in force stay'))
    .then(overrides.start);
  return overrides;
}
