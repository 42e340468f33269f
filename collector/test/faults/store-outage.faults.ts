import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createAcknowledgedLoad, faultsOf } from '../support/acknowledged-load.ts';
import { startCollectorProcess } from '../support/collector-process.ts';
import { startFaultyProxy } from '../support/faulty-proxy.ts';
import type { ProxyFault } from '../support/faulty-proxy.ts';
import { makeKeys } from '../support/make-keys.ts';
import { readLedgerBooks } from '../support/read-ledger-books.ts';
import { compareRollups } from '../support/rollup-agreement.ts';
import { createRandom } from '../support/seeded-random.ts';
import { startStore } from '../support/start-store.ts';

/** FAULT_SECONDS scales the time that each fault lasts. */
const SECONDS = Number(process.env.FAULT_SECONDS ?? 60) / 20;
const SEED = Number(process.env.FAULT_SEED ?? 7);

const answer = (code: number, text: string, status = 500): ProxyFault => ({ kind: 'answer', code, text, status });
const FAULTS: readonly (readonly [string, ProxyFault])[] = [
  ['S1: the store refuses connections', { kind: 'refuse' }],
  ['S3: the link is cut after the insert, before its answer', { kind: 'cut-answer' }],
  ['S3: the answer breaks off half-way', { kind: 'half-answer' }],
  ['S2: the store takes the request and is silent, then cut', { kind: 'silence', ms: 300 }],
  ['S4: too many parts', answer(252, 'Too many parts (3001). Merges are processing significantly slower than inserts')],
  ['S5: memory limit', answer(241, 'Memory limit (total) exceeded')],
  ['S7: the store has no space', answer(243, 'Cannot reserve 1 MiB, not enough space')],
  ['S8: the password is wrong', answer(516, 'Authentication failed', 403)],
  ['S9: a column is missing', answer(16, 'No such column cost_usd in table genai.spans')],
];

it('S1-S9: whatever the store and the way to it do, senders get 200 and every span is stored once in the end', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spanledger-outage-'));
  const { settings, keys } = await makeKeys(directory, ['acme', 'globex']);
  const store = await startStore();
  const proxy = await startFaultyProxy(store.url);
  const collector = await startCollectorProcess({ ...settings, SPANLEDGER_CLICKHOUSE_URL: proxy.url });
  const client = createClient({ url: store.url });
  const load = createAcknowledgedLoad({
    random: createRandom(SEED),
    keys,
    senders: 2,
    spansPerRequest: 20,
    restMs: 20,
  });
  try {
    await collector.delivered();
    load.start(collector.urls.http);
    const seen: string[] = [];
    for (const [name, fault] of FAULTS) {
      proxy.fault = fault;
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
      const before = proxy.faulted();
      while (proxy.faulted() === before) await new Promise((resolve) => setTimeout(resolve, 20));
      proxy.fault = undefined;
      await collector.delivered();
      seen.push(name);
    }
    await load.pause();
    await collector.delivered();
    expect(seen).toHaveLength(FAULTS.length);
    expect([...load.oracle.answers.keys()]).toEqual([200]);
    expect(await faultsOf(client, load.oracle)).toEqual([]);
    expect((await compareRollups(client)).disagreements).toEqual([]);
    const books = await readLedgerBooks(collector.urls.http);
    expect(books).toMatchObject({
      received: load.oracle.acknowledged.size,
      delivered: load.oracle.acknowledged.size,
      dead_lettered: 0,
      damaged: 0,
      backlog: 0,
    });
  } finally {
    await load.pause();
    await client.close();
    await collector.end();
    await proxy.close();
    await store.stop();
    await rm(directory, { recursive: true, force: true });
  }
}, 900_000);
