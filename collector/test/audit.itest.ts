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
  const request = (...numbers: number[]) => sampleProtobuf(numbers.map((number) => sampleSpan(number, times)));
  const send = async (body: Buffer): Promise<void> => {
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
  client = createClient({ url: collector.urls.sql });
  await send(request(1, 2));
  // The window of fingerprints moves on with the time and what comes in.
  for (const number of [3, 4, 5, 6, 7]) {
    await collector.jump(20 * MINUTE_MS);
    await send(request(number));
  }
  await collector.delivered();
  expect(await counted()).toEqual([{ calls: '7', tokens: '259' }]);
  await collector.whileStoreStands(() => send(request(1, 2)));
  await collector.delivered();
  expect(await counted()).toEqual([{ calls: '9', tokens: '333' }]);

  // A trace is looked at once everything that came into it is delivered for certain.
  await collector.jump(MINUTE_MS);
  await collector.audit();
  expect(await counted()).toEqual([{ calls: '7', tokens: '259' }]);
  expect((await compareRollups(client)).disagreements).toEqual([]);
  const metrics = await (await fetch(`${collector.urls.http}/metrics`)).text();
  expect(metrics).toContain('spanledger_audit_differences_total{state="held"} 0');
  expect(metrics).toMatch(/spanledger_audit_differences_total\{state="repaired"\} [1-9]/);
  expect(collector.logged()).toContain('audit: the sums differed from the spans');
});
