import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Log } from '../log.ts';
import { restartDelay } from './restart-delay.ts';

export type EmbeddedState = 'starting' | 'ready' | 'restarting' | 'stopped';

export interface EmbeddedOptions {
  /** The file to run. It prints `{"ready":true,"url":…}` as a line once it answers, and ends on SIGTERM. */
  readonly program: string;
  readonly dataDirectory: string;
  /** Port 0 picks a free one, which restarts keep. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly usersFile?: string | undefined;
  /** With a users file: the account of this process, which the program takes besides those of the file. */
  readonly owner?: { readonly name: string; readonly password: string } | undefined;
  /** Tables that readers of any workspace may read. */
  readonly publicTables?: readonly string[] | undefined;
  readonly log: Log;
  readonly now: () => number;
  /** Called at every change of state. */
  readonly onState: (state: EmbeddedState) => void;
  readonly timing?: Partial<EmbeddedTiming>;
}

/** Milliseconds. */
interface EmbeddedTiming {
  /** From spawn to the ready line; beyond it the process is killed and counts as dead. */
  readonly startMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** A process that lived this long was healthy: the next restart begins with the first delay again. */
  readonly healthyMs: number;
  /** How long the store of a killed predecessor may take to let go of the data directory. */
  readonly predecessorMs: number;
}

export interface EmbeddedStore {
  /** The same over restarts. */
  readonly url: string;
  readonly state: () => EmbeddedState;
  /** Stops the process: SIGTERM, and SIGKILL when it is still there after `graceMs`. Resolves when it is gone. */
  readonly close: (graceMs: number) => Promise<void>;
}

const DEFAULT_TIMING: EmbeddedTiming = {
  startMs: 60_000,
  firstDelayMs: 250,
  longestDelayMs: 30_000,
  healthyMs: 60_000,
  predecessorMs: 45_000,
};
/** What the program says when another one has the directory. */
const IN_USE = /is another process using it/;
/** Of the program's own words; they name no content, but nothing is logged without a bound. */
const MAX_LINE_LENGTH = 500;

/** Of Node's pool, in which statements run; set here, as the program would otherwise start itself once more to set it. */
const THREADS = '16';
/** As embedded-clickhouse reads it. */
const OWNER_VARIABLE = 'EMBEDDED_CLICKHOUSE_OWNER';

function toArguments(
  { dataDirectory, usersFile, publicTables, listen: { host } }: EmbeddedOptions,
  port: number
): string[] {
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const users = usersFile === undefined ? [] : ['--users', usersFile];
  const tables = (publicTables ?? []).flatMap((table) => ['--public-table', table]);
  return ['--data', dataDirectory, '--listen', address, '--watch-parent', ...users, ...tables];
}

function readyUrl(line: string): string | undefined {
  try {
    const report = JSON.parse(line) as { ready?: unknown; url?: unknown } | null;
    return report?.ready === true && typeof report.url === 'string' ? report.url : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs the embedded store in a process of its own, so that a crash of the engine does not take the collector down, and
 * starts it again on the same port whenever it ends, later and later. Rejects when the first start fails for another
 * reason than that a killed predecessor's store still has the directory: then something is wrong that a restart does
 * not heal, and the message says what the program said last.
 */
export async function superviseEmbedded(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const { program, log, now, onState, owner } = options;
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  let state: EmbeddedState = 'starting';
  let child: ChildProcess | undefined;
  let port = options.listen.port;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let lastWords = '';

  const enter = (next: EmbeddedState): void => {
    if (state === next) return;
    state = next;
    onState(next);
  };
  const isStopped = (): boolean => state === 'stopped';

  /** Resolves with the URL when the process is ready, rejects when it ends before. `onEnd` is for the end after that. */
  const start = (onEnd: () => void): Promise<string> =>
    new Promise((resolve, reject) => {
      const startedAt = now();
      let ready = false;
      const spawned = fork(program, toArguments(options, port), {
        stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
        env: {
          ...process.env,
          UV_THREADPOOL_SIZE: THREADS,
          ...(owner === undefined ? {} : { [OWNER_VARIABLE]: `${owner.name}:${owner.password}` }),
        },
        execArgv: [],
        serialization: 'json',
      });
      child = spawned;
      const deadline = setTimeout(() => spawned.kill('SIGKILL'), timing.startMs);
      if (spawned.stdout !== null) {
        createInterface(spawned.stdout).on('line', (line) => {
          const url = readyUrl(line);
          if (url === undefined || ready) return;
          ready = true;
          clearTimeout(deadline);
          port = Number(new URL(url).port);
          enter('ready');
          resolve(url);
        });
      }
      if (spawned.stderr !== null) {
        createInterface(spawned.stderr).on('line', (line) => {
          lastWords = line.slice(0, MAX_LINE_LENGTH);
          log.warn({ line: lastWords }, 'the embedded store says');
        });
      }
      let ended = false;
      const end = (reason: string): void => {
        if (ended) return;
        ended = true;
        clearTimeout(deadline);
        if (child === spawned) child = undefined;
        if (ready && now() - startedAt >= timing.healthyMs) failures = 0;
        if (!ready)
          reject(
            new Error(
              `the embedded store ended before it was ready (${reason})${lastWords === '' ? '' : `: ${lastWords}`}`
            )
          );
        else if (!isStopped()) {
          log.error({ reason }, 'the embedded store ended and is started again');
          onEnd();
        }
      };
      spawned.on('error', (error) => end(error.message));
      // `close` comes after the last line of output; `exit` may come before it.
      spawned.on('close', (code, signal) => end(signal ?? `exit code ${code ?? 'unknown'}`));
    });

  const restart = (): void => {
    if (isStopped()) return;
    enter('restarting');
    const delay = restartDelay(failures, timing.firstDelayMs, timing.longestDelayMs);
    failures += 1;
    timer = setTimeout(() => {
      start(restart).catch((error: unknown) => {
        if (isStopped()) return;
        log.error({ err: error, failures }, 'the embedded store does not start');
        restart();
      });
    }, delay);
  };

  /** A process that was killed leaves a store behind, which ends by itself but not at once. */
  const startFirst = async (): Promise<string> => {
    for (const deadline = now() + timing.predecessorMs; ;) {
      try {
        return await start(restart);
      } catch (error) {
        if (!IN_USE.test(lastWords) || now() >= deadline) throw error;
        lastWords = '';
        await new Promise((resolve) => setTimeout(resolve, timing.firstDelayMs));
      }
    }
  };

  const url = await startFirst();
  return {
    url,
    state: () => state,
    close: async (graceMs) => {
      enter('stopped');
      clearTimeout(timer);
      const running = child;
      if (running === undefined) return;
      await new Promise<void>((resolve) => {
        const kill = setTimeout(() => running.kill('SIGKILL'), graceMs);
        running.once('close', () => {
          clearTimeout(kill);
          resolve();
        });
        running.kill('SIGTERM');
      });
    },
  };
}
