import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { sampleProtobuf, sampleSpan } from '../src/receive/testing/sample-traces.ts';
import { startCollectorProcess } from './support/collector-process.ts';
import type { CollectorProcess } from './support/collector-process.ts';
import { makeKeys } from './support/make-keys.ts';
import { compareRollups } from './support/rollup-agreement.ts';
import { selectRows } from './support/select-rows.ts';

jest.setTimeout(240_000);

const MINUTE_MS = 60_000;

let directory: string;
let collector: CollectorProcess;
let client: ClickHouseClient;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanledger-audit-'));
});
afterEach(async () => {
  await client.close();
  await collector.end();
  await rm(directory, { recursive: true, force: true });
});

it('repairs a late repeat that was accepted while the store did not answer', async () => {
  const { settings, keys } = await makeKeys(directory, ['acme']);
  const startTimeUnixNano = BigInt(Date.now() - 120 * MINUTE_MS) * 1_000_000n;
  const times = { startTimeUnixNano, endTimeUnixNano: startTimeUnixNano + 1_000_000_000n };
  const body = sampleProtobuf([sampleSpan(1, times), sampleSpan(2, times)]);
  const send = async (): Promise<void> => {
    const answer = await fetch(`${collector.urls.http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${keys.get('acme')!}` },
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(200);
  };
  const counted = () =>
    selectRows({ client } as never, 'SELECT sum(calls) AS calls, sum(input_tokens) AS tokens FROM genai.usage');

  collector = await startCollectorProcess(settings);
  await send();
  await collector.delivered();
  await collector.end();
  // The repeat comes after the window of fingerprints (a start frees what the one before had delivered), and the store cannot be asked.
  collector = await startCollectorProcess(settings, 20 * MINUTE_MS);
  await collector.delivered();
  await collector.end();
  collector = await startCollectorProcess(settings, 40 * MINUTE_MS);
  client = createClient({ url: collector.urls.sql });
  await collector.delivered();
  expect(await counted()).toEqual([{ calls: '2', tokens: '74' }]);
  await collector.whileStoreStands(send);
  await collector.delivered();
  expect(await counted()).toEqual([{ calls: '4', tokens: '148' }]);

  await collector.audit();
  expect(await counted()).toEqual([{ calls: '2', tokens: '74' }]);
  expect((await compareRollups(client)).disagreements).toEqual([]);
  const metrics = await (await fetch(`${collector.urls.http}/metrics`)).text();
  expect(metrics).toContain('spanledger_audit_differences_total{state="held"} 0');
  expect(metrics).toMatch(/spanledger_audit_differences_total\{state="repaired"\} [1-9]/);
  expect(collector.logged()).toContain('audit: the sums differed from the spans');
});
