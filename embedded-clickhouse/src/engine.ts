import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handle, NativeAddon } from './native-addon.ts';
import { quoteString } from './settings.ts';
import { ErrorCode, Refusal } from './sql/refusal.ts';

/** A result in one piece. */
export interface Result {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly bytesRead: number;
}

/** What an INSERT wrote, with the rows that went on through materialized views. */
export interface Written {
  readonly rows: number;
  readonly bytes: number;
}

/** One connection for one request: never used again, so nothing of a failed statement can reach another request. */
export interface Connection {
  /** Runs one statement; rejects with an EngineError. */
  query(sql: string, format: string): Promise<Result>;
  /** Runs `prefix` followed by a line feed and `data`, which may hold any bytes. */
  insert(prefix: string, data: Buffer): Promise<Written>;
  /** Returns the connection; call it when no statement runs. */
  close(): void;
}

export interface Engine {
  open(): Connection;
  /** Stops the statement whose log_comment is `id`: `KILL QUERY … ASYNC` (SYNC hangs) on a connection of its own. */
  kill(id: string): Promise<void>;
  /** Closes the data directory; call it when nothing runs. */
  close(): void;
}

/** What chDB says of a failed statement. */
export class EngineError extends Refusal {}

const NAME = /(?: \(version [^)]*\))?\.? \(([A-Z][A-Z0-9_]+)\)\.?\s*$/;
const CODE = /^(?:Query failed: )?Code: (\d+)\. (?:DB::Exception: )?(?:Code: \d+\. DB::Exception: )?/;
/** Characters of an error text that are sent: a value of a row can be quoted in it. */
const MOST_ERROR_TEXT = 10_000;

/** The code, text and name of an error of the addon; 1002 when it tells no code. */
export function readEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  // The addon's errors are objects of another realm when this code runs in a vm context, so no instanceof.
  const told = (error as { message?: unknown } | null | undefined)?.message;
  const text = typeof told === 'string' ? told : String(error);
  const code = Number(CODE.exec(text)?.[1] ?? ErrorCode.UNKNOWN_EXCEPTION);
  const name = NAME.exec(text)?.[1];
  return new EngineError(code, text.replace(CODE, '').replace(NAME, '').replace(NAME, '').slice(0, MOST_ERROR_TEXT).trimEnd(), name);
}

/** Opens the data directory. Throws an EngineError when another process holds it. */
export function createEngine(addon: NativeAddon, directory: string, args: readonly string[]): Engine {
  const connect = (): Handle => addon.CreateConnection(directory, args);
  // The engine shuts down with its last connection; this one keeps it up.
  const keeper = connect();
  const control = connect();
  return {
    open: () => openConnection(addon, connect(), directory),
    async kill(id) {
      await addon.QueryAsyncConnection(control, `KILL QUERY WHERE Settings['log_comment'] = ${quoteString(id)} ASYNC`, 'TabSeparated').catch(() => undefined);
    },
    close() {
      addon.CloseConnection(control);
      addon.CloseConnection(keeper);
    },
  };
}

function openConnection(addon: NativeAddon, handle: Handle, directory: string): Connection {
  return {
    async query(sql, format) {
      try {
        const { bytes, rowsRead, bytesRead } = await addon.QueryAsyncConnection(handle, sql, format);
        return { bytes, rows: rowsRead, bytesRead };
      } catch (error) {
        throw readEngineError(error);
      }
    },
    async insert(prefix, data) {
      try {
        const raw = addon.InsertRawAsyncConnection;
        // The engine takes an empty line for the end of data that stand in the statement, in any format.
        if (raw === undefined || data.includes('\n\n')) return await insertFromFile(addon, handle, directory, prefix, data);
        const { rowsWritten, bytesWritten } = await raw(handle, prefix, data, false);
        return { rows: rowsWritten, bytes: bytesWritten };
      } catch (error) {
        throw readEngineError(error);
      }
    },
    close: () => addon.CloseConnection(handle),
  };
}

const FORMAT_CLAUSE = /^([\s\S]*?)(\sSETTINGS\s[\s\S]*?)?\sFORMAT\s+(\w+)\s*$/i;

/** The way for bodies that cannot stand in a statement: through a file, `INSERT … FROM INFILE … FORMAT …`. */
async function insertFromFile(addon: NativeAddon, handle: Handle, directory: string, prefix: string, data: Buffer): Promise<Written> {
  const clauses = FORMAT_CLAUSE.exec(prefix);
  if (clauses === null || data.length === 0) return runInsert(addon, handle, `${prefix}\n${data.toString()}`);
  const [, target = '', settings = '', format = ''] = clauses;
  const file = join(directory, `insert-${randomUUID()}.tmp`);
  try {
    await writeFile(file, data, { mode: 0o600 });
    return await runInsert(addon, handle, `${target} FROM INFILE ${quoteString(file)} COMPRESSION 'none'${settings} FORMAT ${format}`);
  } finally {
    await rm(file, { force: true });
  }
}

/** Runs an INSERT without data of its own; an addon without raw inserts does not tell the counts. */
async function runInsert(addon: NativeAddon, handle: Handle, statement: string): Promise<Written> {
  if (addon.InsertRawAsyncConnection === undefined) {
    await addon.QueryAsyncConnection(handle, statement, 'TabSeparated');
    return { rows: 0, bytes: 0 };
  }
  const { rowsWritten, bytesWritten } = await addon.InsertRawAsyncConnection(handle, statement, Buffer.alloc(0), false);
  return { rows: rowsWritten, bytes: bytesWritten };
}
