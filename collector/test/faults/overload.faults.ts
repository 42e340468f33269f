import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createAcknowledgedLoad, faultsOf } from '../support/acknowledged-load.ts';
import { startCollectorProcess } from '../support/collector-process.ts';
import { makeKeys } from '../support/make-keys.ts';
import { createRandom } from '../support/seeded-random.ts';

/** FAULT_SECONDS scales the time. */
const SECONDS = Number(process.env.FAULT_SECONDS ?? 60);
const SEED = Number(process.env.FAULT_SEED ?? 5);
/** Ten times the senders that keep the collector busy; together they hold more than it takes in at a time. */
const SENDERS = 96;
const SPANS_PER_REQUEST = 100;
const CONTENT_LENGTH = 30_000;
/** Bodies in flight, what they decode to one after another, the queue and cache of the ledger, two batches, and the program. */
const MAX_RSS_MIB = 1400;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function rssMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

it(
  `O1: ${SECONDS} s of ten times what it can take: memory is bounded, answers are 200 or 503, nothing acknowledged is lost`,
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'spanledger-overload-'));
    const { settings, keys } = await makeKeys(directory, ['acme', 'globex']);
    const collector = await startCollectorProcess(settings);
    const client = createClient({ url: collector.urls.sql, request_timeout: 120_000 });
    const load = createAcknowledgedLoad({
      random: createRandom(SEED),
      keys,
      senders: SENDERS,
      spansPerRequest: SPANS_PER_REQUEST,
      contentLength: CONTENT_LENGTH,
    });
    let highest = 0;
    const watch = setInterval(() => (highest = Math.max(highest, rssMib(collector.pid))), 100);
    try {
      load.start(collector.urls.http);
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
      await load.pause();
      clearInterval(watch);
      const { acknowledged, answers } = load.oracle;
      const waits = [...load.oracle.waits].sort((left, right) => left - right);
      const p99 = Math.round(waits[Math.floor(waits.length * 0.99)] ?? 0);
      say(
        `overload: seed ${SEED}, ${acknowledged.size} spans acknowledged in ${SECONDS} s, answers ` +
          `${JSON.stringify(Object.fromEntries(answers))}, p99 of the wait for a 200 ${p99} ms, RSS at most ${Math.round(highest)} MiB`
      );
      expect([...answers.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
      expect(answers.get(503)).toBeGreaterThan(0);
      expect(acknowledged.size).toBeGreaterThan(0);
      expect(highest).toBeLessThan(MAX_RSS_MIB);
      await collector.delivered();
      expect(await faultsOf(client, load.oracle)).toEqual([]);
      expect((await fetch(`${collector.urls.http}/readyz`)).status).toBe(200);
      const before = acknowledged.size;
      load.start(collector.urls.http);
      while (acknowledged.size === before) await new Promise((resolve) => setTimeout(resolve, 20));
      await load.pause();
    } finally {
      clearInterval(watch);
      await load.pause();
      await client.close();
      await collector.end();
      await rm(directory, { recursive: true, force: true });
    }
  },
  SECONDS * 1000 + 600_000
);
