import type { OtlpSpan } from '../otlp.ts';
import type { SpanKey } from '../table-rows.ts';
import { COMMITTED, createFingerprintTable } from './fingerprint-table.ts';
import type { FingerprintTable } from './fingerprint-table.ts';
import { createSpanFingerprint } from './span-fingerprint.ts';

/** A span that may have been stored long ago, with what narrows the search. */
export interface LateSpan extends SpanKey {
  /** Unix nanoseconds. */
  readonly startTimeUnixNano: bigint;
}

/** The right to store some spans of a request. Exactly one of `commit` and `abort` must be called, whatever happens. */
export interface Claim {
  /** Per span of the request: true = to be stored, false = a repeat of a span that is stored durably. */
  readonly fresh: readonly boolean[];
  readonly freshCount: number;
  /** Of the fresh spans: goes into their ledger entry. */
  readonly fingerprints: Uint32Array;
  /** The record is durable. */
  readonly commit: () => void;
  /** The record was not stored: the spans are new again. */
  readonly abort: () => void;
}

type ClaimedSpan = Pick<OtlpSpan, 'traceId' | 'spanId' | 'startTimeUnixNano' | 'endTimeUnixNano'>;

export interface DuplicateWindow {
  /**
   * Decides which spans of a request are new. Resolves at once unless a copy of one of them is being committed by another request
   * (then after that one, so that no repeat is acknowledged before its copy is durable) or a late span must be looked up.
   * The second of two copies inside one request is a repeat. Never rejects.
   */
  readonly claim: (workspace: string, spans: readonly ClaimedSpan[]) => Promise<Claim>;
  /** Puts back what the ledger recovered. */
  readonly restore: (fingerprints: readonly Uint32Array[]) => void;
  readonly stats: () => DuplicateWindowStats;
}

interface DuplicateWindowStats {
  readonly fingerprints: number;
  readonly bytes: number;
  /** How far back the window reaches for certain, when it had to shrink below what is asked; else what is asked. Milliseconds. */
  readonly reachMs: number;
  /** Times that fingerprints left before their time for want of room. */
  readonly shrinks: number;
  /** Of those, times that undelivered ones were among them. */
  readonly undeliveredShrinks: number;
  /** Late spans accepted without a look into the store, which did not answer; the audit settles them. */
  readonly unverifiedLate: number;
  /** Late spans that the store already had. */
  readonly lateDuplicates: number;
}

interface Generation {
  readonly table: FingerprintTable;
  readonly startedAtMs: number;
  endedAtMs: number;
  /** No record that holds one of its spans has a higher sequence. */
  lastSequence: number;
}

/** Each holds a third of the window; the fourth is being filled. */
const GENERATIONS = 4;

const NONE: ReadonlySet<string> = new Set();

const DUPLICATE_WINDOW_DEFAULTS = { windowMs: 15 * 60_000, capacity: 4_000_000 };

/**
 * Remembers which spans were accepted in the last `windowMs`, and those that are acknowledged and not yet in the store whatever
 * their age, as keyed 64-bit fingerprints (a wrong match: 2·10⁻¹³ a span at 4M). Memory is bounded by `capacity` fingerprints of
 * at most 24 to 48 bytes; beyond it the oldest leave early and `stats` says so.
 */
export function createDuplicateWindow(options: {
  /** At least 16 bytes, kept with the ledger. */
  readonly seed: Uint8Array;
  readonly now: () => number;
  readonly ledger: { readonly lastSequence: () => number; readonly deliveredUpTo: () => number };
  /** Which of these spans the store holds, as `<trace id><span id>`; rejects when the store does not answer. */
  readonly lookup: (spans: readonly LateSpan[]) => Promise<ReadonlySet<string>>;
  readonly windowMs?: number;
  readonly capacity?: number;
}): DuplicateWindow {
  const { now, ledger } = options;
  const windowMs = options.windowMs ?? DUPLICATE_WINDOW_DEFAULTS.windowMs;
  const capacity = options.capacity ?? DUPLICATE_WINDOW_DEFAULTS.capacity;
  const fingerprint = createSpanFingerprint(options.seed);
  const inFlight = new Map<number, Promise<void>>();
  let lastClaim = 0;
  let shrinks = 0;
  let undeliveredShrinks = 0;
  let unverifiedLate = 0;
  let lateDuplicates = 0;
  let reachMs = windowMs;

  const begin = (): Generation => ({
    table: createFingerprintTable(),
    startedAtMs: now(),
    endedAtMs: 0,
    lastSequence: 0,
  });
  /** Newest first. */
  let generations: readonly Generation[] = [begin()];

  function find(first: number, second: number): number | undefined {
    for (const { table } of generations) {
      const claim = table.find(first, second);
      if (claim !== undefined) return claim;
    }
    return undefined;
  }

  function turn(): void {
    const current = generations[0]!;
    const isFull = current.table.size() >= capacity / GENERATIONS;
    const isOld = now() - current.startedAtMs >= windowMs / (GENERATIONS - 1);
    if (!isFull && !isOld) return;
    const oldest = generations.length === GENERATIONS ? generations.at(-1)! : undefined;
    if (oldest !== undefined) {
      const isDelivered = oldest.lastSequence <= ledger.deliveredUpTo();
      const isExpired = now() - oldest.endedAtMs >= windowMs;
      if (!isFull && !(isDelivered && isExpired)) return;
      if (!isDelivered || !isExpired) shrinks += 1;
      if (!isDelivered) undeliveredShrinks += 1;
      reachMs = isExpired ? windowMs : now() - oldest.endedAtMs;
    }
    current.endedAtMs = now();
    generations = [begin(), ...generations.slice(0, GENERATIONS - 1)];
  }

  /** A claim in flight that holds one of these fingerprints. */
  function holder(prints: Uint32Array): Promise<void> | undefined {
    for (let at = 0; at < prints.length; at += 2) {
      const claim = find(prints[at]!, prints[at + 1]!);
      if (claim !== undefined && claim !== COMMITTED) return inFlight.get(claim);
    }
    return undefined;
  }

  /** Of the fresh spans, which the store has had for longer than the window. */
  async function findStored(
    workspace: string,
    spans: readonly ClaimedSpan[],
    fresh: readonly boolean[]
  ): Promise<ReadonlySet<string>> {
    const lateBefore = BigInt(Math.trunc(now() - windowMs)) * 1_000_000n;
    const late: LateSpan[] = [];
    spans.forEach(({ traceId, spanId, startTimeUnixNano, endTimeUnixNano }, index) => {
      if (fresh[index] === true && endTimeUnixNano < lateBefore)
        late.push({ workspace, traceId, spanId, startTimeUnixNano });
    });
    if (late.length === 0) return NONE;
    try {
      const stored = await options.lookup(late);
      for (const { traceId, spanId } of late) if (stored.has(traceId + spanId)) lateDuplicates += 1;
      return stored;
    } catch {
      unverifiedLate += late.length;
      return NONE;
    }
  }

  async function claimSpans(workspace: string, spans: readonly ClaimedSpan[]): Promise<Claim> {
    const prints = new Uint32Array(spans.length * 2);
    spans.forEach((span, index) => fingerprint(workspace, span, prints, index * 2));
    // Nothing is held while waiting, so two requests that repeat each other's spans cannot wait for each other.
    for (let waiting = holder(prints); waiting !== undefined; waiting = holder(prints)) await waiting;
    turn();
    const generation = generations[0]!;
    const claim = (lastClaim = lastClaim === 0x7fffffff ? 1 : lastClaim + 1);
    let settle: () => void = () => undefined;
    inFlight.set(claim, new Promise((resolve) => (settle = resolve)));
    const fresh = spans.map((_, index) => {
      const first = prints[index * 2]!;
      const second = prints[index * 2 + 1]!;
      if (find(first, second) !== undefined) return false;
      generation.table.put(first, second, claim);
      return true;
    });
    const stored = await findStored(workspace, spans, fresh);
    const fingerprints = new Uint32Array(prints.length);
    let freshCount = 0;
    for (let index = 0; index < spans.length; index++) {
      if (fresh[index] !== true) continue;
      const first = prints[index * 2]!;
      const second = prints[index * 2 + 1]!;
      if (stored.size > 0 && stored.has(spans[index]!.traceId + spans[index]!.spanId)) {
        generation.table.put(first, second, COMMITTED);
        fresh[index] = false;
        continue;
      }
      fingerprints[freshCount * 2] = first;
      fingerprints[freshCount * 2 + 1] = second;
      freshCount += 1;
    }
    const held = fingerprints.subarray(0, freshCount * 2);
    let open = true;
    const end = (isCommitted: boolean): void => {
      if (!open) return;
      open = false;
      for (let at = 0; at < held.length; at += 2)
        if (isCommitted) generation.table.put(held[at]!, held[at + 1]!, COMMITTED);
        else generation.table.drop(held[at]!, held[at + 1]!);
      inFlight.delete(claim);
      settle();
    };
    return {
      fresh,
      freshCount,
      fingerprints: held,
      commit: () => {
        generation.lastSequence = Math.max(generation.lastSequence, ledger.lastSequence());
        end(true);
      },
      abort: () => end(false),
    };
  }

  return {
    claim: claimSpans,
    restore: (parts) => {
      for (const part of parts) {
        turn();
        const { table } = generations[0]!;
        for (let at = 0; at < part.length; at += 2) table.put(part[at]!, part[at + 1]!, COMMITTED);
        generations[0]!.lastSequence = ledger.lastSequence();
      }
    },
    stats: () => ({
      fingerprints: generations.reduce((sum, { table }) => sum + table.size(), 0),
      bytes: generations.reduce((sum, { table }) => sum + table.bytes(), 0),
      reachMs,
      shrinks,
      undeliveredShrinks,
      unverifiedLate,
      lateDuplicates,
    }),
  };
}
