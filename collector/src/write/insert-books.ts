import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** The books of one ledger epoch; spans, except where the name says fragments. */
interface Books {
  readonly epoch: string;
  readonly recordedAtMs: number;
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
  return async ({ epoch, recordedAtMs, totals }) => {
    const settings = await options.settings();
    await options.client.insert({
      table: `${options.database}.ingest_ledger`,
      format: 'JSONEachRow',
      values: [
        {
          collector: options.collector,
          epoch,
          recorded_at: new Date(recordedAtMs).toISOString().replace('T', ' ').replace('Z', ''),
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
        },
      ],
      clickhouse_settings: { ...settings, insert_deduplication_token: `${epoch}:books:${recordedAtMs}` },
    });
  };
}
