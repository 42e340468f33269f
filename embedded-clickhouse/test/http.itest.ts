import { request as httpRequest } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { startTestServer } from './running-server.ts';
import type { Answer, TestServer } from './running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const sql of [
    'CREATE DATABASE genai',
    'CREATE TABLE genai.t (a UInt8, s String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100',
  ]) {
    expect((await server.run(sql)).status).toBe(200);
  }
});
afterAll(() => server.close());
beforeEach(() => server.run('TRUNCATE TABLE genai.t'));

const post = (
  query: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  more: Record<string, string> = {}
): Promise<Answer> =>
  server.request(`/?${new URLSearchParams({ query, ...more }).toString()}`, { method: 'POST', body, headers });

describe('paths', () => {
  test.each(['/ping', '/replicas_status', '/'])('%s answers Ok.', async (path) => {
    const answer = await server.request(path);
    expect([answer.status, answer.text]).toEqual([200, 'Ok.\n']);
  });
  test('an unknown path is 404 and an unknown method 501', async () => {
    expect((await server.request('/play')).status).toBe(404);
    expect((await server.request('/?query=SELECT+1', { method: 'DELETE' })).status).toBe(501);
  });
});

describe('statements', () => {
  test('come in the URL, in the body, or begin in the URL and go on in the body', async () => {
    expect((await server.request('/?query=SELECT+1')).text).toBe('1\n');
    expect((await server.run('SELECT 2')).text).toBe('2\n');
    expect((await post('SELECT number', 'FROM numbers(2)')).text).toBe('0\n1\n');
  });
  test('one per request', async () => {
    const answer = await server.run('SELECT 1; DROP TABLE genai.t');
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([400, '62']);
    const inExplain = await server.run('EXPLAIN AST SELECT 1; DROP TABLE genai.t');
    expect(inExplain.status).toBe(400);
    expect((await server.run('EXISTS TABLE genai.t')).text).toBe('1\n');
    expect((await server.run('SELECT 1;;  -- end')).text).toBe('1\n');
  });
  test('GET may not change anything', async () => {
    for (const sql of ['DROP TABLE genai.t', 'INSERT INTO genai.t VALUES (1, 1)', 'CREATE DATABASE x']) {
      expect(
        (await server.request(`/?query=${encodeURIComponent(sql)}`)).headers.get('x-clickhouse-exception-code')
      ).toBe('164');
    }
  });
  test('parameters are bound, also many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        server.run('SELECT {n:UInt32}, {s:String}, {a:Array(String)}', {
          param_n: String(index),
          param_s: `it's \\\\ ${index}`,
          param_a: "['x','y']",
          default_format: 'JSONCompactEachRow',
        })
      )
    );
    expect(answers.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
      answers.map((_, index) => [index, `it's \\ ${index}`, ['x', 'y']])
    );
  });
  test('database of the URL or the header is the default one', async () => {
    await server.run("INSERT INTO genai.t VALUES (1, 'x')");
    expect((await server.run('SELECT s FROM t', { database: 'genai' })).text).toBe('x\n');
    expect(
      (await server.request('/?query=SELECT+s+FROM+t', { headers: { 'X-ClickHouse-Database': 'genai' } })).text
    ).toBe('x\n');
    expect((await server.run('SELECT 1', { database: 'no_such' })).headers.get('x-clickhouse-exception-code')).toBe(
      '81'
    );
  });
  test('SET and USE are accepted and last for one request', async () => {
    expect((await server.run('SET max_threads = 1')).status).toBe(200);
    expect((await server.run('USE genai')).text).toBe('');
    expect((await server.run('SELECT currentDatabase()')).text).toBe('default\n');
  });
});

describe('answers', () => {
  test('FORMAT wins over default_format, and that over the header', async () => {
    const headers = { 'X-ClickHouse-Format': 'CSV' };
    expect((await server.request("/?query=SELECT+'x'", { headers })).text).toBe('"x"\n');
    expect((await server.request("/?query=SELECT+'x'+AS+x&default_format=JSONEachRow", { headers })).text).toBe(
      '{"x":"x"}\n'
    );
    const clause = await server.request(
      "/?query=SELECT+'x'+AS+x+FORMAT+JSONCompactEachRow&default_format=JSONEachRow",
      { headers }
    );
    expect([clause.text, clause.headers.get('x-clickhouse-format'), clause.headers.get('content-type')]).toEqual([
      '["x"]\n',
      'JSONCompactEachRow',
      'application/x-ndjson; charset=UTF-8',
    ]);
    expect((await server.run('SELECT 1 FORMAT TSV SETTINGS max_threads = 1')).text).toBe('1\n');
    expect(
      (await server.run('SELECT 1', { default_format: 'No Such' })).headers.get('x-clickhouse-exception-code')
    ).toBe('73');
    expect((await server.run('SELECT 1 FORMAT NoSuch')).status).toBe(404);
  });
  test('headers carry query id, time zone, server and summary', async () => {
    const answer = await server.run('INSERT INTO genai.t VALUES (1, 1), (2, 2)', { query_id: 'mine' });
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-clickhouse-query-id': 'mine',
      'x-clickhouse-timezone': expect.any(String),
      'x-clickhouse-server-display-name': 'embedded-clickhouse',
    });
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({
      written_rows: '2',
      read_rows: '2',
    });
    expect((await server.run('SELECT 1')).headers.get('x-clickhouse-query-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
  test.each([
    ['SELECT nope', 404, 47],
    ['SELECT 1 FROM no_such_table', 404, 60],
    ['SELEC 1 +', 400, 62],
    ["SELECT toUInt8('x')", 400, 6],
    ['SELECT noSuchFunction(1)', 404, 46],
    ['SELECT throwIf(1)', 500, 395],
    ['SELECT 1 SETTINGS no_such_setting = 1', 404, 115],
    [
      'SELECT sleepEachRow(3), sleepEachRow(3) FROM numbers(3) SETTINGS max_execution_time = 1, max_block_size = 1',
      408,
      159,
    ],
    ['', 400, 62],
  ])('%s answers status %i with code %i', async (sql, status, code) => {
    const answer = await server.run(sql);
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([status, String(code)]);
    expect(answer.text).toMatch(
      new RegExp(`^Code: ${code}\\. DB::Exception: [^]+ \\([A-Z0-9_]+\\) \\(version \\d+\\.\\d+\\.[^)]+\\)\\n$`)
    );
  });
  test('are compressed when the client asks for it and not otherwise', async () => {
    const ask = (encoding: string, more = ''): Promise<[string | undefined, Buffer]> =>
      new Promise((resolve, reject) => {
        httpRequest(
          `${server.url}/?query=SELECT+number+FROM+numbers(100000)${more}`,
          { headers: { 'accept-encoding': encoding } },
          (response) => {
            const chunks: Buffer[] = [];
            response
              .on('data', (chunk: Buffer) => chunks.push(chunk))
              .on('end', () => resolve([response.headers['content-encoding'], Buffer.concat(chunks)]));
          }
        )
          .on('error', reject)
          .end();
      });
    const on = '&enable_http_compression=1';
    const [, plain] = await ask('gzip');
    expect(plain.toString().split('\n')).toHaveLength(100_001);
    const [gzip, zipped] = await ask('deflate;q=0, gzip', on);
    expect([gzip, gunzipSync(zipped).equals(plain)]).toEqual(['gzip', true]);
    const [deflate, deflated] = await ask('deflate', on);
    expect([deflate, inflateSync(deflated).equals(plain)]).toEqual(['deflate', true]);
    const [br, brotli] = await ask('br', on);
    expect([br, brotliDecompressSync(brotli).equals(plain)]).toEqual(['br', true]);
    const [none, same] = await ask('lz4, zstd, gzip;q=0', on);
    expect([none, same.equals(plain)]).toEqual([undefined, true]);
  });
  test('large results are streamed whole, and framed ones beyond 64 MiB are refused', async () => {
    for (const format of ['TSV', 'JSONEachRow', 'JSONCompactEachRow', 'Native', 'RowBinary']) {
      const answer = await server.run(`SELECT number FROM numbers(1000000) FORMAT ${format}`);
      expect([format, answer.status, answer.bytes.length > 7_000_000 || format === 'TSV']).toEqual([format, 200, true]);
    }
    expect((await server.run('SELECT number FROM numbers(300000)')).text).toBe(
      Array.from({ length: 300_000 }, (_, index) => `${index}\n`).join('')
    );
    const json = await server.run('SELECT number FROM numbers(200000) FORMAT JSON');
    expect((JSON.parse(json.text) as { data: unknown[] }).data).toHaveLength(200_000);
    for (const format of ['JSON', 'RowBinaryWithNames']) {
      const answer = await server.run(`SELECT repeat('x', 1000) AS x FROM numbers(100000) FORMAT ${format}`);
      expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([500, '396']);
    }
  });
  test('WITH TOTALS and extremes come behind the rows in streamed formats', async () => {
    expect(
      (await server.run('SELECT number % 2 AS k, count() FROM numbers(4) GROUP BY k WITH TOTALS ORDER BY k')).text
    ).toBe('0\t2\n1\t2\n\n0\t4\n');
    expect((await server.run('SELECT number FROM numbers(3)', { extremes: '1' })).text).toBe('0\n1\n2\n\n0\n2\n');
  });
  test('an error after the first byte destroys the socket', async () => {
    await expect(server.run('SELECT throwIf(number = 3000000) FROM numbers(5000000)')).rejects.toThrow();
  });
});

describe('settings of the URL', () => {
  test('are clamped, and unknown ones ignored', async () => {
    const answer = await server.run("SELECT name || '=' || value FROM system.settings WHERE name IN ('max_execution_time', 'max_threads', 'allow_introspection_functions', 'max_block_size') ORDER BY name", {
      max_execution_time: '99999', max_threads: '64', no_such_setting: '1', max_block_size: '1000', allow_introspection_functions: '0', max_memory_usage: '0',
    }); // prettier-ignore
    expect(answer.text).toMatch(
      /^allow_introspection_functions=1\nmax_block_size=1000\nmax_execution_time=60\nmax_threads=\d{1,2}\n$/
    );
    expect(
      (
        await server.run("SELECT toUInt64(value) > 0 FROM system.settings WHERE name = 'max_memory_usage'", {
          max_memory_usage: '0',
        })
      ).text
    ).toBe('1\n');
    expect((await server.run('SELECT 1', { compress: '1' })).status).toBe(501);
    expect((await server.run('SELECT 1', { join_algorithm: 'no_such' })).status).toBeGreaterThanOrEqual(400);
  });
});

test('web pages and other host names are refused as long as there are no users', async () => {
  expect((await server.request('/?query=SELECT+1', { headers: { Origin: 'http://example.org' } })).status).toBe(403);
  const otherHost = await new Promise<number | undefined>((resolve, reject) => {
    httpRequest(`${server.url}/?query=SELECT+1`, { headers: { host: 'example.org' } }, (response) =>
      resolve(response.resume().statusCode)
    )
      .on('error', reject)
      .end();
  });
  expect(otherHost).toBe(403);
});

test('@clickhouse/client works: commands, inserts, streams, parameters, errors', async () => {
  const client = createClient({
    url: server.url,
    database: 'genai',
    compression: { request: true, response: true },
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    expect(await client.ping()).toEqual({ success: true });
    await client.command({
      query:
        'CREATE TABLE IF NOT EXISTS js (id UInt64, at DateTime64(3), tags Array(String)) ENGINE = MergeTree ORDER BY id',
    });
    const values = Array.from({ length: 1000 }, (_, id) => ({
      id,
      at: '2024-01-01 00:00:00.000',
      tags: ['a', `${id}`],
    }));
    const inserted = await client.insert({
      table: 'js',
      values,
      format: 'JSONEachRow',
      clickhouse_settings: { async_insert: 0, insert_deduplication_token: 'js' },
    });
    expect(inserted.summary?.written_rows).toBe('1000');
    const result = await client.query({
      query: 'SELECT * FROM js WHERE id >= {least:UInt64} ORDER BY id',
      query_params: { least: 998 },
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual(values.slice(998));
    const json = await (await client.query({ query: 'SELECT count() AS n FROM js' })).json<{ n: string }>();
    expect(json.data).toEqual([{ n: 1000 }]);
    await expect(client.query({ query: 'SELECT nope' })).rejects.toMatchObject({
      code: '47',
      type: 'UNKNOWN_IDENTIFIER',
    });
  } finally {
    await client.close();
  }
});
