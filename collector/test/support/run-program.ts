import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(process.cwd(), 'collector/bin/spanledger.mjs');

export interface RunningProgram {
  readonly pid: number;
  /** OTLP/HTTP and SQL, as the ready line says; rejects when the program ends before it is ready. */
  readonly ready: Promise<{ readonly http: string; readonly sql: string }>;
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;
  /** Lines of standard error that are not log entries. */
  readonly remarks: () => readonly string[];
  readonly signal: (name: 'SIGTERM' | 'SIGKILL') => void;
}

/** Runs `spanledger serve` as a user does. */
export function runProgram(settings: Readonly<Record<string, string>>): RunningProgram {
  const child = spawn(process.execPath, [PROGRAM, 'serve'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let faults = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  const remarks = () => faults.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  const ready = new Promise<{ http: string; sql: string }>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const match = /^spanledger ready: OTLP\/HTTP (\S+) .* SQL (\S+)$/.exec(line);
      if (match) resolve({ http: match[1]!, sql: match[2]! });
    });
    void exited.then((end) => reject(new Error(`ended with ${end}: ${faults}`)));
  });
  // Who only wants to know how it ends does not ask whether it was ready.
  ready.catch(() => undefined);
  return { pid: child.pid!, ready, exited, remarks, signal: (name) => void child.kill(name) };
}
