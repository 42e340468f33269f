import type { Ledger } from './ledger/ledger.ts';
import { NO_SPANS } from './ledger/accounting.ts';
import type { Log } from './log.ts';
import type { PriceBook } from './price/price-book.ts';
import { priceRows } from './price/price-rows.ts';
import type { Price } from './price/price-span.ts';
import { createPriceRow } from './price-row.ts';
import { createEncodeAmendments } from './rows/encode-amendments.ts';
import { createJoinByResponse } from './settle/join-by-response.ts';
import { createSettle } from './settle/settle-job.ts';
import type { Settled } from './settle/settle-job.ts';
import { createSettleLoop } from './settle/settle-loop.ts';
import { fillPrices } from './store/fill-prices.ts';
import type { Store } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import type { Checked } from './span.ts';
import type { TableRows } from './table-rows.ts';
import type { InTurn } from './take-turns.ts';
import type { InsertBooks } from './write/insert-books.ts';

/** How often to look whether the writer has caught up. */
const POLL_MS = 50;

const NO_FINGERPRINTS = new Uint32Array();
/** A row is stamped, and its record accepted, a moment apart; and the clocks of two collectors differ. */
const STAMP_MARGIN_MS = 2_000;

interface SettleMetrics {
  readonly settled: (result: Settled) => void;
  readonly settleFailed: () => void;
}

export interface Settling {
  readonly runNow: () => Promise<void>;
  readonly delivered: () => Promise<void>;
  /** Writes the books of the ledger now; `closed` = as the last thing, when nothing is left to deliver. */
  readonly writeBooks: (closed?: boolean) => Promise<void>;
  /** Resolves when the rows are on disk. */
  readonly append: (tables: readonly TableRows[]) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Wires the settle jobs to the store they read and the ledger they write through. */
export function startSettling(options: {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly price: Price;
  readonly book: PriceBook;
  readonly encode: (checked: Checked) => readonly TableRows[];
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: SettleMetrics;
  readonly insertBooks: InsertBooks;
  readonly quotaBytes: number;
  /** Hours of outage that the ledger can hold. */
  readonly hoursHeld: () => number;
  readonly inTurn: InTurn;
}): Settling {
  const { store, ledger, log, metrics, now } = options;
  const { query, readSpans } = createReadStore(store.client);
  let stopped = false;

  const delivered = async (): Promise<void> => {
    await store.ready;
    const target = ledger.lastSequence();
    while (ledger.deliveredUpTo() < target) {
      if (stopped) throw new Error('the collector is stopping');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const append = async (tables: readonly TableRows[]): Promise<void> => {
    const outcome = await ledger.append({ tables, fingerprints: NO_FINGERPRINTS, counters: NO_SPANS });
    if (outcome !== 'stored') throw new Error(`the ledger is ${outcome}`);
  };

  const writeBooks = (closed = false): Promise<void> => {
    const { records, bytes: ledgerBytes, oldestMs } = ledger.backlog();
    return options.insertBooks({
      epoch: ledger.epoch,
      recordedAtMs: now(),
      totals: ledger.stats().totals,
      deliveredUntilMs: now() - oldestMs - STAMP_MARGIN_MS,
      oldestMs,
      ledgerBytes,
      quotaBytes: options.quotaBytes,
      outageHours: options.hoursHeld(),
      closed: closed && records === 0,
    });
  };
  const encodeAmendments = createEncodeAmendments({ now });
  const settle = createSettle({
    now,
    query,
    readSpans,
    price: createPriceRow(options.price),
    delivered,
    amend: (amendments) => append(encodeAmendments(amendments)),
  });
  const join = createJoinByResponse({
    now,
    query,
    store: (rows) => append(options.encode({ spans: [], others: [], findings: [], ...rows })),
  });
  const onFailure = (job: string, error: unknown): void => {
    metrics.settleFailed();
    if (!stopped) log.warn({ job, err: error }, 'a settle job failed; the next run looks at the same rows');
  };
  const loop = createSettleLoop({
    jobs: [
      {
        name: 'prices',
        run: () =>
          fillPrices({ client: store.client, rows: () => priceRows(options.book), source: options.book.source, now }),
      },
      { name: 'join', run: () => options.inTurn(join) },
      { name: 'settle', run: async () => metrics.settled(await options.inTurn(settle)) },
    ],
    onFailure,
  });
  // On its own: the jobs wait until all is delivered, and the books matter most while nothing is.
  const books = createSettleLoop({ jobs: [{ name: 'books', run: () => writeBooks() }], onFailure });
  // At once, so that other collectors know of this one before it delivers much.
  void store.ready
    .then(() => writeBooks().catch(() => undefined))
    .then(() => [books, loop].map(({ start }) => start()));
  return {
    runNow: async () => {
      await books.runNow();
      await loop.runNow();
    },
    delivered,
    writeBooks,
    append,
    stop: async () => {
      stopped = true;
      await Promise.all([books.stop(), loop.stop()]);
    },
  };
}
