import type { TableColumns } from '../table-rows.ts';
import type { DeliveredCounts, LedgerTotals, SpanCounters } from './accounting.ts';
import type { Plan } from './delivery-frames.ts';
import type { FileLayer } from './file-layer.ts';
import type { LedgerRecord } from './record-reader.ts';
import type { RecoveryReport } from './recover-segments.ts';
import type { LedgerEntry } from './rows-payload.ts';

/** Bytes unless the name says otherwise. */
export interface LedgerLimits {
  /** Beyond it `append` answers `full`. */
  readonly quotaBytes: number;
  /** Space on the file system that the ledger leaves free. */
  readonly reserveBytes: number;
  /** A segment is ended at this size … */
  readonly segmentBytes: number;
  /** … or this age, so that delivered rows leave the disk on a quiet system too. */
  readonly segmentAgeMs: number;
  /** Waiting to be written; beyond it `append` answers `full`. */
  readonly queueBytes: number;
  /** Records kept in memory for the writer; the rest is read back from disk. */
  readonly hotBytes: number;
  /** How far back accepted spans are remembered over a restart. */
  readonly duplicateWindowMs: number;
}

export const DEFAULT_LEDGER_LIMITS: LedgerLimits = {
  quotaBytes: 16 * 2 ** 30,
  reserveBytes: 2 ** 30,
  segmentBytes: 64 << 20,
  segmentAgeMs: 10 * 60_000,
  queueBytes: 64 << 20,
  hotBytes: 32 << 20,
  duplicateWindowMs: 15 * 60_000,
};

/** `stored`: durable, may be acknowledged. `full`: no room for now. `failed`: the disk failed; the record is void. */
export type AppendOutcome = 'stored' | 'full' | 'failed';

interface Backlog {
  readonly records: number;
  readonly spans: number;
  /** Size of all segments, delivered rows in them included: what the quota counts. */
  readonly bytes: number;
  /** Milliseconds since the oldest undelivered record was accepted; 0 when there is none. */
  readonly oldestMs: number;
}

interface LedgerStats {
  readonly totals: LedgerTotals;
  /** False: some request's counters did not add up. */
  readonly balanced: boolean;
  readonly appendsFull: number;
  /** There was no room for the last request; a smaller one may find some. */
  readonly isRefusing: boolean;
  readonly appendsFailed: number;
  /** Failed writes and flushes; each one poisoned a segment. */
  readonly diskFailures: number;
  /** The same since the last append that went well; above 0 the ledger is not ready. */
  readonly consecutiveFailures: number;
  /** What the disk said to the last of them, without paths; empty while it works. */
  readonly trouble: string;
  readonly damagedRanges: number;
  /** Segments whose fingerprints could not be kept when they were deleted. */
  readonly idLogFailures: number;
  readonly segments: number;
  readonly freeBytes: number;
}

export interface Ledger {
  /** 32 hex digits, part of every deduplication token. */
  readonly epoch: string;
  /** Key for `createDuplicateWindow`. */
  readonly seed: Buffer;
  readonly recovered: RecoveryReport & {
    /** Of spans accepted within the duplicate window or not yet delivered, oldest first. */
    readonly fingerprints: readonly Uint32Array[];
  };
  /** Makes one request's rows durable. Never rejects. */
  readonly append: (entry: LedgerEntry) => Promise<AppendOutcome>;
  /** Counts a request that left no rows; persisted in the background, many at a time. */
  readonly count: (counters: SpanCounters) => void;
  /** The next record to deliver, `undefined` when there is none for now. One call at a time; rejects when the disk cannot be read. */
  readonly next: () => Promise<LedgerRecord | undefined>;
  /** Calls the listener whenever `next` has something new. */
  readonly onRecord: (listener: () => void) => void;
  /** True once the plan is durable; only then may its first insert be sent. */
  readonly savePlan: (plan: Plan) => Promise<boolean>;
  /** True once it is durable that the insert with this token was given up for its halves. */
  readonly saveSplit: (token: string) => Promise<boolean>;
  readonly isSplit: (token: string) => boolean;
  /** Ends a plan: the store holds its rows durably. Frees segments that are done. Never rejects. */
  readonly markDelivered: (
    plan: Plan,
    deadLettered: Pick<DeliveredCounts, 'deadLetteredSpans' | 'deadLetteredFragments'>
  ) => Promise<void>;
  readonly backlog: () => Backlog;
  /** Every record up to this sequence is delivered. */
  readonly deliveredUpTo: () => number;
  /** The last durable sequence. */
  readonly lastSequence: () => number;
  /** Begins a new segment, so that the one before can be removed once it is delivered (erasure). */
  readonly rotate: () => Promise<void>;
  /** True while `append` would answer `full` whatever the size: a request need not be read. */
  readonly isFull: () => boolean;
  /** After a failed write tries another: a collector that gets no traffic for it finds out here that its disk works again. */
  readonly probe: () => Promise<void>;
  readonly stats: () => LedgerStats;
  /** Waits for what is queued to be durable, persists the counters, frees the directory. */
  readonly close: () => Promise<void>;
}

export interface LedgerOptions {
  readonly directory: string;
  /** Of the rows that will be appended. */
  readonly columns: readonly TableColumns[];
  readonly now: () => number;
  readonly limits?: Partial<LedgerLimits>;
  readonly fileSystem?: FileLayer;
  /** The disk failed after it had worked. */
  readonly onTrouble?: (error: Error) => void;
}
