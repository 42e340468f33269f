import { Worker } from 'node:worker_threads';

/**
 * Kills this process after `ms`, whatever its main thread does then: the engine was seen to wait for a lock of its own for ever
 * while it closed, and a process that never ends keeps its data directory from the next one. Nothing is lost by it, since what
 * was answered is durable. The watch itself does not keep the process alive.
 */
export function endForSure(ms: number): void {
  const source = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms})`;
  new Worker(source, { eval: true }).unref();
}
