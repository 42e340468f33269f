import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

/** The parts of an INSERT that brings its data: `INSERT INTO t (a)`, `SETTINGS …` or nothing, a format, the bytes. */
export interface InsertWithData {
  readonly target: string;
  readonly settings: string;
  readonly format: string;
  readonly data: Buffer;
}

/** One connection for one request: never used again, so nothing of a failed statement can reach another request. */
export interface Connection {
  /** Runs one statement; rejects with an EngineError. */
  query(sql: string, format: string): Promise<Result>;
  /** Runs an INSERT with its data, which may hold any bytes. */
  insert(statement: InsertWithData): Promise<Written>;
  /** Runs an INSERT that takes its rows from elsewhere. */
  insertSelect(sql: string): Promise<Written>;
  /** Returns the connection; call it when no statement runs. */
  close(): void;
}

export interface Engine {
  open(): Connection;
  /** Stops the statement whose log_comment is `id`: `KILL QUERY … ASYNC` (SYNC hangs) on a connection of its own. */
  kill(id: string): Promise<void>;
  /** Closes the data directory once every connection is returned and nothing is being stopped: it faults under a running statement. */
  close(): Promise<void>;
}

/** What chDB says of a failed statement. */
export class EngineError extends Refusal {}

const NAME = /(?: \(version [^)]*\))?\.? \(([A-Z][A-Z0-9_]+)\)\.?\s*$/;
const CODE = /^(?:Query failed: )?Code: (\d+)\. (?:DB::Exception: )?(?:Code: \d+\. DB::Exception: )?/;
/** Name of files that hold the data of one INSERT. */
const INSERT_FILE = 'insert-data-';
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
  return new EngineError(
    code,
    text.replace(CODE, '').replace(NAME, '').replace(NAME, '').slice(0, MOST_ERROR_TEXT).trimEnd(),
    name
  );
}

/** Opens the data directory. Throws an EngineError when another process holds it. */
export function createEngine(addon: NativeAddon, directory: string, args: readonly string[]): Engine {
  const path = resolve(directory);
  const connect = (): Handle => addon.CreateConnection(path, args);
  // The engine shuts down with its last connection; this one keeps it up.
  const keeper = connect();
  const control = connect();
  // Data of inserts that a process left behind when it was killed; the lock of the directory is held now.
  for (const name of readdirSync(path)) if (name.startsWith(INSERT_FILE)) rmSync(join(path, name), { force: true });
  let inUse = 0;
  let whenUnused = (): void => undefined;
  const leave = (): void => {
    inUse -= 1;
    if (inUse === 0) whenUnused();
  };
  return {
    open() {
      const connection = openConnection(addon, connect(), path);
      inUse += 1;
      return {
        ...connection,
        close: () => {
          connection.close();
          leave();
        },
      };
    },
    async kill(id) {
      inUse += 1;
      await addon
        .QueryAsyncConnection(
          control,
          `KILL QUERY WHERE Settings['log_comment'] = ${quoteString(id)} ASYNC`,
          'TabSeparated'
        )
        .catch(() => undefined);
      leave();
    },
    async close() {
      if (inUse > 0) await new Promise<void>((unused) => (whenUnused = unused));
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
    async insert(statement) {
      try {
        const head = `${statement.target} ${statement.settings} FORMAT ${statement.format}`;
        if (canStandInStatement(addon, statement)) return await runInsert(addon, handle, head, statement.data);
        return await insertFromFile(addon, handle, directory, statement);
      } catch (error) {
        throw readEngineError(error);
      }
    },
    async insertSelect(sql) {
      try {
        return await runInsert(addon, handle, sql, NOTHING);
      } catch (error) {
        throw readEngineError(error);
      }
    },
    close: () => addon.CloseConnection(handle),
  };
}

const NOTHING = Buffer.alloc(0);

/**
 * Data up to this size stand in the statement. The engine copies and keeps the text of a statement: 10.9 MB of RowBinary
 * took 92 ms in the statement and 47 ms through a file, 0.1 MB took 10 and 13 ms (two cores, medians of 15).
 */
const MOST_BYTES_IN_STATEMENT = 512 * 1024;

/**
 * Whether data may follow the statement in its text. The engine reads such a text as a script: in every format an empty
 * line ends the data, in Values a semicolon does, and what follows is run as the next statement.
 */
function canStandInStatement(addon: NativeAddon, { format, data }: InsertWithData): boolean {
  if (addon.InsertRawAsyncConnection === undefined || data.length > MOST_BYTES_IN_STATEMENT) return false;
  return !data.includes('\n\n') && !(/^values$/i.test(format) && data.includes(';'));
}

/** The way for all other data: through a file, `INSERT … FROM INFILE … FORMAT …`. */
async function insertFromFile(
  addon: NativeAddon,
  handle: Handle,
  directory: string,
  { target, settings, format, data }: InsertWithData
): Promise<Written> {
  // INFILE takes * ? { } in a path for patterns.
  const file = join(/[*?{}]/.test(directory) ? tmpdir() : directory, `${INSERT_FILE}${randomUUID()}`);
  try {
    await writeFile(file, data, { mode: 0o600 });
    return await runInsert(
      addon,
      handle,
      `${target} FROM INFILE ${quoteString(file)} COMPRESSION 'none' ${settings} FORMAT ${format}`,
      NOTHING
    );
  } finally {
    await rm(file, { force: true });
  }
}

/** Runs an INSERT; an addon without raw inserts takes no data and does not tell the counts. */
async function runInsert(addon: NativeAddon, handle: Handle, head: string, data: Buffer): Promise<Written> {
  if (addon.InsertRawAsyncConnection === undefined) {
    await addon.QueryAsyncConnection(handle, head, 'TabSeparated');
    return { rows: 0, bytes: 0 };
  }
  const { rowsWritten, bytesWritten } = await addon.InsertRawAsyncConnection(handle, head, data, false);
  return { rows: rowsWritten, bytes: bytesWritten };
}
