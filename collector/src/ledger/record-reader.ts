import type { TableColumns, TableRows } from '../table-rows.ts';
import type { SpanCounters } from './accounting.ts';
import type { Plan } from './delivery-frames.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { FileLayer, LedgerFile } from './file-layer.ts';
import type { EpochBytes, FrameHeader } from './frame.ts';
import { decodeRowsPayload } from './rows-payload.ts';
import type { Segment } from './segment.ts';
import { createSegmentScanner } from './segment-scanner.ts';
import type { SegmentScanner } from './segment-scanner.ts';

/** One acknowledged request, as the writer gets it. */
export interface LedgerRecord {
  readonly sequence: number;
  readonly acceptedAtMs: number;
  readonly tables: readonly TableRows[];
  readonly counters: SpanCounters;
  /** Columns the rows were encoded with. */
  readonly columns: readonly TableColumns[];
  readonly bytes: number;
  /** A plan of an earlier run that must be repeated exactly. */
  readonly plan: Plan | undefined;
  readonly segment: Segment;
}

export interface RecordReader {
  /** Takes a record that has just become durable. `end`: offset behind it in its segment. */
  readonly offer: (record: LedgerRecord, end: number) => void;
  /** The next undelivered record in order; `undefined` when there is none for now. One call at a time. */
  readonly next: () => Promise<LedgerRecord | undefined>;
  /** True when nothing waits to be read. */
  readonly isDrained: () => boolean;
  /** Number of the segment that is being read; those before it have been read whole. */
  readonly segmentNumber: () => number;
  /** When the oldest record held in memory was accepted. */
  readonly oldestAtMs: () => number | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Hands out records in order: from memory while the writer keeps up, from the segments when more than `hotBytes` wait (an outage)
 * and after a restart. Memory is bounded by `hotBytes` and one read buffer.
 */
export function createRecordReader(options: {
  readonly fileSystem: FileLayer;
  readonly epoch: EpochBytes;
  /** In order; the ledger adds and removes. */
  readonly segments: readonly Segment[];
  readonly delivery: DeliveryState;
  readonly hotBytes: number;
  /** Runs in the moment in which a record is taken, so that at no time it is neither waiting nor handed out. */
  readonly onTake: (record: LedgerRecord) => void;
  readonly onDamage: (damage: {
    readonly segment: Segment;
    readonly file: LedgerFile;
    readonly offset: number;
    readonly end: number;
    readonly header: FrameHeader | undefined;
  }) => Promise<void>;
}): RecordReader {
  const hot: { readonly record: LedgerRecord; readonly end: number }[] = [];
  let hotBytes = 0;
  /** Records exist on disk that are not in `hot`; they come after all of it. */
  let behind = options.segments.length > 0;
  let cursor = { number: 0, offset: 0 };
  let scan: { readonly segment: Segment; readonly file: LedgerFile; readonly scanner: SegmentScanner } | undefined;

  async function endScan(): Promise<void> {
    const ending = scan;
    scan = undefined;
    await ending?.file.close().catch(() => undefined);
  }

  function segmentAhead(): Segment | undefined {
    return options.segments.find(
      ({ number, durableBytes }) =>
        number >= cursor.number && durableBytes > (number === cursor.number ? cursor.offset : 0)
    );
  }

  async function readFromDisk(): Promise<LedgerRecord | undefined> {
    for (;;) {
      if (scan === undefined) {
        const ahead = segmentAhead();
        if (ahead === undefined) {
          // No await since the look: a record that becomes durable now goes to `hot`.
          behind = false;
          return undefined;
        }
        if (ahead.number !== cursor.number) cursor = { number: ahead.number, offset: 0 };
        const opened = await options.fileSystem.open(ahead.path);
        const scanner = createSegmentScanner(opened, options.epoch, cursor.offset, () => ahead.durableBytes);
        scan = { segment: ahead, file: opened, scanner };
      }
      const { segment, file, scanner } = scan;
      const item = await scanner.next();
      if (item === undefined) {
        await endScan();
        continue;
      }
      if (item.kind === 'newer') throw new Error(`${segment.path} holds records of a newer version`);
      cursor = { number: segment.number, offset: item.end };
      if (item.kind === 'damage') {
        if (segment.countedDamage.has(item.offset)) continue;
        segment.countedDamage.add(item.offset);
        await options.onDamage({ segment, file, offset: item.offset, end: item.end, header: item.header });
        continue;
      }
      const { header, payload } = item;
      if (header.type !== 'rows' || header.sequence > segment.voidAfter) continue;
      if (options.delivery.isDelivered(header.sequence)) continue;
      const rows = decodeRowsPayload(payload);
      if (rows.tables.length === 0) continue;
      const record: LedgerRecord = {
        sequence: header.sequence,
        acceptedAtMs: rows.acceptedAtMs,
        tables: rows.tables,
        counters: rows.counters,
        columns: segment.columns,
        bytes: payload.length,
        plan: options.delivery.planOf(header.sequence),
        segment,
      };
      options.onTake(record);
      return record;
    }
  }

  return {
    offer: (record, end) => {
      if (behind || hotBytes + record.bytes > options.hotBytes) {
        behind = true;
        return;
      }
      hot.push({ record, end });
      hotBytes += record.bytes;
    },
    next: async () => {
      const first = hot.shift();
      if (first !== undefined) {
        hotBytes -= first.record.bytes;
        cursor = { number: first.record.segment.number, offset: first.end };
        options.onTake(first.record);
        return first.record;
      }
      if (!behind) return undefined;
      try {
        return await readFromDisk();
      } catch (error) {
        await endScan();
        throw error;
      }
    },
    isDrained: () => hot.length === 0 && !behind,
    segmentNumber: () => cursor.number,
    oldestAtMs: () => hot[0]?.record.acceptedAtMs,
    close: endScan,
  };
}
