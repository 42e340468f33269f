import type { Log } from '../log.ts';
import { readPolicyFile, writePolicyFile } from './policy-file.ts';
import type { PolicyRegistry } from './policy-registry.ts';
import type { PolicyTable } from './policy-table.ts';

/** A change is in force everywhere within this time and what a read takes: below ten seconds. */
const POLL_MS = 5_000;

export interface FollowPolicies {
  /** Looks at the store now. Never rejects. */
  readonly refresh: () => Promise<void>;
  /** Begins to look every few seconds. */
  readonly start: () => void;
  /** To be called after the registry has learned something elsewhere. Never rejects. */
  readonly save: () => Promise<void>;
  /** Reads of the store that failed, and writes of the file. */
  readonly failures: () => number;
  readonly stop: () => void;
}

/**
 * Keeps the registry at what the store holds. Begins with what this collector last knew, from its disk: with a store that is
 * down no workspace falls back to the default policy. A store that lost its policies changes nothing either.
 */
export function followPolicies(options: {
  readonly registry: Pick<PolicyRegistry, 'learn' | 'all'>;
  readonly table: Pick<PolicyTable, 'readNewer'>;
  readonly path: string;
  readonly log: Log;
  readonly pollMs?: number;
}): FollowPolicies {
  const { registry, table, path, log, pollMs = POLL_MS } = options;
  let failures = 0;
  let failing = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  try {
    registry.learn(readPolicyFile(path));
  } catch (error) {
    failures += 1;
    log.error(
      { err: error },
      'guard policies: the last known ones are lost; until the store answers the default holds'
    );
  }

  const write = async (): Promise<void> => {
    try {
      await writePolicyFile(path, registry.all());
    } catch (error) {
      failures += 1;
      log.error({ err: error }, 'guard policies: they cannot be kept on disk for a start without the store');
    }
  };
  let written = Promise.resolve();
  const save = (): Promise<void> => (written = written.then(write));
  let running: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    try {
      const known = new Map(registry.all().map(({ workspace, version }) => [workspace, version]));
      if (registry.learn(await table.readNewer(known))) await save();
      failing = false;
    } catch (error) {
      failures += 1;
      if (!failing && !stopped)
        log.warn({ err: error }, 'guard policies: the store does not answer; the known ones hold');
      failing = true;
    }
  };
  const refresh = (): Promise<void> => (running ??= read().finally(() => (running = undefined)));
  const schedule = (): void => {
    if (!stopped) timer = setTimeout(() => void refresh().then(schedule), pollMs).unref();
  };
  return {
    refresh,
    save,
    start: schedule,
    failures: () => failures,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
