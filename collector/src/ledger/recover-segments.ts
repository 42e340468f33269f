import type { TableColumns } from '../table-rows.ts';
import { NO_SPANS, NO_TOTALS, countFragments, createAccounting } from './accounting.ts';
import type { Accounting, LedgerTotals } from './accounting.ts';
import { decodeJson } from './delivery-frames.ts';
import type { DeliveredPlan, Plan, Split } from './delivery-frames.ts';
import { createDeliveryState } from './delivery-state.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { FileLayer, LedgerFile } from './file-layer.ts';
import { FRAME_HEADER_BYTES, epochOfFrame } from './frame.ts';
import type { EpochBytes, FrameHeader } from './frame.ts';
import { quarantineRange } from './quarantine.ts';
import { decodeRowsPayload } from './rows-payload.ts';
import { segmentNumber, segmentPath } from './segment.ts';
import type { Segment, SegmentHeader } from './segment.ts';
import { createSegmentScanner } from './segment-scanner.ts';
import type { ScanItem } from './segment-scanner.ts';

type Damage = Extract<ScanItem, { kind: 'damage' }>;

/** What recovery found; all zero after a clean stop. */
export interface RecoveryReport {
  /** Undelivered records. */
  readonly records: number;
  /** Size of the segments that hold them. */
  readonly bytes: number;
  /** Bytes after the last intact frame that a crash left half-written. */
  readonly tornBytes: number;
  /** Damaged ranges among acknowledged records. */
  readonly damagedRanges: number;
  /** Spans in them. */
  readonly damagedSpans: number;
  readonly openPlans: number;
}

export interface RecoveredSegments {
  readonly segments: Segment[];
  readonly delivery: DeliveryState;
  readonly splits: ReadonlySet<string>;
  readonly deliveredUpTo: number;
  readonly accounting: Accounting;
  readonly lastSequence: number;
  readonly nextSegmentNumber: number;
  /** The newest whose header is intact: what carries on sequences and books until this run has begun one. */
  readonly newest: Segment | undefined;
  readonly oldestUndeliveredAtMs: number | undefined;
  readonly report: RecoveryReport;
}

async function withFile<T>(fileSystem: FileLayer, path: string, use: (file: LedgerFile) => Promise<T>): Promise<T> {
  try {
    const file = await fileSystem.open(path);
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== 'string') throw error;
    // Not every error of the system says which file it was.
    throw new Error(`${path} cannot be read (${code}); nothing was changed`, { cause: error });
  }
}

interface HeaderFrame {
  readonly header: SegmentHeader;
  readonly sequence: number;
}

async function readHeader(file: LedgerFile, path: string, epoch: EpochBytes): Promise<HeaderFrame | undefined> {
  const size = await file.size();
  const owner = epochOfFrame(await file.read(0, FRAME_HEADER_BYTES));
  if (owner !== undefined && !owner.equals(epoch))
    throw new Error(`${path} belongs to another ledger than identity.json says; nothing was changed. Move it away`);
  const item = await createSegmentScanner(file, epoch, 0, () => size).next();
  if (item?.kind === 'newer') throw new Error(`${path} was written by a newer version; nothing was changed`);
  if (item?.kind !== 'frame' || item.header.type !== 'segment') return undefined;
  return { header: JSON.parse(item.payload.toString('utf8')) as SegmentHeader, sequence: item.header.sequence };
}

/**
 * Reads all segments of a ledger directory. A half-written tail is tolerated, damage elsewhere is copied to `quarantine/`, counted
 * and passed over. Rejects, without having changed or removed anything, when a newer version or another ledger wrote a segment, or
 * the disk cannot be read.
 */
export async function recoverSegments(options: {
  readonly fileSystem: FileLayer;
  readonly directory: string;
  readonly epoch: EpochBytes;
  /** For a segment whose own header is damaged and that has no neighbour. */
  readonly columns: readonly TableColumns[];
}): Promise<RecoveredSegments> {
  const { fileSystem, directory, epoch } = options;
  const numbers = (await fileSystem.list(directory)).flatMap((name) => segmentNumber(name) ?? []);
  const heads = new Map<number, HeaderFrame>();
  for (const number of numbers) {
    const path = segmentPath(directory, number);
    const head = await withFile(fileSystem, path, (file) => readHeader(file, path, epoch));
    if (head) heads.set(number, head);
  }
  const headNumbers = [...heads.keys()];
  const base = headNumbers[0];
  const totals: LedgerTotals = base === undefined ? NO_TOTALS : heads.get(base)!.header.totals;
  const accounting = createAccounting(totals);
  const segments: Segment[] = [];
  // Three numbers a record, not an object: a backlog may hold millions.
  const sequences: number[] = [];
  const spans: number[] = [];
  const times: number[] = [];
  const segmentStarts: number[] = [];
  const plans: Plan[] = [];
  const delivered: DeliveredPlan[] = [];
  const splits = new Set<string>();
  let lastSequence = 0;
  let tornBytes = 0;
  let damagedRanges = 0;

  function take(header: FrameHeader, payload: Buffer, segment: Segment): void {
    const counted = base !== undefined && segment.number >= base;
    if (header.type === 'rows') {
      const rows = decodeRowsPayload(payload);
      if (counted) accounting.record(rows.counters, countFragments(rows.tables));
      segment.fingerprints.push(rows.fingerprints);
      segment.newestAtMs = Math.max(segment.newestAtMs, rows.acceptedAtMs);
      if (rows.tables.length === 0) return;
      sequences.push(header.sequence);
      spans.push(rows.counters.stored);
      times.push(rows.acceptedAtMs);
    } else if (header.type === 'plan') plans.push(decodeJson(payload) as Plan);
    else if (header.type === 'split') splits.add((decodeJson(payload) as Split).token);
    else if (header.type === 'delivered') {
      const done = decodeJson(payload) as DeliveredPlan;
      delivered.push(done);
      if (counted) accounting.deliver(done);
    }
  }

  /** Among acknowledged records. Where the header is whole it says how many spans the books must not forget. */
  function countDamage(damages: readonly Damage[], segment: Segment): void {
    damagedRanges += damages.length;
    for (const { header } of damages)
      if (header?.type === 'rows' && base !== undefined && segment.number >= base)
        accounting.record({ ...NO_SPANS, received: header.spans, stored: header.spans }, 0);
  }

  async function keepCopies(file: LedgerFile, path: string, damages: readonly Damage[]): Promise<void> {
    for (const { offset, end, zero } of damages)
      if (!zero) await quarantineRange(fileSystem, directory, { path, file, offset, end });
  }

  for (const number of numbers) {
    const path = segmentPath(directory, number);
    const following = headNumbers.find((other) => other > number);
    const head = heads.get(number)?.header;
    const nearest = head ?? heads.get(following ?? headNumbers.at(-1) ?? -1)?.header;
    await withFile(fileSystem, path, async (file) => {
      const size = await file.size();
      const segment: Segment = {
        path,
        number,
        columns: nearest?.columns ?? options.columns,
        startedAtMs: head?.startedAtMs ?? 0,
        durableBytes: size,
        voidAfter: following === undefined ? Infinity : heads.get(following)!.header.previousSequence,
        undelivered: 0,
        inDelivery: 0,
        fingerprints: [],
        newestAtMs: 0,
        countedDamage: new Set(),
      };
      segmentStarts.push(sequences.length);
      // Frames that a killed process had written but not flushed become acknowledged by being found, so they must be durable.
      if (following === undefined) await file.sync();
      const scanner = createSegmentScanner(file, epoch, 0, () => size);
      let unexplained: Damage[] = [];
      for (let item = await scanner.next(); item !== undefined; item = await scanner.next()) {
        if (item.kind === 'newer') throw new Error(`${path} holds records of a newer version; nothing was changed`);
        const isVoid = item.header !== undefined && item.header.sequence > segment.voidAfter;
        if (item.kind === 'damage') {
          segment.countedDamage.add(item.offset);
          if (!isVoid) unexplained.push(item);
        } else if (!isVoid) {
          countDamage(unexplained, segment);
          await keepCopies(file, path, unexplained);
          unexplained = [];
          lastSequence = Math.max(lastSequence, item.header.sequence);
          take(item.header, item.payload, segment);
        }
      }
      // What no intact frame follows was being written when the process died, unless a later segment says that it was durable.
      if (following === undefined || lastSequence >= segment.voidAfter)
        tornBytes += unexplained.reduce((sum, { offset, end }) => sum + end - offset, 0);
      else countDamage(unexplained, segment);
      await keepCopies(file, path, unexplained);
      segments.push(segment);
    });
    lastSequence = Math.max(lastSequence, heads.get(number)?.sequence ?? 0);
  }
  if (numbers.length > 0) await fileSystem.syncDirectory(directory);

  const deliveredUpTo = Math.max(0, ...[...heads.values()].map(({ header }) => header.deliveredUpTo));
  const delivery = createDeliveryState(plans, delivered, deliveredUpTo);
  let records = 0;
  let backlogSpans = 0;
  let oldestUndeliveredAtMs: number | undefined;
  const present = new Set<Plan>();
  segments.forEach((segment, index) => {
    for (let at = segmentStarts[index]!; at < (segmentStarts[index + 1] ?? sequences.length); at++) {
      const sequence = sequences[at]!;
      if (delivery.isDelivered(sequence)) continue;
      segment.undelivered += 1;
      records += 1;
      backlogSpans += spans[at]!;
      oldestUndeliveredAtMs = Math.min(oldestUndeliveredAtMs ?? Infinity, times[at]!);
      const plan = delivery.planOf(sequence);
      if (plan) present.add(plan);
    }
  });
  const bytes = segments.reduce((sum, segment) => sum + (segment.undelivered > 0 ? segment.durableBytes : 0), 0);
  // Whatever the books expect and no segment holds was lost to damage.
  const damagedSpans = accounting.backlogSpans() - backlogSpans;
  accounting.damage(damagedSpans);
  return {
    segments,
    delivery,
    splits,
    deliveredUpTo,
    accounting,
    lastSequence,
    nextSegmentNumber: (numbers.at(-1) ?? 0) + 1,
    newest: segments.findLast(({ number }) => heads.has(number)),
    oldestUndeliveredAtMs,
    report: {
      records,
      bytes,
      tornBytes,
      damagedRanges,
      damagedSpans: Math.max(0, damagedSpans),
      openPlans: present.size,
    },
  };
}
