import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Log } from '../log.ts';
import type { PolicyRegistry } from './policy-registry.ts';
import { startOf, type StoredCursor } from './read-stored.ts';
import { replaceFile } from './replace-file.ts';
import type { createRescan, RescanProgress } from './rescan.ts';

/** Jobs that wait or run; more are refused. */
const MAX_OPEN = 10;
/** Jobs that are remembered. */
const MAX_JOBS = 100;
const RETRY_MS = 10_000;

export interface RescanJob extends RescanProgress {
  readonly id: string;
  readonly workspace: string;
  /** Id of the key that asked for it. */
  readonly by: string;
  /** Unix nanoseconds. */
  readonly fromNs: string;
  readonly toNs: string;
  readonly policyVersion: string;
  readonly state: 'waiting' | 'running' | 'done' | 'cancelled';
  /** What keeps it from going on now; it is tried again. Empty when nothing does. */
  readonly trouble: string;
  readonly cursor: StoredCursor;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface RescanJobs {
  /** Adds a job; undefined when too many wait. Rejects when it cannot be kept on disk. */
  readonly add: (
    job: Pick<RescanJob, 'workspace' | 'by'> & { readonly fromNs: bigint; readonly toNs: bigint }
  ) => Promise<RescanJob | undefined>;
  /** Jobs of a workspace, newest first. */
  readonly list: (workspace: string) => readonly RescanJob[];
  readonly find: (workspace: string, id: string) => RescanJob | undefined;
  /** Stops a job where it is; what it has amended stays. */
  readonly cancel: (workspace: string, id: string) => Promise<RescanJob | undefined>;
  readonly start: () => void;
  /** Resolves when nothing runs any more; what is not done goes on at the next start. */
  readonly stop: () => Promise<void>;
}

const isOpen = ({ state }: RescanJob): boolean => state === 'waiting' || state === 'running';

function readJobs(path: string, log: Log): RescanJob[] {
  try {
    const jobs: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (Array.isArray(jobs)) return jobs as RescanJob[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  }
  log.error({}, 'guard: the file of the re-scan jobs is damaged; jobs that were not done must be asked for again');
  return [];
}

/**
 * Runs re-scans one after another in the background, in this collector, and goes on after a restart where it stopped: the
 * jobs are kept in a file. A store that does not answer makes a job wait, not fail.
 */
export function createRescanJobs(options: {
  readonly path: string;
  readonly rescan: ReturnType<typeof createRescan>;
  readonly registry: Pick<PolicyRegistry, 'inForce' | 'isUsable'>;
  readonly log: Log;
  readonly now: () => number;
  readonly retryMs?: number;
}): RescanJobs {
  const { path, registry, log, now, retryMs = RETRY_MS } = options;
  const jobs = new Map(readJobs(path, log).map((job) => [job.id, job]));
  let stopped = false;
  let started = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  let written: Promise<void> = Promise.resolve();
  const save = (): Promise<void> => {
    const write = written.then(() => replaceFile(path, JSON.stringify([...jobs.values()])));
    written = write.catch(() => undefined);
    return write;
  };
  const update = (id: string, changes: Partial<RescanJob>): RescanJob => {
    const job = { ...jobs.get(id)!, ...changes, updatedAtMs: now() };
    jobs.set(id, job);
    return job;
  };
  const isCancelled = (id: string): boolean => jobs.get(id)?.state === 'cancelled';

  const runJob = async ({ id, workspace, fromNs, toNs, cursor, ...before }: RescanJob): Promise<void> => {
    // Without a policy that can be used the guard would withhold everything: that is for what comes in, not for what is there.
    if (!registry.isUsable(workspace)) throw new Error('the latest policy of the workspace cannot be used');
    const policy = registry.inForce(workspace);
    update(id, { state: 'running', policyVersion: policy.version, trouble: '' });
    await save();
    const period = { workspace, fromNs: BigInt(fromNs), toNs: BigInt(toNs) };
    const onProgress = async (at: StoredCursor | undefined, progress: RescanProgress): Promise<void> => {
      if (isCancelled(id)) return;
      const totals = {
        spans: before.spans + progress.spans,
        changedSpans: before.changedSpans + progress.changedSpans,
        findings: before.findings + progress.findings,
        uncheckedSpans: before.uncheckedSpans + progress.uncheckedSpans,
      };
      update(id, { ...totals, ...(at === undefined ? { state: 'done' } : { cursor: at }) });
      await save();
    };
    await options.rescan(policy, period, cursor, onProgress, () => stopped || isCancelled(id));
  };

  const runAll = async (): Promise<void> => {
    for (;;) {
      const job = [...jobs.values()].find(isOpen);
      if (job === undefined || stopped) return;
      try {
        await runJob(job);
      } catch (error) {
        if (stopped) return;
        log.warn({ job: job.id, err: error }, 'guard: a re-scan cannot go on now and is tried again');
        if (!isCancelled(job.id))
          update(job.id, { trouble: 'it cannot go on now and is tried again; the log says why' });
        timer = setTimeout(kick, retryMs).unref();
        return;
      }
    }
  };
  const kick = (): void => {
    if (!started || stopped || running !== undefined) return;
    running = runAll().finally(() => (running = undefined));
  };

  return {
    add: async ({ workspace, by, fromNs, toNs }) => {
      if ([...jobs.values()].filter(isOpen).length >= MAX_OPEN) return undefined;
      const period = { workspace, fromNs, toNs };
      const job: RescanJob = {
        id: randomUUID(),
        workspace,
        by,
        fromNs: String(fromNs),
        toNs: String(toNs),
        policyVersion: registry.inForce(workspace).version,
        state: 'waiting',
        trouble: '',
        cursor: startOf(period),
        spans: 0,
        changedSpans: 0,
        findings: 0,
        uncheckedSpans: 0,
        createdAtMs: now(),
        updatedAtMs: now(),
      };
      for (const old of [...jobs.values()]
        .filter((each) => !isOpen(each))
        .slice(0, Math.max(0, jobs.size + 1 - MAX_JOBS)))
        jobs.delete(old.id);
      jobs.set(job.id, job);
      try {
        await save();
      } catch (error) {
        jobs.delete(job.id);
        throw error;
      }
      kick();
      return job;
    },
    list: (workspace) => [...jobs.values()].filter((job) => job.workspace === workspace).reverse(),
    find: (workspace, id) => {
      const job = jobs.get(id);
      return job?.workspace === workspace ? job : undefined;
    },
    cancel: async (workspace, id) => {
      const job = jobs.get(id);
      if (job?.workspace !== workspace) return undefined;
      if (!isOpen(job)) return job;
      const cancelled = update(id, { state: 'cancelled' });
      await save();
      return cancelled;
    },
    start: () => {
      started = true;
      kick();
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
      await written;
    },
  };
}
