import type { TableRows } from '../table-rows.ts';

/** What became of the spans of one request. `received` = the sum of the other four. */
export interface SpanCounters {
  readonly received: number;
  /** In the rows of this record; they count as backlog until they are delivered. */
  readonly stored: number;
  readonly ignored: number;
  readonly rejected: number;
  readonly duplicate: number;
}

/** Sums since the ledger's epoch began. Spans, except where the name says fragments. */
export interface LedgerTotals {
  readonly received: number;
  readonly ignored: number;
  readonly rejected: number;
  readonly duplicate: number;
  /** Written to the ledger to be stored: delivered + deadLettered + damaged + backlog. */
  readonly accepted: number;
  readonly delivered: number;
  readonly deadLettered: number;
  /** In records that could not be read back (kept in `quarantine/`). */
  readonly damaged: number;
  readonly fragmentsAccepted: number;
  readonly fragmentsDelivered: number;
  readonly fragmentsDeadLettered: number;
}

/** What a finished batch says: spans and content fragments, counted apart. */
export interface DeliveredCounts {
  readonly spans: number;
  readonly deadLetteredSpans: number;
  readonly fragments: number;
  readonly deadLetteredFragments: number;
}

export const NO_SPANS: SpanCounters = { received: 0, stored: 0, ignored: 0, rejected: 0, duplicate: 0 };

export const NO_TOTALS: LedgerTotals = {
  received: 0,
  ignored: 0,
  rejected: 0,
  duplicate: 0,
  accepted: 0,
  delivered: 0,
  deadLettered: 0,
  damaged: 0,
  fragmentsAccepted: 0,
  fragmentsDelivered: 0,
  fragmentsDeadLettered: 0,
};

/** Content fragments in a record's rows. */
export function countFragments(tables: readonly Pick<TableRows, 'table' | 'rows'>[]): number {
  return tables.reduce((sum, { table, rows }) => sum + (table === 'content_fragments' ? rows : 0), 0);
}

export function addCounters(left: SpanCounters, right: SpanCounters, sign: 1 | -1 = 1): SpanCounters {
  return {
    received: left.received + sign * right.received,
    stored: left.stored + sign * right.stored,
    ignored: left.ignored + sign * right.ignored,
    rejected: left.rejected + sign * right.rejected,
    duplicate: left.duplicate + sign * right.duplicate,
  };
}

/** The books of one ledger: received = delivered + ignored + rejected + duplicate + deadLettered + damaged + backlog. */
export interface Accounting {
  readonly record: (counters: SpanCounters, fragments: number) => void;
  readonly deliver: (counts: DeliveredCounts) => void;
  readonly damage: (spans: number) => void;
  readonly totals: () => LedgerTotals;
  /** Spans accepted and not yet delivered, dead-lettered or damaged. */
  readonly backlogSpans: () => number;
  /** False when some record's counters did not add up. */
  readonly balanced: () => boolean;
}

/** Continues from `start`, which the newest readable segment header of the last run gave. */
export function createAccounting(start: LedgerTotals): Accounting {
  const sums = { ...start };
  const backlogSpans = (): number => sums.accepted - sums.delivered - sums.deadLettered - sums.damaged;
  return {
    record: (counters, fragments) => {
      sums.received += counters.received;
      sums.ignored += counters.ignored;
      sums.rejected += counters.rejected;
      sums.duplicate += counters.duplicate;
      sums.accepted += counters.stored;
      sums.fragmentsAccepted += fragments;
    },
    deliver: (counts) => {
      sums.delivered += counts.spans;
      sums.deadLettered += counts.deadLetteredSpans;
      sums.fragmentsDelivered += counts.fragments;
      sums.fragmentsDeadLettered += counts.deadLetteredFragments;
    },
    damage: (spans) => {
      sums.damaged += spans;
    },
    totals: () => ({ ...sums }),
    backlogSpans,
    balanced: () => sums.received === sums.accepted + sums.ignored + sums.rejected + sums.duplicate,
  };
}
