import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as openSocket } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startStore } from '../../test/support/start-store.ts';
import type { Store } from '../../test/support/start-store.ts';

const CHILD = join(process.cwd(), 'collector/test/support/ledger-child.mjs');
const KILLS = 8;
/** More than fit into the pipe on which a life tells them, so that none ends before it is killed. */
const IDS_PER_LIFE = 1_000_000;
const FIELDS = 'workspace LowCardinality(String), id UInt64, body String';
const STORED = 'non_replicated_deduplication_window = 1000, fsync_after_insert = 1';

const SCHEMA = [
  'CREATE DATABASE genai',
  `CREATE TABLE genai.spans (${FIELDS}) ENGINE = MergeTree PARTITION BY id % 3 ORDER BY id SETTINGS ${STORED}`,
  `CREATE TABLE genai.content_fragments (${FIELDS}) ENGINE = MergeTree ORDER BY id SETTINGS ${STORED}`,
  `CREATE TABLE genai.rollup (workspace LowCardinality(String), calls UInt64) ENGINE = SummingMergeTree ORDER BY workspace SETTINGS ${STORED}`,
  'CREATE MATERIALIZED VIEW genai.rollup_view TO genai.rollup AS SELECT workspace, count() AS calls FROM genai.spans GROUP BY workspace',
];

/** A port that stays while the store behind it is killed and comes back elsewhere; it can cut connections. */
interface Relay {
  readonly url: string;
  target: string;
  readonly close: () => Promise<void>;
}

async function startRelay(target: string): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((inbound) => {
    const outbound = openSocket(Number(new URL(relay.target).port), '127.0.0.1');
    for (const socket of [inbound, outbound]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        inbound.destroy();
        outbound.destroy();
      });
    }
    inbound.pipe(outbound);
    outbound.pipe(inbound);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay: Relay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
  return relay;
}

interface Life {
  readonly acknowledged: number;
  readonly summary:
    | {
        readonly isEmpty: boolean;
        readonly balanced: boolean;
        readonly totals: Record<string, number>;
        readonly recovered: Record<string, number>;
      }
    | undefined;
}

/** Runs the child; after `killAfter` acknowledgements it is killed. */
async function live(
  arguments_: readonly string[],
  acknowledged: Set<number>,
  killAfter: number,
  onHalf?: () => void
): Promise<Life> {
  const child = spawn(process.execPath, [CHILD, ...arguments_], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let count = 0;
  let summary: Life['summary'];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [word, rest] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
    if (word === 'end') summary = JSON.parse(rest) as Life['summary'];
    if (word !== 'stored') return;
    for (let id = Number(rest); id < Number(rest) + 20; id++) acknowledged.add(id);
    count += 1;
    if (count === Math.ceil(killAfter / 2)) onHalf?.();
    if (count === killAfter) child.kill('SIGKILL');
  });
  await Promise.all([exited, once(lines, 'close')]);
  return { acknowledged: count, summary };
}

describe('ledger and writer over a real store', () => {
  let directory: string;
  let store: Store;
  let relay: Relay;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-ledger-'));
    store = await startStore();
    for (const query of SCHEMA) await store.client.command({ query });
    relay = await startRelay(store.url);
  });

  afterEach(async () => {
    await relay.close();
    await store.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function numbers(query: string): Promise<readonly number[]> {
    const answer = await store.client.query({ query, format: 'JSONCompactEachRow' });
    return (await answer.json<readonly (string | number)[]>()).flat().map(Number);
  }

  async function expectExactlyOnce(acknowledged: ReadonlySet<number>, life: Life): Promise<void> {
    expect(life.summary).toMatchObject({ isEmpty: true, balanced: true });
    const [rows, distinct] = (await numbers('SELECT count(), uniqExact(id) FROM genai.spans')) as [number, number];
    expect(rows).toBe(distinct);
    const stored = new Set(await numbers('SELECT id FROM genai.spans'));
    expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
    expect(await numbers('SELECT count(), uniqExact(id) FROM genai.content_fragments')).toEqual([rows, rows]);
    expect(await numbers('SELECT sum(calls) FROM genai.rollup')).toEqual([rows]);
    const { totals, recovered } = life.summary!;
    expect(totals).toMatchObject({ received: rows, accepted: rows, delivered: rows, deadLettered: 0, damaged: 0 });
    expect(recovered).toMatchObject({ damagedRanges: 0, damagedSpans: 0 });
  }

  it('stores every acknowledged span exactly once though the collector is killed again and again', async () => {
    const acknowledged = new Set<number>();
    for (let kill = 0; kill < KILLS; kill++) {
      const life = await live(
        [directory, relay.url, String(kill * IDS_PER_LIFE), String(IDS_PER_LIFE)],
        acknowledged,
        20 + kill * 37
      );
      expect(life.summary).toBeUndefined();
    }
    const last = await live([directory, relay.url, '0', '0'], acknowledged, Infinity);
    await expectExactlyOnce(acknowledged, last);
  });

  it('stores every acknowledged span exactly once though the store is killed in the middle of inserts', async () => {
    const acknowledged = new Set<number>();
    const restarted: Promise<void>[] = [];
    const restart = async (): Promise<void> => {
      const { dataDir } = store;
      await store.kill();
      store = await startStore(dataDir);
      relay.target = store.url;
    };
    for (let kill = 0; kill < 3; kill++) {
      await live(
        [directory, relay.url, String(kill * IDS_PER_LIFE), String(IDS_PER_LIFE)],
        acknowledged,
        300 + kill * 101,
        () => restarted.push(restart())
      );
      await Promise.all(restarted);
    }
    const last = await live([directory, relay.url, '0', '0'], acknowledged, Infinity);
    await expectExactlyOnce(acknowledged, last);
  });
});
