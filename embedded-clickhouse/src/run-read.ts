import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Connection, Engine, Result } from './engine.ts';
import { contentType, isStreamed } from './http/output-format.ts';
import { sendResult, summary } from './http/send-result.ts';
import type { Limits } from './limits.ts';
import { createNativeRewriter, emptyNativeBlock } from './native-format/native-rewriter.ts';
import { readString, readVarUInt } from './native-format/skip-column.ts';
import type { Cursor } from './native-format/skip-column.ts';
import { checkReaderAst } from './sql/reader-ast.ts';
import type { ReaderScope } from './sql/reader-ast.ts';
import { ErrorCode, Refusal } from './sql/refusal.ts';
import type { StreamPool } from './stream-pool.ts';

/** A statement with a result, ready to run. */
export interface Read {
  readonly sql: string;
  /** SELECT, WITH, … : only these can be streamed. */
  readonly verb: string;
  readonly format: string;
  readonly setup: readonly string[];
  readonly parameters: URLSearchParams;
  /** `client_protocol_version` of the URL, 0 without. */
  readonly revision: number;
  /** Present for a reader: the engine's own reading of the statement is checked against it. */
  readonly scope?: ReaderScope;
  /** True when the result is sent while it is made; false when it is made whole, within `framedBytes`. */
  readonly streamed: boolean;
  /** WITH TOTALS or extremes: they stand behind the rows and are not part of any piece. */
  readonly hasTail: boolean;
}

export interface ReadDependencies {
  readonly engine: Engine;
  readonly streams: StreamPool;
  readonly limits: Limits;
  readonly now: () => number;
}

const SELECT_VERBS = new Set(['SELECT', 'WITH', 'FROM', '(']);

/** Whether a statement can be sent in pieces: a SELECT whose format has no frame and nothing behind its rows (totals, extremes). */
export function canStream(verb: string, format: string, hasTail: boolean): boolean {
  return SELECT_VERBS.has(verb) && isStreamed(format) && !hasTail;
}

/** Makes the function that runs a read and sends its result; it rejects with a Refusal, before or after the first byte. */
export function createRunRead({ engine, streams, limits, now }: ReadDependencies) {
  async function once<T>(setup: readonly string[], work: (query: Connection['query']) => Promise<T>): Promise<T> {
    const connection = engine.open();
    try {
      for (const statement of setup) await connection.query(statement, 'TabSeparated');
      return await work((sql, format) => connection.query(sql, format));
    } finally {
      connection.close();
    }
  }

  async function check(read: Read, scope: ReaderScope): Promise<void> {
    const ast = await once(read.setup, (query) => query(`EXPLAIN AST ${read.sql}`, 'LineAsString'));
    checkReaderAst(ast.bytes.toString(), scope);
  }

  /** An empty result gives no bytes in Native; its client still expects one block with names and types. */
  async function emptyBlock(read: Read): Promise<Buffer> {
    if (SELECT_VERBS.has(read.verb)) {
      const result = await once(read.setup, (query) =>
        query(`DESCRIBE TABLE (${read.sql}\n)`, 'JSONCompactEachRow')
      ).catch(() => undefined);
      const rows = result?.bytes
        .toString()
        .split('\n')
        .filter((line) => line !== '');
      if (rows !== undefined)
        return emptyNativeBlock(
          rows.map((row) => JSON.parse(row) as [string, string]).map(([name, type]) => ({ name, type }))
        );
    }
    const again = await once(read.setup, (query) => query(read.sql, 'RowBinaryWithNamesAndTypes'));
    const cursor: Cursor = { bytes: again.bytes, at: 0 };
    const names = Array.from({ length: readVarUInt(cursor) }, () => readString(cursor));
    return emptyNativeBlock(names.map((name) => ({ name, type: readString(cursor) })));
  }

  async function* rewritten(read: Read, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const rewriter = createNativeRewriter(read.revision);
    let bytes = 0;
    for await (const piece of source) {
      bytes += piece.length;
      for (const part of rewriter.push(piece)) yield part;
    }
    if (bytes === 0) for (const part of rewriter.push(await emptyBlock(read))) yield part;
    rewriter.end();
  }

  /**
   * A result in one piece. chDB has no bound for it (max_result_bytes is the server's), so the statement is streamed
   * first: a single piece, the usual case, is the answer itself; more are counted and dropped, and when they stay within
   * the bound the statement runs once more to be framed as a whole.
   */
  async function whole(read: Read): Promise<Whole> {
    if (SELECT_VERBS.has(read.verb)) {
      const pieces = await streams.open(read.setup, read.sql, read.format);
      const first: Buffer[] = [];
      let count = 0;
      let bytes = 0;
      try {
        for await (const piece of pieces) {
          count += 1;
          bytes += piece.length;
          if (count === 1) first.push(piece);
          if (bytes > limits.framedBytes) throw tooLarge(read.format, limits.framedBytes);
        }
      } finally {
        await pieces.close();
      }
      const [only] = first;
      if (count === 1 && only !== undefined && !read.hasTail) return { bytes: only, rows: 0, bytesRead: 0 };
    }
    const result = await once(read.setup, (query) => query(read.sql, read.format));
    if (result.bytes.length > limits.framedBytes) throw tooLarge(read.format, limits.framedBytes);
    return result;
  }

  return async (read: Read, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = now();
    if (read.scope !== undefined) await check(read, read.scope);
    const stream = read.streamed ? await streams.open(read.setup, read.sql, read.format) : undefined;
    try {
      const result = stream === undefined ? await whole(read) : undefined;
      const source = stream ?? Readable.from(result === undefined || result.bytes.length === 0 ? [] : [result.bytes]);
      const pieces = read.format.toLowerCase() === 'native' ? await begun(rewritten(read, source)) : source;
      response.setHeader('Content-Type', contentType(read.format));
      response.setHeader('X-ClickHouse-Format', read.format);
      const counts = {
        readRows: result?.rows ?? 0,
        readBytes: result?.bytesRead ?? 0,
        resultRows: result?.rows ?? 0,
        resultBytes: result?.bytes.length ?? 0,
      };
      response.setHeader('X-ClickHouse-Summary', summary({ ...counts, elapsedMs: now() - started }));
      await sendResult(request, response, read.parameters, pieces);
    } finally {
      await stream?.close();
    }
  };
}

type Whole = Pick<Result, 'bytes' | 'rows' | 'bytesRead'>;

function tooLarge(format: string, bytes: number): Refusal {
  return new Refusal(
    ErrorCode.TOO_MANY_ROWS_OR_BYTES,
    `The result is larger than ${bytes} bytes in ${format}; use Native, TabSeparated, JSONEachRow or JSONCompactEachRow, which are streamed.`
  );
}

/** Takes the first piece at once, so that a type that cannot be sent is refused with a status. */
async function begun(pieces: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  const first = await pieces.next();
  return (async function* resumed() {
    if (first.done === true) return;
    yield first.value;
    yield* pieces;
  })();
}
