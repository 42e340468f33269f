import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PROGRAM = join(process.cwd(), 'collector/test/support/collector-child.mjs');

/** The whole program as a process of its own, with its store below it. Both may be killed. */
export interface CollectorProcess {
  readonly urls: { readonly http: string; readonly grpc: string; readonly sql: string };
  readonly pid: number;
  /** Everything that it logged. */
  readonly logged: () => string;
  /** Resolves when what was acknowledged before is in the store. */
  readonly delivered: () => Promise<void>;
  /** Delivers, lets the settle jobs run once, and delivers what they changed. */
  readonly settle: () => Promise<void>;
  /** Sets its clock forward. */
  readonly jump: (ms: number) => Promise<void>;
  /** One audit. */
  readonly audit: () => Promise<void>;
  /** Runs something while the processes of the store stand still. */
  readonly whileStoreStands: (run: () => Promise<void>) => Promise<void>;
  /** SIGKILL to the collector alone; its store notices by itself. */
  readonly kill: () => Promise<void>;
  /** SIGKILL to the processes of the store. */
  readonly killStore: () => void;
  /** SIGKILL to all of it; resolves when no process is left. */
  readonly end: () => Promise<void>;
}

/** Processes that a process started, and those that they started, as the system lists them now. */
export function descendantsOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const line of execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')) {
    const [child, parent] = line.trim().split(/\s+/).map(Number) as [number, number];
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (parent: number): number[] => (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** Command lines of running processes that name a path. */
export function commandsNaming(path: string): readonly string[] {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(path));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** SIGKILL; a process that ended meanwhile is as good as killed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resolves when none of the processes is left; the test's own time limit ends the wait. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Starts the program and resolves when it takes telemetry in. Rejects with what it logged when it ends before. */
export async function startCollectorProcess(
  settings: Readonly<Record<string, string>>,
  clockAheadMs = 0
): Promise<CollectorProcess> {
  const child = fork(PROGRAM, {
    env: { ...process.env, ...settings, CLOCK_AHEAD_MS: String(clockAheadMs) },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit');
  let logged = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (logged += text));
  const waiting = new Map<number, (fault: string | undefined) => void>();
  let lastId = 0;
  const urls = await new Promise<CollectorProcess['urls']>((resolve, reject) => {
    child.on('message', (message: { urls?: CollectorProcess['urls']; id?: number; fault?: string }) => {
      if (message.urls !== undefined) resolve(message.urls);
      else waiting.get(message.id!)?.(message.fault);
    });
    child.once('close', (code, signal) => {
      reject(new Error(`the collector ended with ${signal ?? code}: ${logged}`));
      for (const settle of waiting.values()) settle('the collector ended');
    });
  });
  const command = (name: string, ms?: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, (fault) => {
        waiting.delete(id);
        if (fault === undefined) resolve();
        else reject(new Error(fault));
      });
      child.send({ id, command: name, ms });
    });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    urls,
    pid: child.pid!,
    logged: () => logged,
    delivered: () => command('delivered'),
    settle: () => command('settle'),
    audit: () => command('audit'),
    jump: (ms) => command('jump', ms),
    whileStoreStands: async (run) => {
      const pids = descendantsOf(child.pid!);
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      try {
        await run();
      } finally {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      }
    },
    kill,
    killStore: () => descendantsOf(child.pid!).forEach(killIfThere),
    end: async () => {
      const below = descendantsOf(child.pid!);
      await kill();
      below.forEach(killIfThere);
      await untilGone(below);
    },
  };
}
