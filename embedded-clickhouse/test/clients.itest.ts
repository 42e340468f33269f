import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTestServer } from './running-server.ts';
import type { TestServer } from './running-server.ts';

const run = promisify(execFile);
const queriesFile = join(__dirname, 'client-queries.json');
const queries = JSON.parse(readFileSync(queriesFile, 'utf8')) as Record<string, string>;

interface Seen {
  readonly version: string;
  readonly values: Record<string, string>;
  readonly columns: Record<string, string[]>;
  readonly counts: Record<string, number>;
  readonly errors: Record<string, string>;
}

const goProgram = join(tmpdir(), `embedded-clickhouse-go-test-${process.pid}`);
const goCommand = process.env['GO'] ?? 'go';
const go = spawnSync(goCommand, ['build', '-o', goProgram, '.'], {
  cwd: join(__dirname, 'go'),
  encoding: 'utf8',
  timeout: 300_000,
});
const hasGo = go.status === 0;
if (!hasGo) process.stdout.write('clickhouse-go tests skipped: install go 1.26 or later and let it download modules\n');
const hasPython = spawnSync('python3', ['-c', 'import clickhouse_connect']).status === 0;
if (!hasPython) process.stdout.write('clickhouse-connect tests skipped: pip install clickhouse-connect\n');
const withGo = hasGo ? describe : describe.skip;
const withPython = hasPython ? describe : describe.skip;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.close();
  rmSync(goProgram, { force: true });
});

const COUNTS: Record<string, number> = {
  ...Object.fromEntries(Object.keys(queries).map((name) => [name, 1])),
  'low cardinality': 1000,
  many: 200_000,
  inserted: 10,
};
const REFUSED = ['dynamic', 'json', 'states', 'variant'];

withGo('clickhouse-go over HTTP', () => {
  test.each(['none', 'gzip'])('reads every type and inserts, compression %s', async (compression) => {
    const { stdout } = await run(goProgram, [new URL(server.url).host, compression, queriesFile], {
      maxBuffer: 16 * 1024 * 1024,
    });
    const seen = JSON.parse(stdout) as Seen;
    expect(seen.errors).toEqual(Object.fromEntries(REFUSED.map((name) => [name, '48'])));
    expect(seen.counts).toEqual({
      ...Object.fromEntries(Object.entries(COUNTS).filter(([name]) => name !== 'empty' && !REFUSED.includes(name))),
      sum: 45,
    });
    expect(seen.columns['empty']).toEqual(['UInt8', 'String', 'LowCardinality(String)', 'Array(String)']);
    expect(seen.version).toMatch(/^2\d\.\d+$/);
    expect(seen.values).toMatchObject({
      aggregates: '5',
      arrays: '[1 2] | [[x] []] | [] | [[1 a]]',
      decimals: '1.5 | -2.123456 | 3.000000000001 | 1.5',
      enums: 'x | b',
      geo: '[1 2] | [[0 0] [1 1]] | [[[0 0]]] | [[[[0 0]]]]',
      ids: '61f0c404-5cb3-11e7-907b-a6006ad3dba0 | 127.0.0.1 | ::1',
      integers: '1 | -1 | 2 | -2 | 3 | -3 | 18446744073709551615 | -9223372036854775808',
      intervals: '3 Days | 5 Seconds',
      'low cardinality': 'v0 | n | [e] | map[k:v]',
      maps: 'map[a:1 b:2] | map[k:[v w]] | map[m:map[n:1]]',
      times:
        '2024-02-29 00:00:00 +0000 UTC | 1925-01-01 00:00:00 +0000 UTC | 2024-02-29 12:00:00 +0000 UTC | 2024-02-29 12:00:00.123456789 +0000 UTC',
    });
  });
});

withPython('clickhouse-connect', () => {
  test.each(['none', 'gzip'])('reads every type and inserts, compression %s', async (compression) => {
    const { hostname, port } = new URL(server.url);
    const { stdout } = await run(
      'python3',
      [join(__dirname, 'python', 'read_all.py'), hostname, port, queriesFile, compression],
      { maxBuffer: 16 * 1024 * 1024 }
    );
    const seen = JSON.parse(stdout) as Seen;
    expect(Object.keys(seen.errors).sort()).toEqual(REFUSED);
    expect(Object.values(seen.errors).every((text) => text.includes('code: 48') && text.includes('`refused`'))).toBe(
      true
    );
    expect(seen.counts).toEqual({
      ...Object.fromEntries(Object.entries(COUNTS).filter(([name]) => !REFUSED.includes(name))),
      empty: 0,
    });
    expect(seen.values).toMatchObject({
      decimals: '1.50 | -2.123456 | 3.000000000001 | 1.500',
      nullable: "1 | None | b'x' | ['q', None]",
      'low cardinality': "v0 | n | ['e'] | {'k': 'v'}",
      tuples: "(1, 'a', [2]) | {'n': 1, 'odd': 'x'}",
      maps: "{'a': 1, 'b': 2} | {'k': ['v', 'w']} | {'m': {'n': 1}}",
    });
  });
});

test('an empty Native result is one block with names and types', async () => {
  const selected = await server.run("SELECT 1 AS a, 'x' AS b FROM numbers(0) FORMAT Native", {
    client_protocol_version: '54460',
  });
  const expected = Buffer.concat([
    Buffer.from('010002ffffffff000200', 'hex'),
    Buffer.from('\x01a\x05UInt8\0\x01b\x06String\0', 'latin1'),
  ]);
  expect(selected.bytes).toEqual(expected);
  expect((await server.run("SHOW TABLES LIKE 'no such' FORMAT Native")).bytes.toString('latin1')).toBe(
    '\x01\0\x04name\x06String'
  );
});
