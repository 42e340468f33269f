import type { ClickHouseClient } from '@clickhouse/client';
import type { TableColumns, TableName } from '../table-rows.ts';
import { classifyError } from './clickhouse-errors.ts';
import type { InsertRows } from './insert-rows.ts';

interface DeadLetterRow {
  readonly workspace: string;
  readonly id: string;
  readonly failed_at: string;
  readonly table_name: string;
  readonly error_code: number;
  readonly error_message: string;
  readonly columns: string;
  readonly row: string;
  readonly epoch: string;
  readonly sequence: string;
}

export interface ReplayResult {
  readonly replayed: number;
  /** Refused again; they go on waiting. */
  readonly refused: number;
}

/** Letters read at a time: a row may hold megabytes. */
const PAGE = 100;

/**
 * Inserts the rows waiting in `dead_letters` again, oldest first, and marks those that the store takes. The token is that of the
 * insert that was refused, so doing it twice, or two at a time, or after the row came in by another way, stores it once. Rejects
 * when the store is in trouble (it does not answer, a table is missing): then nothing is wrong with the rows, and the rest waits.
 */
export async function replayDeadLetters(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly insert: InsertRows;
  readonly now: () => number;
  /** Of one workspace only. */
  readonly workspace?: string | undefined;
}): Promise<ReplayResult> {
  const { client, database, workspace } = options;
  const { signal } = new AbortController();
  let replayed = 0;
  let refused = 0;

  async function page(after: DeadLetterRow | undefined): Promise<readonly DeadLetterRow[]> {
    const answer = await client.query({
      query:
        `SELECT workspace, id, toString(failed_at) AS failed_at, table_name, error_code, error_message, columns, row, epoch, ` +
        `toString(sequence) AS sequence FROM ${database}.dead_letters FINAL WHERE state = 'waiting' ` +
        (workspace === undefined ? '' : 'AND workspace = {workspace: String} ') +
        (after === undefined
          ? ''
          : `AND (toString(failed_at), workspace, id) > ({failed_at: String}, {after_workspace: String}, {id: String}) `) +
        `ORDER BY toString(failed_at), workspace, id LIMIT ${PAGE}`,
      query_params: {
        workspace: workspace ?? '',
        failed_at: after?.failed_at ?? '',
        after_workspace: after?.workspace ?? '',
        id: after?.id ?? '',
      },
      format: 'JSONEachRow',
    });
    return answer.json<DeadLetterRow>();
  }

  async function replay(letter: DeadLetterRow): Promise<boolean> {
    try {
      await options.insert({
        table: letter.table_name as TableName,
        columns: JSON.parse(letter.columns) as TableColumns['columns'],
        chunks: [Buffer.from(letter.row, 'base64')],
        token: letter.id,
        signal,
      });
    } catch (error) {
      const { reaction, name } = classifyError(error);
      if (reaction === 'bisect') return false;
      if (reaction !== 'done') throw new Error(`the store does not take rows of ${letter.table_name} now: ${name}`);
    }
    const time = new Date(options.now()).toISOString().replace('T', ' ').replace('Z', '');
    await client.insert({
      table: `${database}.dead_letters`,
      format: 'JSONEachRow',
      values: [{ ...letter, state: 'replayed', updated_at: time }],
      clickhouse_settings: { async_insert: 0 },
    });
    return true;
  }

  for (let letters = await page(undefined); letters.length > 0; letters = await page(letters.at(-1)))
    for (const letter of letters)
      if (await replay(letter)) replayed += 1;
      else refused += 1;
  return { replayed, refused };
}
