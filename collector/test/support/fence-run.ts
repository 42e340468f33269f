import { createClient } from '@clickhouse/client';
import type { CollectorProcess } from './collector-process.ts';
import { startCollectorProcess } from './collector-process.ts';
import { amendDirectly } from './amend-directly.ts';
import type { FenceRequest } from './fence-traffic.ts';
import type { TestKeys } from './make-keys.ts';
import type { Random } from './seeded-random.ts';

/** Beyond the window in which repeats are known by their fingerprint; two of them stay within the hour that settle looks back. */
const CLOCK_JUMP_MS = 16 * 60_000;
const MAX_JUMPS = 2;
const KILL_WITHIN_MS = 400;
/** Every hour in which something was sent is closed after it. */
const HOUR_MS = 60 * 60_000;

export interface FenceRun {
  /** Requests answered with 200 at least once. */
  readonly acknowledged: ReadonlySet<FenceRequest>;
  /** What was done, in order, to be printed when something is wrong. */
  readonly journal: readonly string[];
  /** Everything delivered and settled. */
  readonly collector: CollectorProcess;
}

/** Late spans that this process took in without having found out whether the store has them. */
async function unverifiedLate(collector: CollectorProcess): Promise<number> {
  const text = await (await fetch(`${collector.urls.http}/metrics`)).text();
  return Number(/^spanledger_duplicates_unverified_late_total (\d+)$/m.exec(text)![1]);
}

/** Sends all requests in random company: repeats, kills of either process, restarts with a later clock, settling, amendments. */
export async function runFence(
  random: Random,
  { settings, keys }: TestKeys,
  requests: readonly FenceRequest[]
): Promise<FenceRun> {
  const acknowledged = new Set<FenceRequest>();
  const journal: string[] = [];
  const waiting = [...requests];
  /** Clock at which a request was sent first: before the last jump its fingerprints may be forgotten. */
  const sentAt = new Map<FenceRequest, number>();
  let jumps = 0;
  let amended = 0;
  /** A store that takes seconds to answer lets a late repeat through; the books are right after the next audit then. */
  let isAuditDue = false;
  let collector = await startCollectorProcess(settings);

  const send = async (request: FenceRequest): Promise<void> => {
    if (!sentAt.has(request)) sentAt.set(request, jumps);
    const answer = await fetch(`${collector.urls.http}${request.path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        authorization: `Bearer ${keys.get(request.workspace)!}`,
      },
      body: new Uint8Array(request.body),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => undefined);
    if (answer === undefined) return;
    const text = Buffer.from(await answer.arrayBuffer().catch(() => new ArrayBuffer(1))).toString('latin1');
    if (answer.status === 200) {
      // Anything in the answer is a partial refusal, and nothing here deserves one.
      if (text !== '' && text !== '\u0000') throw new Error(`partly refused: ${text}`);
      acknowledged.add(request);
    } else if (answer.status !== 503) throw new Error(`refused with ${answer.status}: ${text}`);
  };
  const sendAll = (some: readonly FenceRequest[]) => Promise.all(some.map(send));
  /** Sends what may be in the store already, with the fingerprints of before the last jump forgotten. */
  const sendLate = async (some: readonly FenceRequest[]): Promise<void> => {
    await untilStoreAnswers();
    const before = await unverifiedLate(collector);
    await sendAll(some);
    if ((await unverifiedLate(collector)) === before) return;
    isAuditDue = true;
    journal.push('a late span was not looked up in time');
  };
  const nextRequests = () => waiting.splice(0, 1 + random.below(5));

  const restart = async (): Promise<void> => {
    const jump = jumps < MAX_JUMPS && random.chance(0.5);
    if (jump) jumps += 1;
    journal.push(`start, clock ahead ${jumps * 16} min`);
    collector = await startCollectorProcess(settings, jumps * CLOCK_JUMP_MS);
  };
  /** A late repeat is looked up in the store: with a store that is down only the audit can find it. */
  const untilStoreAnswers = async (): Promise<void> => {
    await collector.delivered();
    const client = createClient({ url: collector.urls.sql });
    while (!(await client.ping()).success) await new Promise((resolve) => setTimeout(resolve, 50));
    await client.close();
  };

  const steps = {
    burst: () => sendAll(nextRequests()),
    repeat: async () => {
      const some = Array.from({ length: 3 }, () => random.pick([...sentAt.keys()]));
      await (some.some((request) => sentAt.get(request) !== jumps) ? sendLate(some) : sendAll(some));
    },
    killCollector: async () => {
      const sending = sendAll(nextRequests());
      await new Promise((resolve) => setTimeout(resolve, random.below(KILL_WITHIN_MS)));
      await collector.kill();
      await sending;
      await restart();
    },
    killStore: async () => {
      const sending = sendAll(nextRequests());
      await new Promise((resolve) => setTimeout(resolve, random.below(2 * KILL_WITHIN_MS)));
      collector.killStore();
      await sending;
    },
    killBoth: async () => {
      const sending = sendAll(nextRequests());
      await new Promise((resolve) => setTimeout(resolve, random.below(KILL_WITHIN_MS)));
      collector.killStore();
      await collector.kill();
      await sending;
      await restart();
    },
    settle: () => collector.settle(),
    settleAndKill: async () => {
      const settling = collector.settle().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 200 + random.below(800)));
      if (random.chance(0.5)) collector.killStore();
      await collector.kill();
      await settling;
      await restart();
    },
    amend: async () => {
      if (amended++ > 0) return;
      await untilStoreAnswers();
      await amendDirectly(random, settings, collector);
      await restart();
    },
  };
  const weights: [keyof typeof steps, number][] = [
    ['burst', 9],
    ['repeat', 4],
    ['killCollector', 1],
    ['killStore', 2],
    ['killBoth', 1],
    ['settle', 1],
    ['settleAndKill', 1],
    ['amend', 1],
  ];
  const urn = weights.flatMap(([name, weight]) => Array.from({ length: weight }, () => name));

  try {
    await steps.burst();
    // The whole urn once in random order, so that no seed is without a kill; then whatever comes.
    for (let drawn = random.shuffled(urn); drawn.length > 0 || waiting.length > 0;) {
      const name = drawn.shift() ?? random.pick<keyof typeof steps>(['burst', 'burst', 'repeat']);
      journal.push(name);
      await steps[name]();
    }
    for (const request of requests) while (!acknowledged.has(request)) await sendLate([request]);
    await untilStoreAnswers();
    await collector.settle();
    // What the first run joined or billed anew may give a second one something to inherit.
    await collector.settle();
    if (isAuditDue) {
      journal.push('audit');
      await collector.jump(HOUR_MS);
      await collector.audit();
    }
  } catch (error) {
    await collector.end();
    throw new Error(`after ${journal.join(', ')}; ${collector.logged()}`, { cause: error });
  }
  return { acknowledged, journal, collector };
}
