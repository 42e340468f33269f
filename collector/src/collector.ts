import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { createSendDemo } from './demo/send-demo.ts';
import type { SendDemo } from './demo/send-demo.ts';
import { createDuplicateWindow } from './ledger/duplicate-window.ts';
import { nodeFileLayer } from './ledger/node-file-layer.ts';
import type { FileLayer } from './ledger/file-layer.ts';
import type { LedgerLimits } from './ledger/ledger.ts';
import { openLedger } from './ledger/open-ledger.ts';
import type { Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createNormalise } from './normalise/normalise.ts';
import { DEFAULT_NORMALISE_LIMITS } from './normalise/normalise-limits.ts';
import { createPipeline } from './pipeline.ts';
import { createMatchModel } from './price/match-model.ts';
import { createPriceBook } from './price/price-book.ts';
import { loadPriceData } from './price/load-price-data.ts';
import { createPrice } from './price/price-span.ts';
import { logRecovery } from './log-recovery.ts';
import { openReceivers } from './open-receivers.ts';
import { createEncodeRows } from './rows/encode-rows.ts';
import { TABLE_COLUMNS } from './rows/table-columns.ts';
import { createCallWindow } from './settle/call-window.ts';
import { startAuditing } from './start-auditing.ts';
import { startForwarding } from './start-forwarding.ts';
import { startPrices } from './start-prices.ts';
import { startRepricing } from './start-repricing.ts';
import { startExternalGuard } from './start-external-guard.ts';
import { startPolicies } from './start-policies.ts';
import { startRescans } from './start-rescans.ts';
import { startSettling } from './start-settling.ts';
import { openStore } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import { createInsertBooks } from './write/insert-books.ts';
import { createInsertDeadLetter } from './write/insert-dead-letter.ts';
import { createInsertRows } from './write/insert-rows.ts';
import { createInsertSettings } from './write/insert-settings.ts';
import { waitAtMost } from './wait-at-most.ts';
import { warningsOf } from './warnings-of.ts';
import { createLookupSpanKeys } from './write/lookup-span-keys.ts';
import { takeTurns } from './take-turns.ts';
import { createWriter } from './write/create-writer.ts';

const DATABASE = 'genai';
const GIB = 2 ** 30;

const RUN_BYTES = 6;

/** How long running jobs (settle, audit, forward) may take when the process ends. */
const JOBS_GRACE_MS = 2_000;

/** How long the receivers wait for the store at start. */
const STORE_PATIENCE_MS = 5_000;

export interface CollectorEnvironment {
  readonly sqlDirectory: string;
  /** The file that runs the embedded store. */
  readonly embeddedProgram: string;
  readonly log: Log;
  readonly version: string;
  readonly now?: () => number;
  /** The disk of the ledger; for tests and the bench. */
  readonly fileSystem?: FileLayer;
  /** For tests, which have no gibibytes to fill. */
  readonly ledgerLimits?: Partial<LedgerLimits>;
}

export interface Collector {
  readonly urls: { readonly http: string; readonly grpc: string; readonly sql: string };
  /** Resolves when the store is up and what was taken in before is in it. For tests and the demo. */
  readonly delivered: () => Promise<void>;
  /** One settle run now. For tests and the demo. */
  readonly settle: () => Promise<void>;
  /** One audit now. For tests. */
  readonly audit: () => Promise<void>;
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
    const metrics = createMetrics(environment.version, now);
    const quotaBytes = config.ledgerQuotaGib * GIB;
    // First, for its lock says at once when another instance has the directory.
    const ledger = await openLedger({
      directory: join(config.dataDir, 'ledger'),
      columns: [...TABLE_COLUMNS.values()],
      now,
      limits: { quotaBytes, ...environment.ledgerLimits },
      fileSystem: metrics.disk.measured(environment.fileSystem ?? nodeFileLayer),
      onTrouble: (error) =>
        log.error({ err: error }, 'the ledger cannot write to its disk; senders are asked to wait until it can'),
    });
    stop.push(ledger.close);
    logRecovery(ledger.recovered, log);
    const store = await openStore({ config, ...environment, now, onState: metrics.storeState });
    stop.push(store.close);
    const settings = createInsertSettings(store.client);
    const insertOptions = { client: store.client, database: DATABASE, settings: settings.read };
    const writer = createWriter({
      ledger,
      insert: metrics.measureInsert(createInsertRows({ ...insertOptions, onFailure: settings.forget })),
      deadLetter: createInsertDeadLetter(insertOptions),
      run: randomBytes(RUN_BYTES).toString('hex'),
      now,
    });
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
    const overrides = await startPrices({ config, store, now, log });
    // Together: both may be waiting for an answer of the store, which ends when the connections do.
    stop.push(() => Promise.all([writer.stop(), overrides.stop(), store.client.close()]).then(() => undefined));
    const match = createMatchModel(book, config.modelDeployments);
    const price = createPrice(book, overrides.find, match);
    const encode = createEncodeRows({ now });
    const policies = startPolicies({
      config,
      store,
      database: DATABASE,
      insertSettings: settings.read,
      metrics,
      log,
      now,
    });
    stop.push(() => Promise.resolve(policies.stop()));
    const externalGuard = startExternalGuard({ config, ledger, metrics, log, now });
    stop.push(externalGuard.stop);
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
      guard: policies.guard,
      encode,
      duplicates,
      ledger: { ...ledger, append: metrics.stages.waited('ledger', ledger.append) },
      timed: metrics.stages.timed,
      observe: (normalised, checked) => {
        metrics.observe(normalised, checked);
        externalGuard.offer(checked);
      },
    });
    const hoursHeld = (): number =>
      metrics.disk.hoursHeld(Math.min(quotaBytes - ledger.backlog().bytes, ledger.stats().freeBytes));
    metrics.watchLedger(ledger, duplicates, hoursHeld);
    metrics.watchWriter(writer);

    const insertBooks = createInsertBooks({ ...insertOptions, collector: hostname() });
    void store.ready.then(() => writer.start());
    const inTurn = takeTurns();
    const settling = startSettling({
      store,
      ledger,
      price,
      book,
      encode,
      now,
      log,
      metrics,
      insertBooks,
      inTurn,
      quotaBytes,
      hoursHeld,
    });
    const { writeBooks } = settling;
    const reprice = startRepricing({ store, ledger, price, delivered: settling.delivered, inTurn, now, log });
    const rescans = startRescans({ config, store, policies, settling, inTurn, encode, log, now });
    const auditing = startAuditing({ ...insertOptions, store, now, log, metrics, writeBooks });
    const forwarding = startForwarding({ ...insertOptions, config, store, now, log, metrics, writeBooks });
    // Together: re-pricing may be waiting for a delivery that settling gives up when it stops. A job that waits for a store that
    // hangs must not keep the process from ending; its connection is closed below.
    let jobsStopped: Promise<void> | undefined;
    const stopJobs = (): Promise<void> =>
      (jobsStopped ??= waitAtMost(
        Promise.all([settling, reprice, rescans.jobs, auditing, forwarding].map((job) => job.stop())),
        JOBS_GRACE_MS
      ));
    stop.push(stopJobs);
    // "Ready" should mean that SQL answers too; a store that is down must not keep telemetry out.
    await waitAtMost(store.ready.then(policies.refresh), STORE_PATIENCE_MS);
    const receivers = await openReceivers({
      config,
      intake: pipeline,
      book,
      match,
      overrides,
      reprice,
      policies,
      rescans,
      metrics,
      store,
      ledger,
      log,
      version: environment.version,
      now,
      warnings: () => warningsOf(store, ledger, writer),
      onDrain: stopJobs,
    });
    stop.push(receivers.close);
    return {
      urls: { http: receivers.httpUrl, grpc: receivers.grpcAddress, sql: store.url },
      delivered: settling.delivered,
      settle: settling.runNow,
      audit: auditing.runNow,
      sendDemo: createSendDemo({
        intake: pipeline,
        query: createReadStore(store.client).query,
        delivered: settling.delivered,
        now,
      }),
      close: async (deadlineMs) => {
        const deadline = now() + deadlineMs;
        await receivers.close();
        await stopJobs();
        if (store.trouble() === '') {
          await writer.drain(deadline);
          await waitAtMost(settling.writeBooks(true), JOBS_GRACE_MS);
        }
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
