import { readEngineError } from './engine.ts';
import type { Handle, NativeAddon, StreamHandle } from './native-addon.ts';

/** What a thread needs to open connections of its own. */
export interface StreamSource {
  readonly from: string;
  readonly directory: string;
  readonly args: readonly string[];
}

/** `open` starts a statement after its SET statements, `next` asks for a piece, `close` ends it early. */
export type StreamRequest =
  | { readonly type: 'open'; readonly setup: readonly string[]; readonly sql: string; readonly format: string }
  | { readonly type: 'next' }
  | { readonly type: 'close' };

export interface StreamAnswer {
  readonly type: 'opened' | 'piece' | 'end' | 'closed' | 'error';
  readonly bytes?: Uint8Array;
  readonly rows?: number;
  readonly code?: number;
  readonly message?: string;
  readonly label?: string;
  /** Buffers that are handed over instead of being copied. */
  readonly transfer: ArrayBuffer[];
}

/**
 * Runs one stream after the other on connections of its own, and answers each request once. It lives on a thread because
 * the addon opens a stream synchronously, with the scalar subqueries of the statement, which can take as long as they like.
 */
export function createStreamRunner(
  addon: NativeAddon,
  directory: string,
  args: readonly string[]
): (request: StreamRequest) => Promise<StreamAnswer> {
  let connection: Handle | undefined;
  let stream: StreamHandle | undefined;

  function drop(): void {
    if (stream !== undefined) addon.StreamCancel(stream);
    stream = undefined;
    if (connection !== undefined) addon.CloseConnection(connection);
    connection = undefined;
  }

  async function open(setup: readonly string[], sql: string, format: string): Promise<StreamAnswer> {
    connection = addon.CreateConnection(directory, args);
    for (const statement of setup) await addon.QueryAsyncConnection(connection, statement, 'TabSeparated');
    stream = addon.StreamQuery(connection, sql, format);
    return { type: 'opened', transfer: [] };
  }

  async function next(): Promise<StreamAnswer> {
    if (stream === undefined) return { type: 'end', transfer: [] };
    const { bytes, numRows, done } = await addon.StreamFetch(stream);
    if (done) {
      drop();
      return { type: 'end', transfer: [] };
    }
    const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    const owned = whole ? bytes : new Uint8Array(bytes);
    return { type: 'piece', bytes: owned, rows: numRows, transfer: [owned.buffer as ArrayBuffer] };
  }

  return async (request) => {
    try {
      if (request.type === 'open') return await open(request.setup, request.sql, request.format);
      if (request.type === 'next') return await next();
      drop();
      return { type: 'closed', transfer: [] };
    } catch (error) {
      drop();
      const { code, message, label } = readEngineError(error);
      return { type: 'error', code, message, label, transfer: [] };
    }
  };
}
