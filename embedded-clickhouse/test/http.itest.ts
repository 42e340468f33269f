import { gunzipSync, gzipSync, brotliCompressSync, deflateSync, inflateSync, brotliDecompressSync } from 'node:zlib';
import { request as httpRequest } from 'node:http';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { startTestServer } from './running-server.ts';
import type { TestServer } from './running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  for (const sql of [
    'CREATE DATABASE genai',
    'CREATE TABLE genai.t (a UInt8, s String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100',
    'CREATE TABLE genai.wide (c0 UInt8, c1 UInt8, c2 UInt8, c3 UInt8, c4 UInt8, c5 UInt8, c6 UInt8, c7 UInt8, c8 UInt8, c9 UInt8) ENGINE = MergeTree ORDER BY tuple()',
  ]) {
    expect((await server.run(sql)).status).toBe(200);
  }
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.run('TRUNCATE TABLE genai.t');
  await server.run('TRUNCATE TABLE genai.wide');
});

const rows = async (): Promise<string> => (await server.run('SELECT * FROM genai.t ORDER BY a')).text;
const post = (query: string, body: BodyInit, headers: Record<string, string> = {}, more: Record<string, string> = {}) =>
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
    expect(answers.map(({ text }) => JSON.parse(text))).toEqual(
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

describe('inserts', () => {
  test('take data of the body in text formats', async () => {
    await post('INSERT INTO genai.t FORMAT JSONEachRow', '{"a":1,"s":"x;y"}\n{"a":2,"s":"z"}');
    await post('INSERT INTO genai.t (s, a) FORMAT TabSeparated  ', 'q\t3\n');
    await post('INSERT INTO genai.t VALUES', "(4, 'v'), (5, '); DROP TABLE genai.t')");
    await post('INSERT INTO genai.t', "(6, 'unstated')");
    await post('INSERT INTO genai.t', '7,header\n', { 'X-ClickHouse-Format': 'CSV' });
    await server.run('INSERT INTO genai.t FORMAT CSV\n8,"body"\n');
    await server.run("INSERT INTO genai.t VALUES (9, 'all in the body')");
    await post("INSERT INTO genai.t VALUES (10, 'all in the URL')", '');
    await post('INSERT INTO genai.t SELECT', "11, 'select'");
    await server.run("INSERT INTO genai.t SELECT 12, 'select'");
    await post('INSERT INTO genai.t FORMAT JSONEachRow', '');
    expect(await rows()).toBe(
      '1\tx;y\n2\tz\n3\tq\n4\tv\n5\t); DROP TABLE genai.t\n6\tunstated\n7\theader\n8\tbody\n9\tall in the body\n10\tall in the URL\n11\tselect\n12\tselect\n'
    );
  });
  test.each([0x00, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x27, 0x3b, 0x5c, 0xff])(
    'take binary data whose first byte is %i',
    async (first) => {
      const body = Buffer.from([first, 3, 0x61, 0x3b, 0x0a, 0x20, 0]);
      expect((await post('INSERT INTO genai.t FORMAT RowBinary', body)).status).toBe(200);
      expect((await server.run('SELECT a, hex(s) FROM genai.t ORDER BY length(s)')).text).toBe(
        `32\t\n${first}\t613B0A\n`
      );
    }
  );
  test('take a header of ten columns, whose first byte is a line feed', async () => {
    const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);
    const names = Array.from({ length: 10 }, (_, index) => `c${index}`);
    const body = Buffer.concat([
      Buffer.from([10]),
      ...names.map(text),
      ...names.map(() => text('UInt8')),
      Buffer.alloc(20, 0x20),
    ]);
    const answer = await post('INSERT INTO genai.wide FORMAT RowBinaryWithNamesAndTypes', body);
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '')).toMatchObject({ written_rows: '2' });
    expect((await server.run('SELECT sum(c0), sum(c9) FROM genai.wide')).text).toBe('64\t64\n');
  });
  test('take Native as it was given out', async () => {
    const native = await server.run(
      'SELECT toUInt8(number) AS a, toString(number) AS s FROM numbers(200) FORMAT Native'
    );
    expect((await post('INSERT INTO genai.t FORMAT Native', native.bytes)).status).toBe(200);
    expect((await server.run('SELECT count(), sum(a) FROM genai.t')).text).toBe('200\t19900\n');
  });
  test('take any bytes: a body with empty lines and semicolons is data to its end', async () => {
    const bytes = Buffer.from(
      Array.from(
        { length: 100_000 },
        (_, index) => [0x0a, 0x0a, 0x3b, 0x0d, 0x00, 0x20, 0x27, index & 0xff][(index * index + (index >> 3)) & 7] ?? 0
      )
    );
    const row = (chunk: Buffer, a: number): Buffer => Buffer.concat([Buffer.from([a, chunk.length]), chunk]);
    const chunks = Array.from({ length: 1000 }, (_, index) => bytes.subarray(index * 100, index * 100 + 100));
    for (const query of [
      'INSERT INTO genai.t FORMAT RowBinary',
      'INSERT INTO genai.t (a, s) SETTINGS async_insert = 0 FORMAT RowBinary',
    ]) {
      await server.run('TRUNCATE TABLE genai.t');
      const answer = await post(
        query,
        Buffer.concat(chunks.map((chunk, index) => row(chunk, index & 0xff))),
        {},
        { insert_deduplication_token: query }
      );
      expect(JSON.parse(answer.headers.get('x-clickhouse-summary') ?? '{}')).toMatchObject({ written_rows: '1000' });
      const stored = await server.run('SELECT hex(s) FROM genai.t ORDER BY s');
      expect(stored.text).toBe(
        chunks
          .map((chunk) => chunk.toString('hex').toUpperCase())
          .sort()
          .join('\n') + '\n'
      );
    }
    const again = await post(
      'INSERT INTO genai.t (a, s) SETTINGS async_insert = 0 FORMAT RowBinary',
      row(Buffer.from('\n\n'), 1),
      {},
      { insert_deduplication_token: 'INSERT INTO genai.t (a, s) SETTINGS async_insert = 0 FORMAT RowBinary' }
    );
    expect([again.status, (await server.run('SELECT count() FROM genai.t')).text]).toEqual([200, '1000\n']);
  });
  test('never run what stands behind an empty line or a semicolon', async () => {
    await post('INSERT INTO genai.t FORMAT JSONEachRow', '{"a":1,"s":"x"}\n\n{"a":2,"s":"y"}\n');
    expect((await post('INSERT INTO genai.t FORMAT CSV', '3,z\n\nDROP TABLE genai.t')).status).toBe(400);
    expect((await server.run('INSERT INTO genai.t FORMAT CSV\n4,z\n\nDROP TABLE genai.t')).status).toBe(400);
    await post('INSERT INTO genai.t VALUES', "(5,'v'); DROP TABLE genai.t");
    await server.run("INSERT INTO genai.t VALUES (6,'v'); DROP TABLE genai.t");
    expect((await server.run("INSERT INTO genai.t SELECT 7, 'v'; DROP TABLE genai.t")).status).toBe(400);
    await post('INSERT INTO genai.t VALUES', "(8,'a;b'),\n\n(9,'c\n\nd')");
    expect(
      (await server.run('SELECT a, s FROM genai.t WHERE a IN (1, 2, 8, 9) ORDER BY a FORMAT JSONCompact')).text
    ).toContain('c\\n\\nd');
    expect(
      (await server.run('SELECT groupArray(a) FROM (SELECT a FROM genai.t WHERE a IN (1, 2, 8, 9) ORDER BY a)')).text
    ).toBe('[1,2,8,9]\n');
  });
  test('take gzip, deflate and br', async () => {
    const zip = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
    for (const [name, compress] of Object.entries(zip)) {
      expect(
        (await post('INSERT INTO genai.t FORMAT CSV', compress(`1,${name}\n`), { 'Content-Encoding': name })).status
      ).toBe(200);
    }
    expect((await server.run('SELECT s FROM genai.t ORDER BY s')).text).toBe('br\ndeflate\ngzip\n');
    expect(
      (await post('INSERT INTO genai.t FORMAT CSV', 'no gzip', { 'Content-Encoding': 'gzip' })).headers.get(
        'x-clickhouse-exception-code'
      )
    ).toBe('354');
    expect((await post('INSERT INTO genai.t FORMAT CSV', 'x', { 'Content-Encoding': 'zstd' })).status).toBe(501);
  });
  test('with the same deduplication token are stored once', async () => {
    const token = {
      insert_deduplication_token: 'e:1-2:t',
      async_insert: '0',
      deduplicate_blocks_in_dependent_materialized_views: '1',
      fsync_after_insert: '1',
      input_format_skip_unknown_fields: '0',
    };
    for (let round = 0; round < 2; round += 1)
      expect((await post('INSERT INTO genai.t FORMAT CSV', '1,x\n', {}, token)).status).toBe(200);
    expect(await rows()).toBe('1\tx\n');
    const unknown = await post(
      'INSERT INTO genai.t FORMAT JSONEachRow',
      '{"nope":1}',
      {},
      { input_format_skip_unknown_fields: '0' }
    );
    expect([unknown.status, unknown.headers.get('x-clickhouse-exception-code')]).toEqual([400, '117']);
  });
  test('of 40 MB in one body arrive whole', async () => {
    const body = Buffer.alloc(40_000_000, 'abcdefghi\n');
    await server.run('CREATE TABLE genai.big (s String) ENGINE = MergeTree ORDER BY tuple()');
    expect((await post('INSERT INTO genai.big FORMAT LineAsString', body)).status).toBe(200);
    expect((await server.run('SELECT count(), sum(length(s)) FROM genai.big')).text).toBe('4000000\t36000000\n');
  });
  test('beyond the largest body, plain or inflated, are refused', async () => {
    const declared = await new Promise<number | undefined>((resolve, reject) => {
      const sending = httpRequest(
        `${server.url}/?query=INSERT+INTO+genai.t+FORMAT+CSV`,
        { method: 'POST', headers: { 'content-length': String(200 * 1024 * 1024) } },
        (response) => {
          resolve(response.statusCode);
          sending.destroy();
        }
      ).on('error', reject);
      sending.write('1,x\n');
    });
    expect(declared).toBe(413);
    const bomb = gzipSync(Buffer.alloc(150 * 1024 * 1024));
    expect((await post('INSERT INTO genai.t FORMAT CSV', bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413);
    expect((await server.run(`SELECT '${'x'.repeat(1_100_000)}'`)).status).toBe(413);
  });
});

describe('a session that saw an error is never used again', () => {
  const expected = Buffer.from('1\n2\n3\n');
  const next = async (): Promise<Buffer> => (await server.run('SELECT number + 1 FROM numbers(3)')).bytes;
  test('after an error half-way, a time-out and KILL the next answers are right byte by byte', async () => {
    await server.run('SELECT throwIf(number = 150000) FROM numbers(300000) FORMAT JSON');
    await server.run('SELECT throwIf(number = 150000) FROM numbers(300000)').catch(() => undefined);
    await server.run('SELECT number, sleepEachRow(0.01) FROM numbers(1000) FORMAT JSON', {
      max_execution_time: '1',
      max_block_size: '10',
    });
    const killed = server.run("SELECT number, sleepEachRow(0.01), 'to be killed' FROM numbers(3000) FORMAT JSON", {
      max_block_size: '10',
    });
    for (let found = ''; found === '';)
      found = (
        await server.run(
          "SELECT query_id FROM system.processes WHERE query LIKE '%to be%killed%' AND query NOT LIKE '%LIKE%'"
        )
      ).text;
    await server.run("KILL QUERY WHERE query LIKE '%to be killed%' ASYNC");
    expect((await killed).headers.get('x-clickhouse-exception-code')).toBe('394');
    const answers = await Promise.all(Array.from({ length: 20 }, next));
    expect(answers.every((answer) => answer.equals(expected))).toBe(true);
  });
  test('a client that leaves has its statement killed', async () => {
    const left = new AbortController();
    const sent = fetch(`${server.url}/?max_block_size=10`, {
      method: 'POST',
      body: "SELECT number, sleepEachRow(0.01), 'who left' FROM numbers(100000)",
      signal: left.signal,
    }).then((response) => response.text());
    const running = async (): Promise<string> =>
      (
        await server.run(
          "SELECT count() FROM system.processes WHERE query LIKE '%who left%' AND query NOT LIKE '%LIKE%'"
        )
      ).text;
    while ((await running()) === '0\n');
    left.abort();
    await expect(sent).rejects.toThrow();
    while ((await running()) !== '0\n');
    expect((await next()).equals(expected)).toBe(true);
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
