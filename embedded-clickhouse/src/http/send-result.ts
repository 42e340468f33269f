import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';

/** Counts for the X-ClickHouse-Summary header; what is not known is 0. */
export interface Counts {
  readonly readRows?: number;
  readonly readBytes?: number;
  readonly writtenRows?: number;
  readonly writtenBytes?: number;
  readonly resultRows?: number;
  readonly resultBytes?: number;
  readonly elapsedMs?: number;
}

/** The header's value: every number is a string, as ClickHouse writes it. */
export function summary(counts: Counts): string {
  const text = (value: number | undefined): string => String(Math.round(value ?? 0));
  return JSON.stringify({
    read_rows: text(counts.readRows),
    read_bytes: text(counts.readBytes),
    written_rows: text(counts.writtenRows),
    written_bytes: text(counts.writtenBytes),
    total_rows_to_read: '0',
    result_rows: text(counts.resultRows),
    result_bytes: text(counts.resultBytes),
    elapsed_ns: text((counts.elapsedMs ?? 0) * 1e6),
  });
}

/** Level of gzip and deflate; ClickHouse's own default (http_zlib_compression_level). */
const COMPRESSION_LEVEL = 3;
const BROTLI_QUALITY = 3;

function encoder(
  request: IncomingMessage,
  parameters: URLSearchParams
): { name: string; stream: Transform } | undefined {
  if (!/^(?:1|true)$/.test(parameters.get('enable_http_compression') ?? '')) return undefined;
  const accepted = (request.headers['accept-encoding'] ?? '').toLowerCase();
  const accepts = (name: string): boolean =>
    new RegExp(`(?:^|[,\\s])${name}(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))(?:[,;\\s]|$)`).test(accepted);
  if (accepts('gzip')) return { name: 'gzip', stream: createGzip({ level: COMPRESSION_LEVEL }) };
  if (accepts('deflate')) return { name: 'deflate', stream: createDeflate({ level: COMPRESSION_LEVEL }) };
  if (accepts('br'))
    return {
      name: 'br',
      stream: createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
    };
  return undefined;
}

/**
 * Sends pieces as the body, compressed when the client asked for it (enable_http_compression and Accept-Encoding).
 * Rejects when the source fails after the first byte or the client leaves; the socket is destroyed then.
 */
export async function sendResult(
  request: IncomingMessage,
  response: ServerResponse,
  parameters: URLSearchParams,
  pieces: AsyncIterable<Buffer>
): Promise<void> {
  const compression = encoder(request, parameters);
  const source = Readable.from(pieces, { objectMode: true, highWaterMark: 1 });
  if (compression === undefined) return pipeline(source, response);
  response.setHeader('Content-Encoding', compression.name);
  response.setHeader('Vary', 'Accept-Encoding');
  return pipeline(source, compression.stream, response);
}
