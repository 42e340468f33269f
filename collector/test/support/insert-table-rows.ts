import { randomUUID } from 'node:crypto';
import { createInsertRows } from '../../src/write/insert-rows.ts';
import { createInsertSettings } from '../../src/write/insert-settings.ts';
import { TABLE_COLUMNS } from '../../src/rows/table-columns.ts';
import type { TableRows } from '../../src/table-rows.ts';
import type { Store } from './start-store.ts';

/** Inserts as the writer does: one insert per table, with a token that by default is new. */
export async function insertTableRows(
  { client }: Store,
  database: string,
  tables: readonly TableRows[],
  token: string = randomUUID()
): Promise<void> {
  const settings = createInsertSettings(client);
  const insert = createInsertRows({ client, database, settings: settings.read });
  for (const { table, bytes } of tables) {
    const { columns } = TABLE_COLUMNS.get(table)!;
    await insert({
      table,
      columns,
      chunks: [bytes],
      token: `${token}:${table}`,
      signal: AbortSignal.timeout(30_000),
    });
  }
}
