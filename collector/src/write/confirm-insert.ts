import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';

/** Longest part of an exception that is looked at. */
const MAX_EXCEPTION_LENGTH = 2000;

/** What stands between a collector and its store may answer in its place. */
class NotClickHouse extends Error {
  readonly code = 'NOT_CLICKHOUSE';
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Reads the rest of the answer to an insert that had the status 200. Rejects when it does not say that the rows are written: the
 * status line may have left before the insert failed, then the reason stands in the body, at its begin (up to ClickHouse 25) or
 * behind a mark; and a gateway with a page of its own answers 200 to everything.
 */
export async function confirmInsert(answer: {
  readonly stream: Readable;
  readonly response_headers: Headers;
}): Promise<void> {
  const body = await text(answer.stream);
  const exception = /(?:^|[\r\n])[ \t]*(Code: \d+[^]*)/.exec(body)?.[1];
  if (exception !== undefined) throw new Error(exception.slice(0, MAX_EXCEPTION_LENGTH));
  const names = Object.keys(answer.response_headers).map((name) => name.toLowerCase());
  if (names.includes('x-clickhouse-exception-code'))
    throw new Error(`Code: ${String(answer.response_headers['x-clickhouse-exception-code'])}`);
  if (body.trim() !== '' || !names.some((name) => name.startsWith('x-clickhouse-')))
    throw new NotClickHouse('the answer is not that of a ClickHouse server');
}
