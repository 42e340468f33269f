import { defaultLimits } from '../src/limits.ts';
import { startTestServer } from './running-server.ts';
import type { TestServer } from './running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer([], {
    ...defaultLimits(512 * 1024 * 1024),
    reads: 1,
    inserts: 1,
    changes: 1,
    queue: 1,
    waitMs: 60_000,
    framedBytes: 1_000_000,
    read: { seconds: 20, memoryBytes: 200_000_000, threads: 1 },
  });
  expect((await server.run('CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a')).status).toBe(200);
});
afterAll(() => server.close());

const SLOW = "SELECT sleepEachRow(0.05), 'slow' FROM numbers(10000)";

test('reads beyond the places and the queue get 503 with code 202, while inserts and changes go on', async () => {
  const leaving = new AbortController();
  // With its first row it has the only place, and keeps it.
  const slow = await fetch(`${server.url}/?max_block_size=1`, { method: 'POST', body: SLOW, signal: leaving.signal });
  expect(slow.status).toBe(200);
  // One of the two waits, and is not done before the place is free; which one, only the network knows.
  const two = [server.run('SELECT 1'), server.run('SELECT 1')];
  const refused = await Promise.race(two);
  expect([
    refused.status,
    refused.headers.get('x-clickhouse-exception-code'),
    refused.headers.get('retry-after'),
  ]).toEqual([503, '202', '1']);
  expect((await server.run('INSERT INTO t VALUES (1)')).status).toBe(200);
  expect((await server.run('ALTER TABLE t ADD COLUMN b UInt8')).status).toBe(200);
  expect((await server.request('/ping')).text).toBe('Ok.\n');
  leaving.abort();
  const answers = await Promise.all(two);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
  expect(answers.find(({ status }) => status === 200)!.text).toBe('1\n');
});

test('a scalar subquery that takes long does not stop the server', async () => {
  const slow = server.run('SELECT (SELECT sleep(2)), 1');
  for (let ping = 0; ping < 5; ping += 1) expect((await server.request('/ping')).text).toBe('Ok.\n');
  expect((await server.run('INSERT INTO t (a) VALUES (2)')).status).toBe(200);
  expect((await slow).text).toBe('0\t1\n');
});

test('memory and time of a statement are bounded', async () => {
  expect(
    (await server.run('SELECT groupArray(number) FROM numbers(100000000)', { max_memory_usage: '0' })).headers.get(
      'x-clickhouse-exception-code'
    )
  ).toBe('241');
  expect(
    (
      await server.run('SELECT sum(sipHash64(number)) FROM numbers(1000000000000)', { max_execution_time: '1' })
    ).headers.get('x-clickhouse-exception-code')
  ).toBe('159');
});

test('a framed result of several pieces is whole, and one beyond the bound is refused', async () => {
  const several = await server.run('SELECT number FROM numbers(70000) FORMAT CSVWithNames');
  expect(several.text).toBe(`"number"\n${Array.from({ length: 70_000 }, (_, index) => `${index}\n`).join('')}`);
  expect(
    (await server.run('SELECT number FROM numbers(500000) FORMAT CSVWithNames')).headers.get(
      'x-clickhouse-exception-code'
    )
  ).toBe('396');
  expect(
    (await server.run('SELECT number FROM numbers(500000) FORMAT JSON', { extremes: '1' })).headers.get(
      'x-clickhouse-exception-code'
    )
  ).toBe('396');
  const totals = await server.run(
    'SELECT number % 2 AS k, count() AS n FROM numbers(4) GROUP BY k WITH TOTALS ORDER BY k FORMAT JSONCompact'
  );
  expect(JSON.parse(totals.text)).toMatchObject({
    data: [
      [0, 2],
      [1, 2],
    ],
    totals: [0, 4],
  });
});
