import type { ServerResponse } from 'node:http';
import { Refusal } from '../sql/refusal.ts';
import { exceptionStatus } from './exception-status.ts';

/** Seconds after which a sender that found all places taken may try again. */
const RETRY_AFTER_SECONDS = '1';

/**
 * Answers with an error as ClickHouse does: status by code, the code in a header, the text in the body. When a part of
 * the answer is already out, the socket is destroyed, so that no client takes the part for the whole.
 */
export function sendError(response: ServerResponse, error: unknown, version: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const refusal =
    error instanceof Refusal ? error : new Refusal(1002, error instanceof Error ? error.message : String(error));
  const status = exceptionStatus(refusal.code);
  for (const name of response.getHeaderNames())
    if (/^content-|^x-clickhouse-(?:summary|format)/.test(name)) response.removeHeader(name);
  response.statusCode = status;
  response.setHeader('X-ClickHouse-Exception-Code', String(refusal.code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  if (status === 503) response.setHeader('Retry-After', RETRY_AFTER_SECONDS);
  if (status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="ClickHouse server HTTP API"');
  // Bytes of a refused body may still be on their way; a kept connection would read them as the next request.
  if (!response.req.complete) response.setHeader('Connection', 'close');
  const text = refusal.message.replace(/\.+$/, '');
  response.end(`Code: ${refusal.code}. DB::Exception: ${text}. (${refusal.label}) (version ${version})\n`);
}
