import { setTimeout as delay } from 'node:timers/promises';
import { waitWithJitter } from './back-off.ts';
import type { BackOff } from './back-off.ts';
import { DEFAULT_BATCH_LIMITS, createBatchBuilder } from './batch-builder.ts';
import type { Batch, BatchLimits } from './batch-builder.ts';
import { createDeadLetterAllowance } from './dead-letter-allowance.ts';
import { createDeliverPiece } from './deliver-piece.ts';
import type { Trouble } from './send-piece.ts';
import type { DeliveryLedger, DeliveryRecord } from './delivery-ledger.ts';
import type { InsertDeadLetter } from './insert-dead-letter.ts';
import type { InsertRows } from './insert-rows.ts';
import { piecesOf } from './rows-piece.ts';

interface WriterStats {
  readonly batches: number;
  /** Rows and bytes inserted, by table. */
  readonly inserted: ReadonlyMap<string, { readonly rows: number; readonly bytes: number }>;
  /** Rows in `dead_letters`, by table they were meant for. */
  readonly deadLettered: ReadonlyMap<string, number>;
  /** Failed attempts by ClickHouse error code; 0 = connection. */
  readonly failures: ReadonlyMap<number, number>;
  /** Tables whose rows are being tried again now; reaction `hold` = an operator must act. */
  readonly troubles: ReadonlyMap<string, Trouble>;
  /** First attempts that the store took for repeats. */
  readonly unexpectedRepeats: number;
  /** Milliseconds from the acceptance of its oldest record to the end of the last batch. */
  readonly lastDelayMs: number;
}

export interface Writer {
  readonly start: () => void;
  /** Sends everything without waiting for full batches; true when the ledger was empty before `deadlineAtMs` (Unix ms). */
  readonly drain: (deadlineAtMs: number) => Promise<boolean>;
  /** Breaks off; plans that are open are repeated by the next run. */
  readonly stop: () => Promise<void>;
  readonly stats: () => WriterStats;
}

export interface WriterOptions {
  readonly ledger: DeliveryLedger;
  readonly insert: InsertRows;
  readonly deadLetter: InsertDeadLetter;
  readonly now: () => number;
  /** Random, of this run of the process: see `tokenOf`. */
  readonly run?: string;
  readonly limits?: Partial<BatchLimits>;
  /** Batches in flight at a time. */
  readonly streams?: number;
  readonly backOff?: BackOff;
}

const STREAMS = 2;
/** Batches with refused rows wait aside while they are no more than this, so that the next ones are not delayed. */
const ASIDE_BYTES = 128 << 20;
const LONGEST_SLEEP_MS = 1000;
const DRAIN_POLL_MS = 20;

/**
 * Delivers the ledger to ClickHouse in order of acceptance: joins records into batches, makes each plan durable, inserts it table
 * by table, and marks it delivered. Two batches are in flight; while both are, the next one grows. A batch with refused rows makes
 * room for others until they are dealt with.
 */
export function createWriter(options: WriterOptions): Writer {
  const { ledger, now } = options;
  const backOff = options.backOff ?? waitWithJitter;
  const limits = { ...DEFAULT_BATCH_LIMITS, ...options.limits };
  const streams = options.streams ?? STREAMS;
  const builder = createBatchBuilder(limits, options.run);
  const allowance = createDeadLetterAllowance();
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const aside = new Map<Promise<void>, number>();
  const inserted = new Map<string, { rows: number; bytes: number }>();
  const deadLettered = new Map<string, number>();
  const failures = new Map<number, number>();
  const troubles = new Map<string, Trouble>();
  let batches = 0;
  let unexpectedRepeats = 0;
  let lastDelayMs = 0;
  let draining = false;
  let loop: Promise<void> | undefined;
  let isAwake = false;
  let endSleep: () => void = () => undefined;

  const deliverPiece = createDeliverPiece({
    ledger,
    insert: options.insert,
    deadLetter: options.deadLetter,
    allowance,
    backOff,
    now,
    observer: {
      inserted: (table, rows, bytes) => {
        const sum = inserted.get(table);
        inserted.set(table, { rows: rows + (sum?.rows ?? 0), bytes: bytes + (sum?.bytes ?? 0) });
      },
      unexpectedRepeat: () => void (unexpectedRepeats += 1),
      failed: (trouble) => {
        failures.set(trouble.code, (failures.get(trouble.code) ?? 0) + 1);
        troubles.set(trouble.table, trouble);
      },
      recovered: (table) => void troubles.delete(table),
    },
  });

  function wake(): void {
    isAwake = true;
    endSleep();
  }

  /** Until something happens, or has happened since the last sleep, or the time is over. */
  async function sleep(ms: number): Promise<void> {
    if (!isAwake) {
      const ended = new AbortController();
      const woken = new Promise<void>((resolve) => (endSleep = resolve));
      await Promise.race([woken, delay(ms, undefined, { signal: ended.signal, ref: false }).catch(() => undefined)]);
      ended.abort();
    }
    isAwake = false;
  }

  async function deliver(batch: Batch, onRefusal: () => void): Promise<void> {
    let deadLetteredSpans = 0;
    let deadLetteredFragments = 0;
    for (const piece of piecesOf(batch)) {
      const dead = await deliverPiece(piece, { isRepeat: batch.isRepeat, signal, onRefusal });
      if (dead === 0) continue;
      deadLettered.set(piece.table, (deadLettered.get(piece.table) ?? 0) + dead);
      if (piece.table === 'spans' || piece.table === 'other_spans') deadLetteredSpans += dead;
      if (piece.table === 'content_fragments') deadLetteredFragments += dead;
    }
    await ledger.markDelivered(batch.plan, { deadLetteredSpans, deadLetteredFragments });
    batches += 1;
    lastDelayMs = Math.max(0, now() - batch.oldestAtMs);
  }

  async function dispatch(batch: Batch): Promise<void> {
    while (running.size >= streams && !signal.aborted) await sleep(LONGEST_SLEEP_MS);
    for (let attempt = 0; !batch.isRepeat && !signal.aborted && !(await ledger.savePlan(batch.plan)); attempt++)
      await backOff(attempt, signal);
    if (signal.aborted) return;
    const setAside = (): void => {
      const held = [...aside.values()].reduce((sum, bytes) => sum + bytes, 0);
      if (!running.has(delivery) || held + batch.bytes > ASIDE_BYTES) return;
      running.delete(delivery);
      aside.set(delivery, batch.bytes);
      wake();
    };
    const delivery = deliver(batch, setAside)
      // Only an abort ends a delivery early; its plan stays open.
      .catch(() => undefined)
      .finally(() => {
        running.delete(delivery);
        aside.delete(delivery);
        wake();
      });
    running.add(delivery);
  }

  async function run(): Promise<void> {
    let held: DeliveryRecord | undefined;
    let readFailures = 0;
    while (!signal.aborted) {
      let record = held;
      try {
        record ??= await ledger.next();
        readFailures = 0;
      } catch {
        await backOff(readFailures++, signal);
        continue;
      }
      held = undefined;
      if (record !== undefined) {
        if (!builder.add(record)) {
          held = record;
          await dispatch(builder.take());
        } else if (builder.hasReadyRows() && running.size < streams) await dispatch(builder.take());
        continue;
      }
      const isDue = builder.isReady(now()) || (draining && !builder.isEmpty());
      if (isDue && running.size < streams) await dispatch(builder.take());
      else {
        const waitMs = builder.isEmpty() || isDue ? LONGEST_SLEEP_MS : builder.dueAtMs() - now();
        await sleep(Math.min(LONGEST_SLEEP_MS, Math.max(1, waitMs)));
      }
    }
  }

  return {
    start: () => {
      ledger.onRecord(wake);
      loop ??= run().catch(() => undefined);
    },
    drain: async (deadlineAtMs) => {
      draining = true;
      wake();
      while (ledger.backlog().records > 0 && now() < deadlineAtMs && !signal.aborted)
        await delay(Math.min(DRAIN_POLL_MS, Math.max(1, deadlineAtMs - now())));
      draining = false;
      return ledger.backlog().records === 0;
    },
    stop: async () => {
      stopping.abort();
      wake();
      await loop;
      await Promise.all([...running, ...aside.keys()]);
    },
    stats: () => ({ batches, inserted, deadLettered, failures, troubles, unexpectedRepeats, lastDelayMs }),
  };
}
