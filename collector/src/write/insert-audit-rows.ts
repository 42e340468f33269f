import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** Shorter than what is left of a lease when something is begun under it (see lease.ts). */
const STATEMENT_SECONDS = 10;

/** Inserts rows as one block; the store takes each token once. Rejects when it does not answer. */
export function createInsertAuditRows(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly settings: () => Promise<ClickHouseSettings>;
}): (table: string, rows: readonly object[], token: string) => Promise<void> {
  return async (table, rows, token) => {
    const settings = await options.settings();
    await options.client.insert({
      table: `${options.database}.${table}`,
      format: 'JSONEachRow',
      values: rows,
      columns: Object.keys(rows[0]!) as [string, ...string[]],
      clickhouse_settings: {
        ...settings,
        insert_deduplication_token: token,
        max_execution_time: STATEMENT_SECONDS,
      },
    });
  };
}
