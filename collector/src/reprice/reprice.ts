import { randomUUID } from 'node:crypto';
import type { RepriceRun } from './reprice-run.ts';
import type { RepriceScope } from './reprice-scope.ts';
import type { RunTable } from './run-table.ts';

const RETRY_MS = 5_000;
/** A store that restarts is back within this many tries; a run that fails for good can be started again and loses nothing. */
const MAX_FAILURES = 60;
/** A run of another collector that has said nothing for so long is over. */
const SILENT_MS = 3_600_000;

export interface RepriceDeps {
  readonly runs: RunTable;
  /** Re-prices the spans of a run from its cursor on. */
  readonly repriceSpans: (
    run: RepriceRun,
    onProgress: (cursorMs: number, examined: number) => Promise<void>
  ) => Promise<void>;
  /** Name of this collector's ledger. */
  readonly collector: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onFailure: (run: RepriceRun, error: unknown) => void;
}

export interface Reprice {
  /** Starts a run and resolves when it is written down; `busy` when one is going on that could touch the same spans. */
  readonly start: (scope: RepriceScope, by: string) => Promise<RepriceRun | 'busy'>;
  readonly list: (workspace: string) => Promise<readonly RepriceRun[]>;
  /** Goes on with the runs of this collector that were cut off. */
  readonly resume: () => Promise<void>;
  /** Resolves when nothing runs any more here: done, or left to the next start. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Runs of re-pricing, one at a time, each in the log until it is done. */
export function createReprice(deps: RepriceDeps): Reprice {
  const { runs, now } = deps;
  let current: Promise<void> | undefined;
  let stopped = false;
  let wake = (): void => undefined;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const work = async (started: RepriceRun): Promise<void> => {
    let run = started;
    let failures = 0;
    const save = async (change: Partial<RepriceRun>): Promise<void> => {
      const next = { ...run, ...change, updatedAtMs: Math.max(now(), run.updatedAtMs + 1) };
      await runs.save(next);
      run = next;
    };
    while (!stopped) {
      try {
        await deps.repriceSpans(run, async (cursorMs, examined) => {
          await save({ cursorMs, examined: run.examined + examined });
          failures = 0;
          if (stopped) throw new Error('the collector is stopping');
        });
        await save({ state: 'done', ...(await runs.totals(run)) });
        return;
      } catch (error) {
        if (stopped) return;
        failures += 1;
        deps.onFailure(run, error);
        if (failures >= MAX_FAILURES) {
          const failure = 'the store or the ledger did not answer for long; the log of the collector says more';
          await save({ state: 'failed', failure }).catch((another: unknown) => deps.onFailure(run, another));
          return;
        }
        await pause();
      }
    }
  };
  const begin = (all: readonly RepriceRun[]): void => {
    current = (async () => {
      for (const run of all) await work(run);
    })().finally(() => {
      current = undefined;
    });
  };

  return {
    list: runs.list,
    start: async (scope, by) => {
      const others = (await runs.running()).filter(
        ({ collector, workspace, updatedAtMs }) =>
          collector !== deps.collector && workspace === scope.workspace && now() - updatedAtMs < SILENT_MS
      );
      if (current !== undefined || others.length > 0 || stopped) return 'busy';
      const startedAtMs = now();
      const run: RepriceRun = {
        ...scope,
        id: randomUUID(),
        state: 'running',
        cursorMs: Date.parse(`${scope.from}T00:00:00Z`),
        examined: 0,
        amended: 0,
        deltaUsd: '0',
        failure: '',
        collector: deps.collector,
        startedBy: by,
        startedAtMs,
        updatedAtMs: startedAtMs,
      };
      // Taken before the first wait, so that two calls cannot both start one.
      let written = (): void => undefined;
      current = new Promise((resolve) => {
        written = resolve;
      });
      try {
        await runs.save(run);
      } finally {
        written();
        current = undefined;
      }
      begin([run]);
      return run;
    },
    resume: async () => {
      const mine = (await runs.running()).filter(({ collector }) => collector === deps.collector);
      if (mine.length > 0 && current === undefined && !stopped) begin(mine);
    },
    idle: async () => {
      while (current !== undefined) await current;
    },
    stop: async () => {
      stopped = true;
      wake();
      await current;
    },
  };
}
