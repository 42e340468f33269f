import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** The books of one ledger epoch; spans, except where the name says fragments. */
interface Books {
  readonly epoch: string;
  readonly recordedAtMs: number;
  /** Everything accepted before is in the store. */
  readonly deliveredUntilMs: number;
  /** Age of the oldest record that is not. */
  readonly oldestMs: number;
  readonly ledgerBytes: number;
  readonly quotaBytes: number;
  /** Hours of outage that the ledger can hold; 0 = not known. */
  readonly outageHours: number;
  /** The collector stops, and nothing is left to write. */
  readonly closed: boolean;
  readonly totals: {
    readonly received: number;
    readonly ignored: number;
    readonly rejected: number;
    readonly duplicate: number;
    readonly accepted: number;
    readonly delivered: number;
    readonly deadLettered: number;
    readonly damaged: number;
    readonly fragmentsAccepted: number;
    readonly fragmentsDelivered: number;
    readonly fragmentsDeadLettered: number;
  };
}

function toDateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

export type InsertBooks = (books: Books) => Promise<void>;

/**
 * Writes one row of `ingest_ledger`: received = stored + ignored + rejected + duplicate + dead_lettered + damaged + backlog. Rejects when the store does; the next row
 * holds the same sums and more, so a lost one is no loss.
 */
export function createInsertBooks(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  /** Name of this collector. */
  readonly collector: string;
  readonly settings: () => Promise<ClickHouseSettings>;
}): InsertBooks {
  return async ({ epoch, recordedAtMs, totals, ...books }) => {
    const settings = await options.settings();
    await options.client.insert({
      table: `${options.database}.ingest_ledger`,
      format: 'JSONEachRow',
      values: [
        {
          collector: options.collector,
          epoch,
          recorded_at: toDateTime(recordedAtMs),
          received: totals.received,
          stored: totals.delivered,
          ignored: totals.ignored,
          rejected: totals.rejected,
          duplicate: totals.duplicate,
          dead_lettered: totals.deadLettered,
          damaged: totals.damaged,
          backlog: totals.accepted - totals.delivered - totals.deadLettered - totals.damaged,
          fragments_accepted: totals.fragmentsAccepted,
          fragments_stored: totals.fragmentsDelivered,
          fragments_dead_lettered: totals.fragmentsDeadLettered,
          fragments_backlog: totals.fragmentsAccepted - totals.fragmentsDelivered - totals.fragmentsDeadLettered,
          delivered_until: toDateTime(books.deliveredUntilMs),
          oldest_seconds: books.oldestMs / 1000,
          ledger_bytes: books.ledgerBytes,
          quota_bytes: books.quotaBytes,
          outage_hours: books.outageHours,
          closed: books.closed ? 1 : 0,
        },
      ],
      clickhouse_settings: { ...settings, insert_deduplication_token: `${epoch}:books:${recordedAtMs}` },
    });
  };
}
