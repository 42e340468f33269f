/** Final within two minutes: the last span of a call is visible within seconds and looked at by the next run or the one after. */
const SETTLE_INTERVAL_MS = 60_000;

export interface SettleLoopOptions {
  /** What one run does, in order; a failure of one does not keep the others from running. */
  readonly jobs: readonly { readonly name: string; readonly run: () => Promise<unknown> }[];
  readonly intervalMs?: number;
  readonly onFailure: (job: string, error: unknown) => void;
}

export interface SettleLoop {
  readonly start: () => void;
  /** One run now, after the one that may be running. */
  readonly runNow: () => Promise<void>;
  /** Runs a task while no job does: two that amend the same row at a time would count it twice. Rejects with the task. */
  readonly alone: (task: () => Promise<void>) => Promise<void>;
  /** Resolves when nothing runs any more. */
  readonly stop: () => Promise<void>;
}

/** Runs the settle jobs one after another, each interval after the end of the last run: runs never overlap. */
export function createSettleLoop(options: SettleLoopOptions): SettleLoop {
  const intervalMs = options.intervalMs ?? SETTLE_INTERVAL_MS;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  const runAll = async (): Promise<void> => {
    for (const job of options.jobs) {
      if (stopped) return;
      await job.run().catch((error: unknown) => options.onFailure(job.name, error));
    }
  };
  const runNow = (): Promise<void> => {
    last = last.then(runAll);
    return last;
  };
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void runNow().then(schedule), intervalMs);
  };
  return {
    start: schedule,
    runNow,
    alone: (task) => {
      const done = last.then(() => (stopped ? Promise.reject(new Error('the collector is stopping')) : task()));
      last = done.catch(() => undefined);
      return done;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await last;
    },
  };
}
