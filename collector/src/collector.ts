import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { createSendDemo } from './demo/send-demo.ts';
import type { SendDemo } from './demo/send-demo.ts';
import { createGuard } from './guard/guard-span.ts';
import { defaultGuardPolicy } from './guard/guard-policy.ts';
import { createDuplicateWindow } from './ledger/duplicate-window.ts';
import { openLedger } from './ledger/open-ledger.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createNormalise } from './normalise/normalise.ts';
import { DEFAULT_NORMALISE_LIMITS } from './normalise/normalise-limits.ts';
import { createPipeline } from './pipeline.ts';
import { createPriceBook } from './price/price-book.ts';
import { loadPriceData } from './price/load-price-data.ts';
import { createPrice } from './price/price-span.ts';
import { openReceivers } from './open-receivers.ts';
import { createEncodeRows } from './rows/encode-rows.ts';
import { TABLE_COLUMNS } from './rows/table-columns.ts';
import { createCallWindow } from './settle/call-window.ts';
import { startSettling } from './start-settling.ts';
import { openStore } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import { createInsertBooks } from './write/insert-books.ts';
import { createInsertDeadLetter } from './write/insert-dead-letter.ts';
import { createInsertRows } from './write/insert-rows.ts';
import { createInsertSettings } from './write/insert-settings.ts';
import { createLookupSpanKeys } from './write/lookup-span-keys.ts';
import { createWriter } from './write/create-writer.ts';

const DATABASE = 'genai';
const GIB = 2 ** 30;

/** How long the receivers wait for the store at start. */
const STORE_PATIENCE_MS = 5_000;

export interface CollectorEnvironment {
  readonly sqlDirectory: string;
  /** The file that runs the embedded store. */
  readonly embeddedProgram: string;
  readonly log: Log;
  readonly version: string;
  readonly now?: () => number;
}

export interface Collector {
  readonly urls: { readonly http: string; readonly grpc: string; readonly sql: string };
  /** Resolves when the store is up and what was taken in before is in it. For tests and the demo. */
  readonly delivered: () => Promise<void>;
  /** One settle run now. For tests and the demo. */
  readonly settle: () => Promise<void>;
  /** Fills the workspace `demo`, see docs/demo.md. */
  readonly sendDemo: SendDemo;
  /** Takes nothing more in, delivers what it can until the deadline, leaves the rest on disk. */
  readonly close: (deadlineMs: number) => Promise<void>;
}

/**
 * Wires the stages and starts them: store, ledger, writer, settle, receivers, in this order, so that nothing is accepted before
 * it can be kept. Rejects when the ledger's directory, a port or the embedded store cannot be had; then nothing keeps running.
 */
export async function startCollector(config: Config, environment: CollectorEnvironment): Promise<Collector> {
  const { log } = environment;
  const now = environment.now ?? Date.now;
  const stop: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const step of stop.reverse()) await step();
  };
  try {
    const metrics = createMetrics(environment.version);
    const store = await openStore({ config, ...environment, now, onState: metrics.storeState });
    stop.push(store.close);
    const ledger = await openLedger({
      directory: join(config.dataDir, 'ledger'),
      columns: [...TABLE_COLUMNS.values()],
      now,
      limits: { quotaBytes: config.ledgerQuotaGib * GIB },
    });
    stop.push(ledger.close);
    const settings = createInsertSettings(store.client);
    const insertOptions = { client: store.client, database: DATABASE, settings: settings.read };
    const writer = createWriter({
      ledger,
      insert: createInsertRows(insertOptions),
      deadLetter: createInsertDeadLetter(insertOptions),
      now,
    });
    stop.push(writer.stop);
    const duplicates = createDuplicateWindow({
      seed: ledger.seed,
      now,
      ledger,
      lookup: createLookupSpanKeys({
        client: store.client,
        database: DATABASE,
        now,
        retentionDays: config.retentionDays,
      }),
    });
    duplicates.restore(ledger.recovered.fingerprints);

    const book = createPriceBook(await loadPriceData());
    const price = createPrice(book);
    const encode = createEncodeRows({ now });
    const userIdKey = config.userIdKey === undefined ? {} : { userIdKey: Buffer.from(config.userIdKey, 'utf8') };
    const guard = createGuard({ ...defaultGuardPolicy, ...userIdKey }, metrics.guard);
    const pipeline = createPipeline({
      normalise: createNormalise({
        now,
        departmentKeys: config.departmentAttributes,
        keepOtherSpans: config.keepOtherSpans === 'all',
        retentionDays: config.retentionDays,
        limits: DEFAULT_NORMALISE_LIMITS,
      }),
      countOnce: createCallWindow({ now }),
      price,
      guard,
      encode,
      duplicates,
      ledger,
      observe: metrics.observe,
    });
    metrics.watchLedger(ledger, duplicates);
    metrics.watchWriter(writer);

    const insertBooks = createInsertBooks({ ...insertOptions, collector: hostname() });
    void store.ready.then(() => writer.start());
    const settling = startSettling({ store, ledger, price, book, encode, now, log, metrics, insertBooks });
    stop.push(settling.stop);
    // "Ready" should mean that SQL answers too; a store that is down must not keep telemetry out.
    await Promise.race([store.ready, new Promise((resolve) => setTimeout(resolve, STORE_PATIENCE_MS).unref())]);
    const receivers = await openReceivers({ config, intake: pipeline, book, metrics, store, ledger, log, now });
    stop.push(receivers.close);
    return {
      urls: { http: receivers.httpUrl, grpc: receivers.grpcAddress, sql: store.url },
      delivered: settling.delivered,
      settle: settling.runNow,
      sendDemo: createSendDemo({
        intake: pipeline,
        query: createReadStore(store.client).query,
        delivered: settling.delivered,
        now,
      }),
      close: async (deadlineMs) => {
        const deadline = now() + deadlineMs;
        await receivers.close();
        await settling.stop();
        if (store.trouble() === '') await writer.drain(deadline);
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
