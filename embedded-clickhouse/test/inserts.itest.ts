import { request as httpRequest } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { startTestServer } from './running-server.ts';
import type { Answer, TestServer } from './running-server.ts';

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
const post = (
  query: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
  more: Record<string, string> = {}
): Promise<Answer> =>
  server.request(`/?${new URLSearchParams({ query, ...more }).toString()}`, { method: 'POST', body, headers });

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
