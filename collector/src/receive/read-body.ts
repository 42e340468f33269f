import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ByteReservation } from './byte-budget.ts';

export type BodyResult =
  | { readonly kind: 'read'; readonly body: Buffer[] }
  /** `corrupt` = not gzip, or gzip that ends too early. `aborted` = the sender left. */
  | { readonly kind: 'too_large' | 'overloaded' | 'corrupt' | 'aborted' };

export interface ReadBodyOptions {
  readonly gzip: boolean;
  /** Applies to the bytes on the wire and again to what they inflate to. */
  readonly maxBytes: number;
  readonly reservation: ByteReservation;
}

/** Larger pieces mean fewer round trips to the thread pool. */
const INFLATE_CHUNK_BYTES = 256 * 1024;

/**
 * Reads a request body, inflating while it arrives, and never holds more than `maxBytes` of it: a bomb is stopped where
 * it passes the limit. Every byte held is taken from the reservation first. Never rejects. After anything but `read` the
 * rest of the source is thrown away. No bytes at all are an empty body, whether or not they are called gzip. The pieces are not joined.
 */
export function readBody(source: Readable, { gzip, maxBytes, reservation }: ReadBodyOptions): Promise<BodyResult> {
  return new Promise((resolve) => {
    const inflater = gzip ? createGunzip({ chunkSize: INFLATE_CHUNK_BYTES }) : undefined;
    const chunks: Buffer[] = [];
    let received = 0;
    let kept = 0;
    let done = false;

    const finish = (result: BodyResult): void => {
      if (done) return;
      done = true;
      if (result.kind !== 'read') {
        chunks.length = 0;
        source.resume();
      }
      inflater?.destroy();
      resolve(result);
    };
    const keep = (chunk: Buffer): void => {
      if (done) return;
      kept += chunk.length;
      if (kept > maxBytes) finish({ kind: 'too_large' });
      else if (!reservation.take(chunk.length)) finish({ kind: 'overloaded' });
      else chunks.push(chunk);
    };
    const complete = (): void => finish({ kind: 'read', body: chunks.splice(0) });

    source.on('data', (chunk: Buffer) => {
      if (done) return;
      received += chunk.length;
      if (received > maxBytes) finish({ kind: 'too_large' });
      else if (!inflater) keep(chunk);
      else if (!inflater.write(chunk)) source.pause();
    });
    source.on('end', () => {
      if (inflater && received > 0) inflater.end();
      else complete();
    });
    // `close` without `end` is a connection that broke; after `end` it says nothing new.
    source.on('close', () => (source.readableEnded ? undefined : finish({ kind: 'aborted' })));
    source.on('error', () => finish({ kind: 'aborted' }));
    inflater?.on('drain', () => source.resume());
    inflater?.on('data', keep);
    inflater?.on('end', complete);
    inflater?.on('error', () => finish({ kind: 'corrupt' }));
  });
}
