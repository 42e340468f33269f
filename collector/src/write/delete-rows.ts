import type { ClickHouseClient } from '@clickhouse/client';
import type { SchemaTarget } from './render-migration.ts';

/** Numbers in one statement: about 100 kB of SQL. */
const MAX_NUMBERS = 5_000;

export interface RowsToDelete {
  readonly table: 'content_fragments' | 'spans';
  /** SQL over the columns of the table, with parameters; narrows the parts that are written anew. */
  readonly condition: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** SQL of a number that tells rows apart, and the numbers of those to delete. */
  readonly identity: string;
  readonly numbers: readonly string[];
}

/**
 * Returns the function that removes rows for good: parts are written without them, on every server of a cluster, before it resolves.
 * Rejects with what the store says; it may be called again.
 */
export function createDeleteRows(
  client: ClickHouseClient,
  { database, cluster }: SchemaTarget
): (rows: RowsToDelete) => Promise<void> {
  const place = cluster === undefined ? database : cluster.localDatabase;
  const everywhere = cluster === undefined ? '' : ` ON CLUSTER '${cluster.name}'`;
  return async ({ table, condition, parameters, identity, numbers }) => {
    for (let at = 0; at < numbers.length; at += MAX_NUMBERS) {
      const list = numbers.slice(at, at + MAX_NUMBERS);
      if (list.some((number) => !/^\d{1,20}$/.test(number))) throw new Error('rows are told apart by numbers');
      await client.command({
        query: `ALTER TABLE ${place}.${table}${everywhere} DELETE WHERE ${condition} AND ${identity} IN (${list.join(',')})`,
        query_params: { ...parameters },
        clickhouse_settings: { mutations_sync: '2' },
      });
    }
  };
}
