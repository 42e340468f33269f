import type { Registry } from 'prom-client';
import type { DuplicateWindow } from '../ledger/duplicate-window.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { watchCounter, watchGauge } from './watch-value.ts';

/** What the ledger says about itself: the balance of the books, the backlog and the state of the disk. */
export function watchLedger(
  registry: Registry,
  ledger: Pick<Ledger, 'stats' | 'backlog'>,
  duplicates: Pick<DuplicateWindow, 'stats'>,
  hoursHeld: () => number
): void {
  const gauge = (name: string, help: string, read: () => number): void => watchGauge(registry, { name, help, read });
  const counter = (name: string, help: string, read: () => number): void =>
    watchCounter(registry, { name, help, read });
  watchCounter(registry, {
    name: 'spanledger_ledger_spans_total',
    help: 'Spans since the epoch of the ledger began: received = ignored + rejected + duplicate + delivered + dead_lettered + damaged + backlog',
    labelNames: ['outcome'],
    read: () => {
      const { received, ignored, rejected, duplicate, accepted, delivered, deadLettered, damaged } =
        ledger.stats().totals;
      return Object.entries({
        received,
        ignored,
        rejected,
        duplicate,
        accepted,
        delivered,
        dead_lettered: deadLettered,
        damaged,
      }).map(([outcome, value]) => ({ labels: { outcome }, value }));
    },
  });
  watchCounter(registry, {
    name: 'spanledger_ledger_fragments_total',
    help: 'Content fragments since the epoch of the ledger began',
    labelNames: ['outcome'],
    read: () => {
      const { fragmentsAccepted, fragmentsDelivered, fragmentsDeadLettered } = ledger.stats().totals;
      return [
        { labels: { outcome: 'accepted' }, value: fragmentsAccepted },
        { labels: { outcome: 'delivered' }, value: fragmentsDelivered },
        { labels: { outcome: 'dead_lettered' }, value: fragmentsDeadLettered },
      ];
    },
  });
  gauge('spanledger_ledger_balanced', '1 while the counters of every request added up, else 0', () =>
    ledger.stats().balanced ? 1 : 0
  );
  gauge(
    'spanledger_ledger_backlog_records',
    'Records on disk that the store does not have yet',
    () => ledger.backlog().records
  );
  gauge(
    'spanledger_ledger_backlog_spans',
    'Spans on disk that the store does not have yet',
    () => ledger.backlog().spans
  );
  gauge('spanledger_ledger_bytes', 'Size of all segments, bytes: what the quota counts', () => ledger.backlog().bytes);
  gauge(
    'spanledger_ledger_oldest_seconds',
    'Age of the oldest record that the store does not have yet, seconds',
    () => ledger.backlog().oldestMs / 1000
  );
  gauge(
    'spanledger_ledger_outage_hours',
    'Hours that the ledger can hold at the rate of the last 15 minutes while the store is down; 0 = nothing came in',
    hoursHeld
  );
  gauge('spanledger_ledger_segments', 'Segment files', () => ledger.stats().segments);
  gauge('spanledger_ledger_free_bytes', 'Free space of the file system, bytes', () => ledger.stats().freeBytes);
  gauge(
    'spanledger_ledger_consecutive_failures',
    'Failed writes and flushes since the last append that went well; above 0 the collector is not ready',
    () => ledger.stats().consecutiveFailures
  );
  counter(
    'spanledger_ledger_full_total',
    'Requests refused because the ledger had no room',
    () => ledger.stats().appendsFull
  );
  counter(
    'spanledger_ledger_failed_total',
    'Requests refused because the disk failed',
    () => ledger.stats().appendsFailed
  );
  counter('spanledger_ledger_disk_failures_total', 'Failed writes and flushes', () => ledger.stats().diskFailures);
  counter(
    'spanledger_ledger_damaged_ranges_total',
    'Damaged ranges among acknowledged records',
    () => ledger.stats().damagedRanges
  );
  counter(
    'spanledger_ledger_id_log_failures_total',
    'Segments whose fingerprints could not be kept when they were deleted',
    () => ledger.stats().idLogFailures
  );
  gauge(
    'spanledger_duplicates_fingerprints',
    'Spans remembered to recognise repeats',
    () => duplicates.stats().fingerprints
  );
  gauge('spanledger_duplicates_bytes', 'Memory of these fingerprints, bytes', () => duplicates.stats().bytes);
  gauge(
    'spanledger_duplicates_reach_seconds',
    'How far back repeats are recognised for certain, seconds',
    () => duplicates.stats().reachMs / 1000
  );
  counter(
    'spanledger_duplicates_shrinks_total',
    'Times that fingerprints left early for want of room',
    () => duplicates.stats().shrinks
  );
  counter(
    'spanledger_duplicates_undelivered_shrinks_total',
    'Of these, times that spans not yet delivered were among them',
    () => duplicates.stats().undeliveredShrinks
  );
  counter(
    'spanledger_duplicates_late_total',
    'Late spans that the store already had',
    () => duplicates.stats().lateDuplicates
  );
  counter(
    'spanledger_duplicates_unverified_late_total',
    'Late spans accepted without a look into the store, which did not answer',
    () => duplicates.stats().unverifiedLate
  );
}
