import { spawn } from 'node:child_process';

/** Who is watched and for how long stands in the arguments. Once its parent is another, the process is gone and its number may be anybody's. */
const WATCH = `
const [pid, ms] = process.argv.slice(1).map(Number);
const look = () => process.ppid === pid || process.exit();
setInterval(look, 100);
setTimeout(() => look() && process.kill(pid, 'SIGKILL'), ms);
`;

/**
 * Kills this process after `ms`, whatever its threads do then: the engine was seen to wait for a lock of its own for ever while it
 * closed, and in its handler of a fault, for which `process.exit` waits; and a process that never ends keeps its data directory from
 * the next one. Nothing is lost by it, since what was answered is durable. The watch is a process, for threads are stopped first when a
 * process ends; it keeps nothing alive and ends with what it watches.
 */
export function endForSure(ms: number): void {
  const watch = spawn(process.execPath, ['-e', WATCH, String(process.pid), String(ms)], {
    detached: true,
    stdio: 'ignore',
  });
  // Without it the end is as sure as the engine's.
  watch.on('error', () => undefined).unref();
}
