import { Counter, Histogram, type Registry } from 'prom-client';
import type { FileLayer, LedgerFile } from '../ledger/file-layer.ts';

/** The rate of intake is taken over this time: long enough for a quiet minute not to matter. */
const RATE_WINDOW_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
/** Seconds; from a fast disk to one that fails. */
const BUCKETS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

export interface MeasureDisk {
  /** The same file operations, measured. */
  readonly measured: (fileSystem: FileLayer) => FileLayer;
  /** Hours that so many bytes hold at the present rate; 0 = nothing came in lately. */
  readonly hoursHeld: (freeBytes: number) => number;
}

/** Measures what the ledger writes and how long the disk takes to keep it. `seconds` = a clock that only goes forward. */
export function createMeasureDisk(registry: Registry, now: () => number): MeasureDisk {
  const registers = [registry];
  const syncs = new Histogram({
    name: 'spanledger_ledger_fsync_seconds',
    help: 'Seconds that the disk took to make a group of records durable',
    buckets: BUCKETS,
    registers,
  });
  const written = new Counter({
    name: 'spanledger_ledger_written_bytes_total',
    help: 'Bytes written to segments by this process',
    registers,
  });
  /** Total bytes at a time, oldest first; about a minute apart. */
  let marks: { readonly atMs: number; readonly bytes: number }[] = [{ atMs: now(), bytes: 0 }];
  let total = 0;
  const count = (bytes: number): void => {
    total += bytes;
    written.inc(bytes);
    const atMs = now();
    if (atMs - marks.at(-1)!.atMs < RATE_WINDOW_MS / 15) return;
    marks = [...marks.filter((mark) => atMs - mark.atMs <= RATE_WINDOW_MS), { atMs, bytes: total }];
  };
  /** From the first write after a flush to the end of the next flush, for a file may write through. */
  const measureFile = (file: LedgerFile, startedAt: { ms?: number } = {}): LedgerFile => ({
    write: async (buffers, position) => {
      startedAt.ms ??= performance.now();
      await file.write(buffers, position);
      count(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0));
    },
    sync: async () => {
      startedAt.ms ??= performance.now();
      await file.sync();
      syncs.observe((performance.now() - startedAt.ms) / 1000);
      delete startedAt.ms;
    },
    read: (position, length) => file.read(position, length),
    size: () => file.size(),
    close: () => file.close(),
  });
  return {
    measured: (fileSystem) => ({
      ...fileSystem,
      create: async (path) => measureFile(await fileSystem.create(path)),
    }),
    hoursHeld: (freeBytes) => {
      const atMs = now();
      const from = marks.find((mark) => atMs - mark.atMs <= RATE_WINDOW_MS);
      if (from === undefined || total === from.bytes || atMs <= from.atMs) return 0;
      return Math.max(0, freeBytes) / ((total - from.bytes) / (atMs - from.atMs)) / HOUR_MS;
    },
  };
}
