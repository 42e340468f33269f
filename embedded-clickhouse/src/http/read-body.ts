import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ErrorCode, Refusal } from '../sql/refusal.ts';

/** Largest body, before and after inflating, bytes. */
const MOST_BODY_BYTES = 128 * 1024 * 1024;

/**
 * Reads the body whole, inflating gzip, deflate and br. Rejects with 229 when it is larger than `most` at any stage,
 * with 354 when it is not what Content-Encoding says.
 */
export async function readBody(request: IncomingMessage, most = MOST_BODY_BYTES): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  if (declared > most) throw tooLarge(most);
  if (encoding === '' || encoding === 'identity')
    return collect(request, most, Number.isInteger(declared) ? declared : undefined);
  const inflate = decoder(encoding);
  request.on('error', (error) => inflate.destroy(error));
  request.pipe(inflate);
  try {
    return await collect(inflate, most, undefined);
  } catch (error) {
    request.unpipe(inflate);
    inflate.destroy();
    if (error instanceof Refusal) throw error;
    throw new Refusal(ErrorCode.ZLIB_INFLATE_FAILED, `The body is not valid ${encoding}.`);
  }
}

function decoder(encoding: string): Transform {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  if (encoding === 'br') return createBrotliDecompress();
  throw new Refusal(
    ErrorCode.NOT_IMPLEMENTED,
    `Content-Encoding ${encoding.slice(0, 32)} is not supported: use gzip, deflate or br.`
  );
}

/** One copy into a buffer of the declared length, or one at the end. */
async function collect(source: Readable, most: number, length: number | undefined): Promise<Buffer> {
  const whole = length === undefined ? undefined : Buffer.allocUnsafeSlow(length);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw tooLarge(most);
    if (whole === undefined) chunks.push(chunk);
    else chunk.copy(whole, size - chunk.length);
  }
  return whole === undefined ? Buffer.concat(chunks, size) : whole.subarray(0, size);
}

function tooLarge(most: number): Refusal {
  return new Refusal(ErrorCode.QUERY_IS_TOO_LARGE, `The request body is larger than ${most} bytes.`);
}
