import type { FileLayer } from './file-layer.ts';
import type { IdLog } from './id-log.ts';
import type { Segment } from './segment.ts';

/**
 * Removes the oldest segments whose records are all delivered; never one that follows an undelivered record, so that what is left
 * is always a suffix of the ledger; and never the newest, whose header alone knows the last sequence and the books: a ledger that
 * lost them would give sequences, and so deduplication tokens, a second time. Their fingerprints go to the id log first. When that
 * fails (a full disk) the segment goes all the same: only a restart within the window could then miss a repeat. Not to be run
 * twice at a time. Rejects when a file cannot be removed; the segment then stays in the list.
 */
export async function removeDelivered(options: {
  readonly fileSystem: FileLayer;
  readonly directory: string;
  /** In order; removed ones are taken out. */
  readonly segments: Segment[];
  readonly idLog: IdLog;
  /** The newest segment that is known to have an intact header. */
  readonly newest: () => Segment | undefined;
  /** True when the reader needs the segment no more. */
  readonly isRead: (segment: Segment) => boolean;
  readonly onIdLogFailure: () => void;
}): Promise<void> {
  const { fileSystem, segments, idLog } = options;
  for (;;) {
    const segment = segments[0];
    const newest = options.newest();
    if (segment === undefined || newest === undefined || segment === newest) break;
    const isDone = segment.undelivered <= 0 || (segment.inDelivery === 0 && options.isRead(segment));
    if (!isDone) break;
    try {
      await idLog.keep(segment.number, segment.newestAtMs, segment.fingerprints);
    } catch {
      options.onIdLogFailure();
    }
    // One after another and durably: a younger segment that vanished first would take the word of delivery with it.
    await fileSystem.remove(segment.path);
    segment.durableBytes = 0;
    await fileSystem.syncDirectory(options.directory);
    segments.shift();
  }
  await idLog.prune();
}
