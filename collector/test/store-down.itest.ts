import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startCollector } from '../src/collector.ts';
import type { Collector } from '../src/collector.ts';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
import { callGrpc, TRACES } from '../src/receive/testing/grpc-client.ts';
import { sampleProtobuf, sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { startFaultyProxy } from './support/faulty-proxy.ts';
import type { FaultyProxy } from './support/faulty-proxy.ts';
import { makeKeys } from './support/make-keys.ts';
import { readLedgerBooks } from './support/read-ledger-books.ts';
import { compareRollups } from './support/rollup-agreement.ts';
import { selectRows } from './support/select-rows.ts';
import { startStore } from './support/start-store.ts';
import type { Store } from './support/start-store.ts';

const UNAVAILABLE = 14;
const QUOTA_BYTES = 300_000;

describe('a server that is in trouble', () => {
  let directory: string;
  let store: Store;
  let proxy: FaultyProxy;
  let collector: Collector;
  let key: string;
  let logged = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-store-down-'));
    store = await startStore();
    proxy = await startFaultyProxy(store.url);
    logged = '';
  });
  afterEach(async () => {
    await collector.close(1000);
    await proxy.close();
    await store.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const { settings, keys } = await makeKeys(directory, ['acme']);
    key = keys.get('acme')!;
    const destination = new PassThrough().setEncoding('utf8').on('data', (text: string) => (logged += text));
    collector = await startCollector(
      readConfig({ ...settings, SPANLEDGER_CLICKHOUSE_URL: proxy.url }, () => ''),
      {
        sqlDirectory: join(process.cwd(), 'sql/migrations'),
        embeddedProgram: '',
        log: createLog('info', destination),
        version: 'test',
        ledgerLimits: { quotaBytes: QUOTA_BYTES, segmentBytes: 50_000, reserveBytes: 0 },
      }
    );
  }

  const request = (number: number): Buffer => {
    const startTimeUnixNano = BigInt(Date.now()) * 1_000_000n;
    const times = { startTimeUnixNano, endTimeUnixNano: startTimeUnixNano + 1_000_000n };
    const content = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'words '.repeat(2000) }] }]);
    const { attributes } = sampleSpan(1);
    return sampleProtobuf([
      sampleSpan(1, {
        ...times,
        spanId: number.toString(16).padStart(16, '0'),
        attributes: new Map([...attributes, ['gen_ai.input.messages', content]]),
      }),
    ]);
  };
  const post = (body: Buffer): Promise<Response> =>
    fetch(`${collector.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${key}` },
      body: new Uint8Array(body),
    });
  const readyText = async (): Promise<string> => (await fetch(`${collector.urls.http}/readyz`)).text();
  async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  it('S1: senders get 200 until the ledger is full, then 503 with Retry-After, and 200 again; all that got 200 is stored once', async () => {
    await start();
    await collector.delivered();
    proxy.fault = { kind: 'refuse' };
    const acknowledged: number[] = [];
    let refused: Response | undefined;
    let number = 0;
    while (refused === undefined) {
      const answer = await post(request(++number));
      if (answer.status === 200) acknowledged.push(number);
      else refused = answer;
    }
    expect(acknowledged.length).toBeGreaterThan(10);
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([503, 5]);
    const byGrpc = await callGrpc(collector.urls.grpc, TRACES, request(number), {
      headers: { authorization: `Bearer ${key}` },
    });
    expect([byGrpc.code, byGrpc.details.includes('RetryInfo')]).toEqual([UNAVAILABLE, true]);
    expect(await readyText()).toContain('the ledger is full: senders are asked to wait');
    const metrics = async () => (await fetch(`${collector.urls.http}/metrics`)).text();
    expect(await metrics()).toMatch(/^spanledger_ledger_backlog_spans [1-9]/m);
    // The ledger may be full before the first insert was tried.
    await until(async () => /^spanledger_write_failures_total\{code="0"\} [1-9]/m.test(await metrics()));

    proxy.fault = undefined;
    await until(async () => (await post(request(number))).status === 200);
    acknowledged.push(number);
    await collector.delivered();
    const rows = await selectRows<{ id: string; copies: string }>(
      store,
      'SELECT span_id AS id, count() AS copies FROM genai.spans GROUP BY id ORDER BY id'
    );
    expect(rows).toEqual(acknowledged.map((id) => ({ id: id.toString(16).padStart(16, '0'), copies: '1' })));
    expect((await compareRollups(store.client)).disagreements).toEqual([]);
    // The ledger writes down what was delivered a moment after the store has it.
    await until(async () => (await readLedgerBooks(collector.urls.http))['backlog'] === 0);
    expect(await readLedgerBooks(collector.urls.http)).toMatchObject({
      received: acknowledged.length,
      delivered: acknowledged.length,
      backlog: 0,
    });
    expect(await readyText()).not.toContain('warning');
  });

  it.each([
    ['a wrong password', 516, 403, 'Authentication failed'],
    ['a user that may not write', 164, 500, 'Cannot execute query in readonly mode'],
    ['a database that is not there', 81, 404, 'Database genai does not exist'],
  ])(
    'S8: %s keeps no telemetry out, is told by name, and everything is stored once it is mended',
    async (_, code, status, text) => {
      proxy.fault = { kind: 'answer', code, status, text };
      proxy.spoilsAll = true;
      await start();
      expect((await post(request(1))).status).toBe(200);
      await until(async () => (await readyText()).includes(text));
      const answer = await fetch(`${collector.urls.http}/readyz`);
      expect([answer.status, logged.includes(text)]).toEqual([200, true]);
      proxy.fault = undefined;
      await collector.delivered();
      expect(await selectRows(store, 'SELECT count() AS spans FROM genai.spans')).toEqual([{ spans: '1' }]);
      expect(await readyText()).not.toContain('warning');
    }
  );
});
