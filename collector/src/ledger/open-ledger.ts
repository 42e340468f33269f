import { NO_SPANS, addCounters, countFragments, type SpanCounters } from './accounting.ts';
import { encodeJson } from './delivery-frames.ts';
import type { DeliveredPlan } from './delivery-frames.ts';
import { createDeliveryTracker } from './delivery-tracker.ts';
import type { Outstanding } from './delivery-tracker.ts';
import { describeTrouble } from './describe-trouble.ts';
import type { FileLayer } from './file-layer.ts';
import { createIdLog } from './id-log.ts';
import { openIdentity } from './identity.ts';
import { createJournal } from './journal.ts';
import { nodeFileLayer } from './node-file-layer.ts';
import { quarantineRange } from './quarantine.ts';
import { DEFAULT_LEDGER_LIMITS } from './ledger.ts';
import type { AppendOutcome, Ledger, LedgerLimits, LedgerOptions } from './ledger.ts';
import { createQuota } from './quota.ts';
import { createRecordReader } from './record-reader.ts';
import { recoverSegments } from './recover-segments.ts';
import { encodeRowsPayload } from './rows-payload.ts';
import type { LedgerEntry } from './rows-payload.ts';
import { removeDelivered } from './remove-delivered.ts';

const NO_FINGERPRINTS = new Uint32Array(0);

/**
 * Opens the write-ahead ledger: takes the directory, recovers what an earlier process left, and accepts records. A full disk does
 * not keep it from opening (the first segment is made by the first append). Rejects when another process holds the directory, a
 * newer version wrote it, or it cannot be read.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { directory, now } = options;
  const fileSystem = options.fileSystem ?? nodeFileLayer;
  const limits = { ...DEFAULT_LEDGER_LIMITS, ...options.limits };
  await fileSystem.makeDirectory(directory);
  const unlock = await fileSystem.lock(directory);
  try {
    return await openLocked({ ...options, fileSystem, limits, directory, now }, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openLocked(
  options: LedgerOptions & { readonly fileSystem: FileLayer; readonly limits: LedgerLimits },
  unlock: () => Promise<void>
): Promise<Ledger> {
  const { directory, now, fileSystem, limits, columns } = options;
  const { epoch, seed } = await openIdentity(fileSystem, directory);
  const found = await recoverSegments({ fileSystem, directory, epoch, columns });
  const { segments, accounting, delivery } = found;
  const idLog = createIdLog({ fileSystem, directory, windowMs: limits.duplicateWindowMs, now });
  const fingerprints = [...(await idLog.load()), ...segments.flatMap((segment) => segment.fingerprints)];
  const splits = new Set(found.splits);
  const tracker = createDeliveryTracker(found.deliveredUpTo);
  const quota = createQuota({ fileSystem, directory, ...limits, now });
  await quota.refresh();

  let unsaved = NO_SPANS;
  let appendsFull = 0;
  let appendsFailed = 0;
  let diskFailures = 0;
  let consecutiveFailures = 0;
  let trouble = '';
  let damagedRanges = found.report.damagedRanges;
  let idLogFailures = 0;
  let closed = false;
  let listener: (() => void) | undefined;
  /** Delivered, but the frame that says so is not durable: it is in the journal, or failed and is written again with the next. */
  const unsavedDelivered = new Map<DeliveredPlan, readonly Outstanding[]>();
  const savingDelivered = new Set<DeliveredPlan>();

  const journal = createJournal({
    fileSystem,
    directory,
    epoch,
    columns,
    lastSequence: found.lastSequence,
    nextSegmentNumber: found.nextSegmentNumber,
    ...limits,
    now,
    totals: accounting.totals,
    deliveredUpTo: () => Math.min(deliveredUpTo(), ...[...unsavedDelivered.keys()].map(({ first }) => first - 1)),
    onSegment: (segment) => void segments.push(segment),
    onFailure: (error) => {
      diskFailures += 1;
      trouble = describeTrouble(error);
      if (++consecutiveFailures === 1) options.onTrouble?.(error);
    },
  });

  const reader = createRecordReader({
    fileSystem,
    epoch,
    segments,
    delivery,
    hotBytes: limits.hotBytes,
    onTake: (record) => {
      record.segment.inDelivery += 1;
      tracker.handOut(record);
    },
    onDamage: async ({ segment, file, offset, end, header }) => {
      damagedRanges += 1;
      if (header?.type === 'rows') {
        accounting.damage(header.spans);
        segment.undelivered -= 1;
      }
      await quarantineRange(fileSystem, directory, { path: segment.path, file, offset, end });
    },
  });

  const heldBytes = (): number =>
    segments.reduce((sum, { durableBytes }) => sum + durableBytes, 0) + journal.queuedBytes();

  const deliveredUpTo = (): number =>
    tracker.oldest() === undefined && reader.isDrained() ? journal.lastSequence() : tracker.deliveredUpTo();

  let removing: Promise<void> = Promise.resolve();
  /** A file that cannot be removed stays in the list; the next delivery tries again. */
  function free(): Promise<void> {
    removing = removing
      .then(() =>
        removeDelivered({
          fileSystem,
          directory,
          segments,
          idLog,
          newest: () => journal.newest() ?? found.newest,
          isRead: (segment) => reader.isDrained() || segment.number < reader.segmentNumber(),
          onIdLogFailure: () => void (idLogFailures += 1),
        })
      )
      .catch(() => undefined);
    return removing;
  }
  await free();

  async function appendRecord(entry: LedgerEntry): Promise<AppendOutcome> {
    const bytes = entry.tables.reduce((sum, table) => sum + table.bytes.byteLength, 0);
    if (journal.queuedBytes() + bytes > limits.queueBytes || !quota.admits(heldBytes(), bytes)) {
      appendsFull += 1;
      return 'full';
    }
    const carried = unsaved;
    unsaved = NO_SPANS;
    const acceptedAtMs = now();
    const counters = addCounters(entry.counters, carried);
    const fragments = countFragments(entry.tables);
    const placed = await journal.append(
      'rows',
      encodeRowsPayload({ ...entry, counters, acceptedAtMs }),
      counters.stored,
      ({ sequence, segment, end }) => {
        consecutiveFailures = 0;
        accounting.record(counters, fragments);
        segment.fingerprints.push(entry.fingerprints);
        segment.newestAtMs = Math.max(segment.newestAtMs, acceptedAtMs);
        if (entry.tables.length === 0) return;
        segment.undelivered += 1;
        const { tables } = entry;
        reader.offer({ sequence, acceptedAtMs, tables, counters, columns, bytes, plan: undefined, segment }, end);
        listener?.();
      }
    );
    if (placed) return 'stored';
    unsaved = addCounters(unsaved, carried);
    appendsFailed += 1;
    return 'failed';
  }

  let savingCounts: Promise<void> | undefined;
  /** One record at a time for all that was counted since the last; what cannot be written goes with the next. */
  function saveCounts(): Promise<void> {
    savingCounts ??= (async () => {
      let isSaved = true;
      while (isSaved && unsaved.received > 0 && quota.admits(heldBytes(), 0)) {
        const carried = unsaved;
        unsaved = NO_SPANS;
        isSaved = await saveRecord(carried);
        if (!isSaved) unsaved = addCounters(unsaved, carried);
      }
    })().finally(() => (savingCounts = undefined));
    return savingCounts;
  }

  async function saveRecord(counters: SpanCounters): Promise<boolean> {
    const record = { tables: [], fingerprints: NO_FINGERPRINTS, counters, acceptedAtMs: now() };
    const placed = await journal.append('rows', encodeRowsPayload(record), 0, () => {
      consecutiveFailures = 0;
      accounting.record(counters, 0);
    });
    return placed !== undefined;
  }

  /** Past the quota, for these frames are what makes room. A segment goes only when they are durable. */
  async function saveDelivered(): Promise<void> {
    const saving = [...unsavedDelivered].filter(([done]) => !savingDelivered.has(done));
    await Promise.all(
      saving.map(async ([done, records]) => {
        savingDelivered.add(done);
        await journal.append('delivered', encodeJson(done), 0, () => {
          unsavedDelivered.delete(done);
          accounting.deliver(done);
          for (const { segment } of records) {
            segment.undelivered -= 1;
            segment.inDelivery -= 1;
          }
        });
        savingDelivered.delete(done);
      })
    );
    await free();
  }

  return {
    epoch: epoch.toString('hex'),
    seed,
    recovered: { ...found.report, fingerprints },
    append: (entry) => (closed ? Promise.resolve('failed') : appendRecord(entry)),
    count: (counters) => {
      unsaved = addCounters(unsaved, counters);
      if (!closed) void saveCounts();
    },
    next: reader.next,
    onRecord: (heard) => {
      listener = heard;
    },
    savePlan: async (plan) => (await journal.append('plan', encodeJson(plan))) !== undefined,
    saveSplit: async (token) => {
      const placed = await journal.append('split', encodeJson({ token }));
      if (placed) splits.add(token);
      return placed !== undefined;
    },
    isSplit: (token) => splits.has(token),
    markDelivered: async ({ first, last }, dead) => {
      const records = tracker.deliver(first, last);
      let spans = -dead.deadLetteredSpans;
      let fragments = -dead.deadLetteredFragments;
      for (const record of records) {
        spans += record.counters.stored;
        fragments += record.fragments;
      }
      unsavedDelivered.set({ first, last, spans, fragments, ...dead }, records);
      await saveDelivered();
    },
    backlog: () => {
      const records = segments.reduce((sum, { undelivered }) => sum + Math.max(0, undelivered), 0);
      const oldestAtMs = tracker.oldest()?.acceptedAtMs ?? reader.oldestAtMs() ?? found.oldestUndeliveredAtMs ?? now();
      const oldestMs = records > 0 ? Math.max(0, now() - oldestAtMs) : 0;
      return { records, spans: accounting.backlogSpans(), bytes: heldBytes(), oldestMs };
    },
    deliveredUpTo,
    lastSequence: journal.lastSequence,
    rotate: async () => {
      await journal.rotate();
      await free();
    },
    isFull: () => journal.queuedBytes() >= limits.queueBytes || !quota.admits(heldBytes(), 0),
    probe: async () => {
      if (consecutiveFailures > 0 && !closed) await saveRecord(NO_SPANS);
    },
    stats: () => {
      const counted = accounting.totals();
      return {
        totals: {
          ...counted,
          received: counted.received + unsaved.received,
          ignored: counted.ignored + unsaved.ignored,
          rejected: counted.rejected + unsaved.rejected,
          duplicate: counted.duplicate + unsaved.duplicate,
        },
        balanced: accounting.balanced(),
        appendsFull,
        isRefusing: quota.isRefusing(),
        appendsFailed,
        diskFailures,
        consecutiveFailures,
        trouble: consecutiveFailures > 0 ? trouble : '',
        damagedRanges,
        idLogFailures,
        segments: segments.length,
        freeBytes: quota.freeBytes(),
      };
    },
    close: async () => {
      if (closed) return;
      closed = true;
      await savingCounts;
      const carried = unsaved;
      unsaved = NO_SPANS;
      if (carried.received > 0) await saveRecord(carried);
      if (unsavedDelivered.size > 0) await saveDelivered();
      await journal.close();
      await removing;
      await reader.close();
      await unlock();
    },
  };
}
