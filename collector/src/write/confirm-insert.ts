import type { Readable } from 'node:stream';

/** Longest part of an exception that is looked at. */
const MAX_EXCEPTION_LENGTH = 2000;

/** An answer to an insert is empty, or an exception; what goes on beyond this is neither. */
const MAX_ANSWER_BYTES = 1 << 20;

/** What stands between a collector and its store may answer in its place. */
class NotClickHouse extends Error {
  readonly code = 'NOT_CLICKHOUSE';
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Rejects when there is no end to it; the connection is closed then. */
async function readAnswer(stream: Readable): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_ANSWER_BYTES) throw new NotClickHouse('the answer is too long for that of a ClickHouse server');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/**
 * Reads the rest of the answer to an insert that had the status 200. Rejects when it does not say that the rows are written: the
 * status line may have left before the insert failed, then the reason stands in the body, at its begin (up to ClickHouse 25) or
 * behind a mark; and a gateway with a page of its own answers 200 to everything.
 */
export async function confirmInsert(answer: {
  readonly stream: Readable;
  readonly response_headers: Headers;
}): Promise<void> {
  const body = await readAnswer(answer.stream);
  const exception = /(?:^|[\r\n])[ \t]*(Code: \d+[^]*)/.exec(body)?.[1];
  if (exception !== undefined) throw new Error(exception.slice(0, MAX_EXCEPTION_LENGTH));
  const names = Object.keys(answer.response_headers).map((name) => name.toLowerCase());
  if (names.includes('x-clickhouse-exception-code'))
    throw new Error(`Code: ${String(answer.response_headers['x-clickhouse-exception-code'])}`);
  if (body.trim() !== '' || !names.some((name) => name.startsWith('x-clickhouse-')))
    throw new NotClickHouse('the answer is not that of a ClickHouse server');
}
