import { countFragments } from './accounting.ts';
import type { LedgerRecord } from './record-reader.ts';

/** Which handed-out records are still undelivered, in order. */
export interface DeliveryTracker {
  readonly handOut: (record: LedgerRecord) => void;
  /** Marks all handed-out records in [first, last]; returns them (none when that was done before). */
  readonly deliver: (first: number, last: number) => readonly Outstanding[];
  readonly oldest: () => Outstanding | undefined;
  /** Every record up to this sequence is delivered. */
  readonly deliveredUpTo: () => number;
}

/** What is remembered of a record while the writer has it; not its bytes. */
export interface Outstanding extends Pick<LedgerRecord, 'sequence' | 'acceptedAtMs' | 'segment' | 'counters'> {
  readonly fragments: number;
}

/** Continues after `deliveredUpTo`. Batches finish out of order (two streams), so the front moves only over finished records. */
export function createDeliveryTracker(deliveredUpTo: number): DeliveryTracker {
  let queue: { readonly record: Outstanding; delivered: boolean }[] = [];
  let head = 0;
  let lastHanded = deliveredUpTo;

  return {
    handOut: ({ sequence, acceptedAtMs, segment, counters, tables }) => {
      lastHanded = sequence;
      const fragments = countFragments(tables);
      queue.push({ record: { sequence, acceptedAtMs, segment, counters, fragments }, delivered: false });
    },
    deliver: (first, last) => {
      const done: Outstanding[] = [];
      for (let at = head; at < queue.length && queue[at]!.record.sequence <= last; at++) {
        const entry = queue[at]!;
        if (entry.delivered || entry.record.sequence < first) continue;
        entry.delivered = true;
        done.push(entry.record);
      }
      while (head < queue.length && queue[head]!.delivered) head += 1;
      if (head > 1024 || head === queue.length) {
        queue = queue.slice(head);
        head = 0;
      }
      return done;
    },
    oldest: () => queue[head]?.record,
    deliveredUpTo: () => (head < queue.length ? queue[head]!.record.sequence - 1 : lastHanded),
  };
}
