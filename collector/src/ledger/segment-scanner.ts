import { crc32 } from 'node:zlib';
import type { LedgerFile } from './file-layer.ts';
import { FRAME_HEADER_BYTES, FRAME_MAGIC, decodeFrameHeader } from './frame.ts';
import type { EpochBytes, FrameHeader } from './frame.ts';

export type ScanItem =
  | { readonly kind: 'frame'; readonly header: FrameHeader; readonly payload: Buffer; readonly end: number }
  /** Bytes that are no intact frame. `header` is there when only the payload is bad. `zero`: nothing but zero bytes. */
  | {
      readonly kind: 'damage';
      readonly offset: number;
      readonly end: number;
      readonly header: FrameHeader | undefined;
      readonly zero: boolean;
    }
  | { readonly kind: 'newer' };

export interface SegmentScanner {
  /** The next frame or damaged range before `end()`; `undefined` when there is none (yet). */
  readonly next: () => Promise<ScanItem | undefined>;
}

const CHUNK_BYTES = 4 << 20;

/**
 * Reads frames in order from `start`. `end` may grow while a segment is being written. A damaged range reaches to the next intact
 * frame, or to the end of the file. Rejects only when the file cannot be read.
 */
export function createSegmentScanner(
  file: LedgerFile,
  epoch: EpochBytes,
  start: number,
  end: () => number
): SegmentScanner {
  let position = start;
  let chunk: Buffer = Buffer.alloc(0);
  let chunkStart = start;

  /** Makes [from, from + length) available and returns its offset in the chunk. */
  async function load(from: number, length: number): Promise<number> {
    if (from < chunkStart || from + length > chunkStart + chunk.length) {
      chunk = await file.read(from, Math.min(end() - from, Math.max(length, CHUNK_BYTES)));
      chunkStart = from;
    }
    return from - chunkStart;
  }

  /** Offset of the next intact header after `from`, or the end. Sets `zero` false when it passes anything but zeros. */
  async function findNext(from: number): Promise<{ readonly found: number; readonly zero: boolean }> {
    let zero = true;
    for (let at = from; at < end();) {
      const offset = await load(at, Math.min(FRAME_HEADER_BYTES, end() - at));
      if (chunk.length === 0) break;
      const candidate = chunk.indexOf(FRAME_MAGIC, offset);
      const stop = candidate < 0 ? Math.max(offset + 1, chunk.length - FRAME_MAGIC.length + 1) : candidate;
      zero &&= chunk.subarray(offset, Math.min(stop, chunk.length)).every((byte) => byte === 0);
      at = chunkStart + stop;
      if (candidate < 0) continue;
      const headerAt = await load(at, Math.min(FRAME_HEADER_BYTES, end() - at));
      const header = decodeFrameHeader(chunk, headerAt, epoch);
      if (header !== undefined) return { found: at, zero };
      zero = false;
      at += 1;
    }
    return { found: end(), zero };
  }

  return {
    next: async () => {
      const limit = end();
      if (position >= limit) return undefined;
      const offset = position;
      const headerAt = await load(offset, Math.min(FRAME_HEADER_BYTES, limit - offset));
      const header = decodeFrameHeader(chunk, headerAt, epoch);
      if (header === 'newer') return { kind: 'newer' };
      if (header === undefined) {
        const { found, zero } = await findNext(offset);
        position = found;
        return { kind: 'damage', offset, end: found, header: undefined, zero };
      }
      const frameEnd = offset + FRAME_HEADER_BYTES + header.payloadBytes;
      if (frameEnd > limit) {
        const { found } = await findNext(offset + 1);
        position = found;
        return { kind: 'damage', offset, end: found, header, zero: false };
      }
      const payloadAt = (await load(offset, frameEnd - offset)) + FRAME_HEADER_BYTES;
      const payload = chunk.subarray(payloadAt, payloadAt + header.payloadBytes);
      position = frameEnd;
      if (payload.length !== header.payloadBytes || crc32(payload) !== header.payloadCrc)
        return { kind: 'damage', offset, end: frameEnd, header, zero: false };
      return { kind: 'frame', header, payload, end: frameEnd };
    },
  };
}
