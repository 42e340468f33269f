import { join } from 'node:path';
import type { TableColumns } from '../table-rows.ts';
import type { LedgerTotals } from './accounting.ts';

/** Payload of a segment's first frame, as JSON. */
export interface SegmentHeader {
  /** Columns of the rows in this segment, in the order they were encoded: an old segment replays with the columns it was written with. */
  readonly columns: readonly TableColumns[];
  /** Last durable sequence when the segment was made. What earlier segments hold beyond it was never acknowledged and is void. */
  readonly previousSequence: number;
  /** The books as they stood before the segment's first record. */
  readonly totals: LedgerTotals;
  /** Records up to this sequence were delivered; so a removed segment that a crash brings back is not delivered again. */
  readonly deliveredUpTo: number;
  readonly startedAtMs: number;
}

/** What is known in memory about one segment file. */
export interface Segment {
  readonly path: string;
  readonly number: number;
  readonly columns: readonly TableColumns[];
  readonly startedAtMs: number;
  /** Bytes that are durable; nothing beyond may be read. */
  durableBytes: number;
  /** Frames with a higher sequence are void. */
  voidAfter: number;
  /** Records not yet delivered. */
  undelivered: number;
  /** Records handed to the writer and not yet delivered. */
  inDelivery: number;
  /** Of all its records, for the id log that outlives the segment. */
  readonly fingerprints: Uint32Array[];
  /** Unix milliseconds of the newest record. */
  newestAtMs: number;
  /** Offsets of damage that has been counted. */
  readonly countedDamage: Set<number>;
}

const PREFIX = 'segment-';
const SUFFIX = '.ledger';
const DIGITS = 12;

export function segmentPath(directory: string, number: number): string {
  return join(directory, `${PREFIX}${String(number).padStart(DIGITS, '0')}${SUFFIX}`);
}

/** The number in a segment's file name; `undefined` for any other file. */
export function segmentNumber(name: string): number | undefined {
  const match = /^segment-(\d{12})\.ledger$/.exec(name);
  return match ? Number(match[1]) : undefined;
}
