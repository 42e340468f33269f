import { createFindOverride } from '../price/find-override.ts';
import type { FindOverride } from '../price/find-override.ts';
import { latestOverrides } from '../price/override-rows.ts';
import type { PriceOverride } from '../price/price-override.ts';
import type { OverrideDraft } from '../price/read-override.ts';
import type { OverrideCache } from './override-cache.ts';
import type { OverrideTable } from './override-table.ts';

/** Every collector prices with a change within twice this time. */
const REFRESH_MS = 4_000;

/** Prices of one workspace; beyond it somebody's script runs wild. */
export const MAX_OVERRIDES = 2_000;

/** Why an override cannot be set or withdrawn. */
export type OverrideRefusal = 'provisioned' | 'full' | 'unknown' | 'changed';

export interface KeptOverrides {
  /** The look-up of the price stage; follows every change. */
  readonly find: FindOverride;
  /** Those that hold for a workspace, its own and those for all. */
  readonly list: (workspace: string) => readonly PriceOverride[];
  /**
   * Keeps a price durably in the store; it is in force here when this resolves. Rejects when the store does not answer. `ifVersion`:
   * only when this version holds, '' = only when none does.
   */
  readonly set: (
    workspace: string,
    draft: OverrideDraft,
    by: string,
    ifVersion?: string
  ) => Promise<PriceOverride | OverrideRefusal>;
  readonly withdraw: (workspace: string, id: string, ifVersion?: string) => Promise<OverrideRefusal | undefined>;
  /** Looks at the file and the table now. Rejects when the table cannot be read; what was in force stays. */
  readonly refresh: () => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

export interface KeepOverridesDeps {
  readonly table: OverrideTable;
  readonly cache: OverrideCache;
  /** Reads the file of SPANLEDGER_PRICES; undefined when there is none. Its overrides go before those of the table with the same id. */
  readonly readFile: (() => Promise<readonly PriceOverride[]>) | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onFailure: (what: string, error: unknown) => void;
}

const keyOf = ({ workspace, id }: Pick<PriceOverride, 'workspace' | 'id'>): string => `${workspace}\n${id}`;

/**
 * Keeps the overrides in force: those of the file, those of `genai.prices`, and, until the store has answered, those that were in force
 * last. Rejects when the file of SPANLEDGER_PRICES cannot be read at start; later its last good content stays.
 */
export async function keepOverrides(deps: KeepOverridesDeps): Promise<KeptOverrides> {
  const { table, cache, now, onFailure } = deps;
  let fromFile = (await deps.readFile?.()) ?? [];
  let stored: readonly PriceOverride[] = (await cache.read()).filter(({ source }) => isKept(source));
  let stamp = '';
  let inForce: readonly PriceOverride[] = [];
  let find: FindOverride = createFindOverride([]);
  let lastMs = 0;
  let queue: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let failing = false;

  /** With a file of its own, a collector takes file prices from the file alone. */
  function isKept(source: PriceOverride['source']): boolean {
    return source === 'override' || deps.readFile === undefined;
  }
  const apply = (): void => {
    const provisioned = new Set(fromFile.map(keyOf));
    inForce = [
      ...fromFile,
      ...latestOverrides(stored.filter((override) => isKept(override.source) && !provisioned.has(keyOf(override)))),
    ];
    find = createFindOverride(inForce);
  };
  const readFileAgain = async (): Promise<void> => {
    if (deps.readFile === undefined) return;
    const read = await deps.readFile().catch((error: unknown) => {
      onFailure('the file of prices cannot be read; its last good content stays', error);
      return undefined;
    });
    if (read === undefined || JSON.stringify(read) === JSON.stringify(fromFile)) return;
    fromFile = read;
    apply();
  };
  const readTable = async (): Promise<void> => {
    const found = await table.stamp();
    if (found === stamp) return;
    stored = await table.read();
    stamp = found;
    apply();
    await cache.write(inForce).catch((error: unknown) => onFailure('the prices cannot be kept on disk', error));
  };
  /** The file's prices stand in the table too, for people who join and for collectors without the file. */
  const publishFile = async (): Promise<void> => {
    if (deps.readFile === undefined) return;
    const held = new Set(
      stored.filter(({ source }) => source === 'file').map((each) => `${keyOf(each)}\n${each.version}`)
    );
    const wanted = new Set(fromFile.map((each) => `${keyOf(each)}\n${each.version}`));
    const missing = fromFile.filter((each) => !held.has(`${keyOf(each)}\n${each.version}`));
    const gone = stored.filter((each) => each.source === 'file' && !wanted.has(`${keyOf(each)}\n${each.version}`));
    if (missing.length === 0 && gone.length === 0) return;
    await table.write(missing, gone, nextMs());
    await readTable();
  };
  /** Later than every change before, also by a clock that went ahead: the latest row of a key counts. */
  const nextMs = (): number => {
    lastMs = Math.max(now(), lastMs + 1, ...stored.map(({ updatedAtMs }) => updatedAtMs + 1));
    return lastMs;
  };
  /** One at a time: a change is decided on what the change before left. */
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = queue.then(run);
    queue = turn.catch(() => undefined);
    return turn;
  };
  const refreshNow = async (): Promise<void> => {
    await readFileAgain();
    await readTable();
    await publishFile();
  };
  const refusalOf = (workspace: string, id: string): OverrideRefusal | undefined =>
    fromFile.some((each) => keyOf(each) === keyOf({ workspace, id })) ? 'provisioned' : undefined;
  /** Several when two collectors set it at the same time: all but the latest are withdrawn with it, or they would come back. */
  const activeOf = (workspace: string, id: string): readonly PriceOverride[] =>
    stored.filter((each) => each.source === 'override' && keyOf(each) === keyOf({ workspace, id }));
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      void inTurn(refreshNow)
        .then(() => (failing = false))
        .catch((error: unknown) => {
          // Every four seconds while the store is down: only the first is told.
          if (!stopped && !failing) onFailure('the prices cannot be read; those that were in force stay', error);
          failing = true;
        })
        .then(schedule);
    }, REFRESH_MS).unref();
  };
  apply();

  return {
    find: (facts, entry) => find(facts, entry),
    list: (workspace) => inForce.filter((each) => each.workspace === '' || each.workspace === workspace),
    set: (workspace, draft, by, ifVersion) =>
      inTurn(async () => {
        await refreshNow();
        const refusal = refusalOf(workspace, draft.id);
        if (refusal !== undefined) return refusal;
        const replaced = activeOf(workspace, draft.id);
        if (hasChanged(replaced, ifVersion)) return 'changed';
        if (replaced.length === 0 && inForce.filter((each) => each.workspace === workspace).length >= MAX_OVERRIDES)
          return 'full';
        const updatedAtMs = nextMs();
        const version = new Date(updatedAtMs).toISOString().replaceAll(/[-:.Z]/g, '');
        const override = { ...draft, version, source: 'override' as const, workspace, updatedBy: by, updatedAtMs };
        await table.write([override], replaced, updatedAtMs);
        await readTable();
        return override;
      }),
    withdraw: (workspace, id, ifVersion) =>
      inTurn(async () => {
        await refreshNow();
        const refusal = refusalOf(workspace, id);
        if (refusal !== undefined) return refusal;
        const active = activeOf(workspace, id);
        // That of all workspaces is shown to each, and only the file can change it.
        if (active.length === 0) return refusalOf('', id) ?? 'unknown';
        if (hasChanged(active, ifVersion)) return 'changed';
        await table.write([], active, nextMs());
        await readTable();
        return undefined;
      }),
    refresh: () => inTurn(refreshNow),
    start: schedule,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await queue;
    },
  };
}

function hasChanged(active: readonly PriceOverride[], ifVersion: string | undefined): boolean {
  return ifVersion !== undefined && (latestOverrides(active)[0]?.version ?? '') !== ifVersion;
}
