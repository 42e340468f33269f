import { createClient } from '@clickhouse/client';
import { createAcknowledgedLoad, faultsOf } from './acknowledged-load.ts';
import type { LoadOracle } from './acknowledged-load.ts';
import type { CollectorProcess } from './collector-process.ts';
import { startCollectorProcess } from './collector-process.ts';
import type { TestKeys } from './make-keys.ts';
import { readLedgerBooks } from './read-ledger-books.ts';
import { compareRollups } from './rollup-agreement.ts';
import { createRandom } from './seeded-random.ts';
import { selectRows } from './select-rows.ts';

const KINDS = ['collector', 'store', 'both'] as const;

type Kind = (typeof KINDS)[number];

export interface KillRun {
  readonly kills: Readonly<Record<Kind, number>>;
  readonly oracle: LoadOracle;
  /** Spans in the store whose sender never got an answer. */
  readonly storedUnanswered: number;
  /** What was found wrong, at the first look that found anything; empty = nothing. */
  readonly faults: readonly string[];
  /** Groups of the rollups that were compared. */
  readonly groups: number;
  /** Starts that failed and were repeated, as a service manager does. */
  readonly failedStarts: number;
}

const MAX_FAILED_STARTS = 3;

const OUTCOMES = ['received', 'ignored', 'rejected', 'duplicate', 'delivered', 'dead_lettered', 'damaged', 'backlog'];

type Eight = [number, number, number, number, number, number, number, number];

/** The first moments of a start are as good a time to be killed as any. */
const LIFE_MS = 1500;

interface Look {
  readonly faults: readonly string[];
  readonly stored: number;
  readonly groups: number;
}

/** Is what was promised there, do the sums agree, do the books balance? */
async function look({ urls, delivered }: CollectorProcess, oracle: LoadOracle): Promise<Look> {
  await delivered();
  const client = createClient({ url: urls.sql, request_timeout: 300_000 });
  try {
    while (!(await client.ping()).success) await new Promise((resolve) => setTimeout(resolve, 50));
    const faults = [...(await faultsOf(client, oracle))];
    const { groups, disagreements } = await compareRollups(client);
    faults.push(...disagreements.slice(0, 5).map((each) => `rollups disagree: ${JSON.stringify(each)}`));
    const [{ spans } = { spans: '' }] = await selectRows<{ spans: string }>(
      { client } as never,
      'SELECT count() AS spans FROM genai.spans FINAL'
    );
    const books = await readLedgerBooks(urls.http);
    const [received, ignored, rejected, duplicate, stored, dead, damaged, backlog] = OUTCOMES.map(
      (name) => books[name] ?? NaN
    ) as Eight;
    if (received !== ignored + rejected + duplicate + stored + dead + damaged + backlog)
      faults.push(`the books do not balance: ${JSON.stringify(books)}`);
    if (stored !== Number(spans) || dead + damaged + backlog !== 0)
      faults.push(`${spans} spans are stored, the books say ${JSON.stringify(books)}`);
    return { faults, stored: Number(spans), groups: [...groups.values()].reduce((sum, count) => sum + count, 0) };
  } finally {
    await client.close();
  }
}

/** Kills the collector, its store, or both at random moments under load, and looks every `lookEvery` kills and at the end. */
export async function runKills(options: {
  readonly setup: TestKeys;
  readonly seed: number;
  readonly kills: number;
  readonly lookEvery: number;
  readonly onLook?: (kills: number, faults: number, acknowledged: number) => void;
}): Promise<KillRun> {
  const { setup, kills, lookEvery } = options;
  const random = createRandom(options.seed);
  const load = createAcknowledgedLoad({
    random: createRandom(options.seed + 1),
    keys: setup.keys,
    senders: 4,
    spansPerRequest: 40,
    giveUp: 0.1,
    restMs: 5,
  });
  const count: Record<Kind, number> = { collector: 0, store: 0, both: 0 };
  let failedStarts = 0;
  const start = async (): Promise<CollectorProcess> => {
    for (let left = MAX_FAILED_STARTS; ; left--)
      try {
        return await startCollectorProcess(setup.settings);
      } catch (error) {
        if (left === 0) throw error;
        failedStarts += 1;
      }
  };
  let collector = await start();
  let found: Look = { faults: [], stored: 0, groups: 0 };
  try {
    load.start(collector.urls.http);
    for (let kill = 1; kill <= kills && found.faults.length === 0; kill++) {
      await new Promise((resolve) => setTimeout(resolve, random.below(LIFE_MS)));
      const kind = random.pick(KINDS);
      count[kind] += 1;
      if (kind !== 'collector') collector.killStore();
      if (kind !== 'store') {
        await collector.kill();
        await load.pause();
        collector = await start();
        load.start(collector.urls.http);
      }
      if (kill % lookEvery !== 0 && kill !== kills) continue;
      await load.pause();
      found = await look(collector, load.oracle);
      options.onLook?.(kill, found.faults.length, load.oracle.acknowledged.size);
      load.start(collector.urls.http);
    }
    await load.pause();
    const known = load.oracle.acknowledged.size;
    return {
      kills: count,
      oracle: load.oracle,
      storedUnanswered: Math.max(0, found.stored - known),
      faults: found.faults,
      groups: found.groups,
      failedStarts,
    };
  } catch (error) {
    throw new Error(`after kills ${JSON.stringify(count)}; ${collector.logged().slice(-5000)}`, { cause: error });
  } finally {
    await load.pause();
    await collector.end();
  }
}
