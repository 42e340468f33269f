import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { startCollector } from '../src/collector.ts';
import { readConfig } from '../src/config.ts';
import { drainLedger } from '../src/drain-ledger.ts';
import { createLog } from '../src/log.ts';
import { sampleProtobuf, sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { startFaultyProxy } from './support/faulty-proxy.ts';
import type { FaultyProxy } from './support/faulty-proxy.ts';
import { startStore } from './support/start-store.ts';
import type { Store } from './support/start-store.ts';

/** Below the two minutes after which a request to the store ends by itself: who waits for one of them does not end in time. */
const BELOW_REQUEST_TIMEOUT_MS = 110_000;

let directory: string;
let store: Store;
let proxy: FaultyProxy;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanledger-hanging-store-'));
  store = await startStore();
  proxy = await startFaultyProxy(store.url);
});
afterEach(async () => {
  await proxy.close();
  await store.stop();
  await rm(directory, { recursive: true, force: true });
});

it(
  'a store that takes requests and answers none does not keep a collector from ending, and what was held is delivered later',
  async () => {
    const config = readConfig(
      {
        SPANLEDGER_DATA_DIR: directory,
        SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
        SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
        SPANLEDGER_CLICKHOUSE_URL: proxy.url,
      },
      () => ''
    );
    const environment = {
      sqlDirectory: join(process.cwd(), 'sql/migrations'),
      embeddedProgram: '',
      log: createLog('info', new PassThrough().resume()),
      version: 'test',
      now: Date.now,
    };
    const untilFaulted = async (count: number): Promise<void> => {
      while (proxy.faulted() < count) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const collector = await startCollector(config, environment);
    await collector.delivered();
    // After a failed insert the store is asked for its settings, and now and then for prices: all that hangs too.
    proxy.fault = { kind: 'answer', code: 252, status: 500, text: 'Too many parts (3001)' };
    const answer = await fetch(`${collector.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(sampleProtobuf([sampleSpan(1)])),
    });
    expect(answer.status).toBe(200);
    await untilFaulted(1);
    proxy.spoilsAll = true;
    proxy.fault = { kind: 'hang' };
    await untilFaulted(proxy.faulted() + 3);
    await collector.close(0);

    proxy.fault = undefined;
    const left = await drainLedger(config, environment, 60_000);
    expect(left.records).toBe(0);
  },
  BELOW_REQUEST_TIMEOUT_MS
);
