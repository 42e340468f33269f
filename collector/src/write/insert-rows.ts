import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { TableColumns, TableName } from '../table-rows.ts';
import { confirmInsert } from './confirm-insert.ts';
import { encodeRowBinaryHeader } from './row-binary-header.ts';
import { createWriteRevisions } from './write-revisions.ts';

interface RowsInsert {
  readonly table: TableName;
  readonly columns: TableColumns['columns'];
  /** RowBinary, sent one after another without being copied. */
  readonly chunks: readonly Uint8Array[];
  /** Equal tokens must mean equal bytes: the store takes the first and ignores the rest. */
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Rows the server says it wrote, views included; `undefined` when it does not say. 0 = it had this token before. */
interface InsertResult {
  readonly writtenRows: number | undefined;
}

export type InsertRows = (insert: RowsInsert) => Promise<InsertResult>;

function quoteName(name: string): string {
  return '`' + name.replaceAll('\\', '\\\\').replaceAll('`', '\\`') + '`';
}

/**
 * One synchronous insert as RowBinaryWithNamesAndTypes with an explicit list of columns. Resolves when the server has answered
 * that the rows are written; rejects with what the server or the connection said (see `classifyError`). Amendments of prices are
 * written when the spans have them too.
 */
export function createInsertRows(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  /** Asked before each insert (see `createInsertSettings`). */
  readonly settings: () => Promise<ClickHouseSettings>;
  /** Called when an insert fails, before the next attempt asks for the settings. */
  readonly onFailure?: () => void;
}): InsertRows {
  const { client } = options;
  const writeRevisions = createWriteRevisions(options);
  const insert: InsertRows = async ({ table, columns, chunks, token, signal }) => {
    const names = columns.map(({ name }) => quoteName(name)).join(', ');
    const settings = await options.settings();
    const result = await client.exec({
      query: `INSERT INTO ${quoteName(options.database)}.${quoteName(table)} (${names}) FORMAT RowBinaryWithNamesAndTypes`,
      values: Readable.from([encodeRowBinaryHeader(columns), ...chunks], { objectMode: true, highWaterMark: 1 }),
      clickhouse_settings: { ...settings, insert_deduplication_token: token },
      abort_signal: signal,
    });
    await confirmInsert(result);
    if (table === 'price_amendments') await writeRevisions(chunks, signal);
    const written = Number(result.summary?.written_rows);
    return { writtenRows: Number.isNaN(written) ? undefined : written };
  };
  return async (rows) => {
    try {
      return await insert(rows);
    } catch (error) {
      options.onFailure?.();
      throw error;
    }
  };
}
