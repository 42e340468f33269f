import { types } from 'node:util';
import { crc32 } from 'node:zlib';
import type { TableColumns } from '../table-rows.ts';
import type { LedgerTotals } from './accounting.ts';
import type { FileLayer, LedgerFile } from './file-layer.ts';
import { FRAME_HEADER_BYTES, encodeFrameHeader } from './frame.ts';
import type { EpochBytes, FrameType } from './frame.ts';
import { segmentPath } from './segment.ts';
import type { Segment, SegmentHeader } from './segment.ts';

/** Where a frame was made durable. */
interface Placed {
  readonly sequence: number;
  readonly segment: Segment;
  /** Offset behind the frame. */
  readonly end: number;
}

export interface JournalOptions {
  readonly fileSystem: FileLayer;
  readonly directory: string;
  readonly epoch: EpochBytes;
  readonly columns: readonly TableColumns[];
  readonly lastSequence: number;
  readonly nextSegmentNumber: number;
  readonly segmentBytes: number;
  readonly segmentAgeMs: number;
  readonly now: () => number;
  readonly totals: () => LedgerTotals;
  readonly deliveredUpTo: () => number;
  /** Runs synchronously when a segment is durable, before any frame of it is. */
  readonly onSegment: (segment: Segment) => void;
  readonly onFailure: (error: Error) => void;
}

export interface Journal {
  /**
   * Appends one frame. Resolves when it is durable, with its place; with `undefined` when the write or the flush failed: then it is
   * void for ever. `onDurable` runs synchronously at that moment, in the order of sequences.
   */
  readonly append: (
    type: FrameType,
    payload: readonly Uint8Array[],
    spans?: number,
    onDurable?: (placed: Placed) => void
  ) => Promise<Placed | undefined>;
  /** Bytes waiting to be written. */
  readonly queuedBytes: () => number;
  /** The last segment that this run began; what is older may be removed, for its header carries on sequences and books. */
  readonly newest: () => Segment | undefined;
  /** The last durable sequence. */
  readonly lastSequence: () => number;
  /** Begins a new segment once what is queued is durable, unless the active one holds nothing yet. */
  readonly rotate: () => Promise<void>;
  /** Waits for what is queued and closes the file. */
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly type: FrameType;
  readonly payload: readonly Uint8Array[];
  readonly payloadBytes: number;
  readonly payloadCrc: number;
  readonly spans: number;
  readonly onDurable: ((placed: Placed) => void) | undefined;
  readonly resolve: (placed: Placed | undefined) => void;
}

interface ActiveSegment {
  readonly segment: Segment;
  readonly file: LedgerFile;
  /** Offset behind the frame that opens it. */
  readonly start: number;
}

/** Frames joined into one write and one flush; more wait for the next. */
const MAX_GROUP_BYTES = 16 << 20;

/**
 * The appending side of the ledger: group commit into segment files. While one flush is in flight the next group collects, so an
 * idle ledger commits at once and a busy one shares flushes; no timer is involved. A failed write or flush poisons the segment:
 * its waiters fail, the file is closed and never written or flushed again (after a failed fsync the kernel drops the dirty pages
 * and a second fsync would succeed without them: Rebello et al., ATC 2020), and the next group begins a new segment whose header voids the failed frames.
 */
export function createJournal(options: JournalOptions): Journal {
  const { fileSystem, directory, epoch } = options;
  const queue: Waiting[] = [];
  let queuedBytes = 0;
  let sequence = options.lastSequence;
  let durableSequence = options.lastSequence;
  let segmentNumber = options.nextSegmentNumber;
  let active: ActiveSegment | undefined;
  let newest: Segment | undefined;
  let working: Promise<void> | undefined;
  let rotation = false;

  function frame(entry: Pick<Waiting, 'type' | 'payload' | 'payloadBytes' | 'payloadCrc' | 'spans'>): Uint8Array[] {
    sequence += 1;
    return [encodeFrameHeader({ ...entry, sequence }, epoch), ...entry.payload];
  }

  async function closeActive(): Promise<void> {
    const closing = active;
    active = undefined;
    await closing?.file.close().catch(() => undefined);
  }

  async function beginSegment(): Promise<ActiveSegment> {
    const header: SegmentHeader = {
      columns: options.columns,
      previousSequence: durableSequence,
      totals: options.totals(),
      deliveredUpTo: options.deliveredUpTo(),
      startedAtMs: options.now(),
    };
    const number = segmentNumber++;
    const path = segmentPath(directory, number);
    const file = await fileSystem.create(path);
    try {
      const payload = Buffer.from(JSON.stringify(header));
      const buffers = frame({
        type: 'segment',
        payload: [payload],
        payloadBytes: payload.length,
        payloadCrc: crc32(payload),
        spans: 0,
      });
      await file.write(buffers, 0);
      await file.sync();
      await fileSystem.syncDirectory(directory);
      durableSequence = sequence;
      const segment: Segment = {
        path,
        number,
        columns: header.columns,
        startedAtMs: header.startedAtMs,
        durableBytes: FRAME_HEADER_BYTES + payload.length,
        voidAfter: Infinity,
        undelivered: 0,
        inDelivery: 0,
        fingerprints: [],
        newestAtMs: 0,
        countedDamage: new Set(),
      };
      active = { segment, file, start: segment.durableBytes };
      newest = segment;
      options.onSegment(segment);
      return active;
    } catch (error) {
      await file.close().catch(() => undefined);
      // A leftover is harmless: it holds no frame but a header, and whoever recovers it reads it as empty.
      await fileSystem.remove(path).catch(() => undefined);
      throw error;
    }
  }

  function takeGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < queue.length && (count === 0 || bytes + queue[count]!.payloadBytes <= MAX_GROUP_BYTES))
      bytes += queue[count++]!.payloadBytes;
    return queue.splice(0, count);
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    const age = active === undefined ? 0 : options.now() - active.segment.startedAtMs;
    if (
      rotation ||
      (active !== undefined && (active.segment.durableBytes >= options.segmentBytes || age >= options.segmentAgeMs))
    ) {
      rotation = false;
      await closeActive();
    }
    const { segment, file } = active ?? (await beginSegment());
    const placed: Placed[] = [];
    const buffers: Uint8Array[] = [];
    let end = segment.durableBytes;
    for (const entry of group) {
      buffers.push(...frame(entry));
      end += FRAME_HEADER_BYTES + entry.payloadBytes;
      placed.push({ sequence, segment, end });
    }
    await file.write(buffers, segment.durableBytes);
    await file.sync();
    segment.durableBytes = end;
    durableSequence = sequence;
    group.forEach((entry, index) => {
      entry.onDurable?.(placed[index]!);
      entry.resolve(placed[index]);
    });
  }

  function fail(error: unknown): void {
    options.onFailure(types.isNativeError(error) ? error : new Error(String(error)));
  }

  async function work(): Promise<void> {
    while (queue.length > 0) {
      const group = takeGroup();
      try {
        await commit(group);
      } catch (error) {
        await closeActive();
        fail(error);
        for (const entry of group) entry.resolve(undefined);
      }
      queuedBytes -= group.reduce((sum, entry) => sum + entry.payloadBytes, 0);
    }
    if (!rotation) return;
    rotation = false;
    if (active !== undefined && active.segment.durableBytes === active.start) return;
    await closeActive();
    await beginSegment().catch(fail);
  }

  function wake(): Promise<void> {
    working ??= work().finally(() => {
      working = undefined;
      if (queue.length > 0 || rotation) void wake();
    });
    return working;
  }

  return {
    append: (type, payload, spans = 0, onDurable) =>
      new Promise((resolve) => {
        let payloadBytes = 0;
        let payloadCrc = 0;
        for (const piece of payload) {
          payloadBytes += piece.byteLength;
          payloadCrc = crc32(piece, payloadCrc);
        }
        queue.push({ type, payload, payloadBytes, payloadCrc, spans, onDurable, resolve });
        queuedBytes += payloadBytes;
        void wake();
      }),
    queuedBytes: () => queuedBytes,
    newest: () => newest,
    lastSequence: () => durableSequence,
    rotate: async () => {
      rotation = true;
      await wake();
    },
    close: async () => {
      while (working !== undefined) await working;
      await closeActive();
    },
  };
}
