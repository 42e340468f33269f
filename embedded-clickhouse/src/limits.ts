import { availableParallelism, totalmem } from 'node:os';
import type { StatementLimits } from './settings.ts';

/** Every bound of a running server, with the reason beside it. */
export interface Limits {
  /** Memory of the engine, bytes (max_server_memory_usage). */
  readonly engineBytes: number;
  readonly read: StatementLimits;
  readonly insert: StatementLimits;
  readonly change: StatementLimits;
  /** Statements at once and waiting, per lane. Reads + inserts + changes + 2 must fit in UV_THREADPOOL_SIZE. */
  readonly reads: number;
  readonly inserts: number;
  readonly changes: number;
  readonly queue: number;
  /** Longest wait for a place, milliseconds. */
  readonly waitMs: number;
  /** Largest result in a format that cannot be joined from pieces, bytes. */
  readonly framedBytes: number;
  /** Longest text of a statement that is not an INSERT, bytes (max_query_size of ClickHouse is 256 KiB). */
  readonly statementBytes: number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Bounds for this machine: half of the memory up to 4 GiB unless stated. */
export function defaultLimits(
  engineBytes = Math.max(512 * MIB, Math.min(4 * GIB, Math.trunc(totalmem() / 2)))
): Limits {
  const threads = Math.max(1, availableParallelism());
  return {
    engineBytes,
    read: { seconds: 60, memoryBytes: Math.trunc(engineBytes * 0.4), threads },
    insert: { seconds: 300, memoryBytes: Math.trunc(engineBytes * 0.6), threads },
    change: { seconds: 3600, memoryBytes: Math.trunc(engineBytes * 0.6), threads },
    reads: 4,
    inserts: 3,
    changes: 2,
    queue: 64,
    waitMs: 10_000,
    framedBytes: 64 * MIB,
    statementBytes: MIB,
  };
}
