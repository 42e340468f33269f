import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { ClassifiedError } from './clickhouse-errors.ts';
import { confirmInsert } from './confirm-insert.ts';
import type { RowsPiece } from './rows-piece.ts';
import { workspacesOf } from './workspaces-of.ts';

interface DeadLetter {
  readonly piece: RowsPiece;
  readonly error: ClassifiedError;
  readonly epoch: string;
  /** Of the insert that was refused. */
  readonly token: string;
  readonly failedAtMs: number;
  readonly signal: AbortSignal;
}

export type InsertDeadLetter = (letter: DeadLetter) => Promise<void>;

/**
 * Puts a refused row into `dead_letters`: the guarded row as base64 of its RowBinary, its columns and the error's name (never
 * its text, which may quote values). Idempotent: the token is that of the refused insert.
 */
export function createInsertDeadLetter(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly settings: () => Promise<ClickHouseSettings>;
}): InsertDeadLetter {
  return async ({ piece, error, epoch, token, failedAtMs, signal }) => {
    const settings = await options.settings();
    const time = new Date(failedAtMs).toISOString().replace('T', ' ').replace('Z', '');
    const letter = {
      workspace: [...workspacesOf(piece)][0] ?? '',
      id: token,
      failed_at: time,
      table_name: piece.table,
      error_code: error.code,
      error_message: error.name,
      columns: JSON.stringify(piece.columns),
      row: Buffer.concat(piece.items.map(({ bytes }) => bytes)).toString('base64'),
      epoch,
      sequence: piece.items[0]!.sequence,
      state: 'waiting',
      updated_at: time,
    };
    const answer = await options.client.exec({
      query: `INSERT INTO ${options.database}.dead_letters (${Object.keys(letter).join(', ')}) FORMAT JSONEachRow`,
      values: Readable.from([Buffer.from(JSON.stringify(letter))]),
      clickhouse_settings: { ...settings, insert_deduplication_token: `${token}:dead` },
      abort_signal: signal,
    });
    await confirmInsert(answer);
  };
}
