import { SECRET, startIsolationStore } from './isolation-store.ts';
import type { Answer, TestServer } from './running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startIsolationStore();
});
afterAll(() => server.close());

const asA = (sql: string, parameters: Record<string, string> = {}): Promise<Answer> =>
  server.run(sql, { database: 'genai', ...parameters }, 'reader-a');
const asAll = (sql: string): Promise<Answer> => server.run(sql, { database: 'genai' }, 'reader-all');

describe('what a reader needs is allowed', () => {
  const allowed = [
    'SHOW TABLES', 'SHOW DATABASES', 'SHOW TABLES FROM genai LIKE \'s%\'', 'SHOW CREATE TABLE spans', 'SHOW COLUMNS FROM spans', 'DESCRIBE TABLE spans', 'DESC genai.usage FORMAT JSON', 'EXISTS TABLE spans',
    'EXPLAIN SELECT count() FROM spans', 'EXPLAIN SYNTAX SELECT count() FROM spans', 'EXPLAIN AST SELECT 1', 'EXPLAIN QUERY TREE SELECT 1', 'EXPLAIN PIPELINE SELECT 1',
    'SELECT name, engine, comment FROM system.tables WHERE database = currentDatabase()', 'SELECT name, type, comment, position FROM system.columns WHERE table = \'spans\'', 'SELECT name FROM system.databases', 'SELECT name, value, readonly FROM system.settings',
    'SELECT version(), timezone(), displayName(), revision()', 'SELECT name FROM system.functions LIMIT 1', "SELECT 'a;b', 'it''s', '\\\\', '\\'', 'x\\ty', 'a . b', '/*', '--', '\\x41', 'ä;ö'",
    'SELECT toStartOfInterval(timestamp, INTERVAL 1 hour) AS t, quantileTDigestIf(0.95)(cost, cost > 0), uniqStateIf(user_id, 1) IS NULL, sumMap(map(1, cost)) IS NULL FROM spans GROUP BY t ORDER BY t WITH FILL STEP 3600 LIMIT 5',
    'SELECT sum(cost) OVER (PARTITION BY provider ORDER BY timestamp ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM spans LIMIT 1 -- comment', 'SELECT /* nested /* comment */ */ 1', 'WITH x -> x + 1 AS increment SELECT increment(1)', 'SELECT 1;', 'SELECT (1, 2).1, [1][1], map(1, 2)[1]',
  ]; // prettier-ignore
  test.each(allowed)('%s', async (sql) => {
    const answer = await asA(sql);
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
    expect(answer.text).not.toMatch(SECRET);
  });

  test('literals keep their value when the statement is written anew', async () => {
    const answer = await asA(
      "SELECT 'a;b', 'it''s', '\\\\', '\\'', 'x\\ty', 'a . b', '/*', '--', '\\x41', 'ä;ö', '\\d+;', 'a\\%b', \"1\" FROM (SELECT 1 AS \"1\")",
      { default_format: 'JSONCompactEachRow' }
    );
    expect(JSON.parse(answer.text)).toEqual([
      'a;b',
      "it's",
      '\\',
      "'",
      'x\ty',
      'a . b',
      '/*',
      '--',
      'A',
      'ä;ö',
      '\\d+;',
      'a\\%b',
      1,
    ]);
  });

  test('a reader of everything sees all rows and may use PREWHERE', async () => {
    expect((await asAll("SELECT count() FROM spans PREWHERE workspace = 'bravo'")).text).toBe('10000\n');
    expect((await asAll('SELECT segment FROM ledger')).text).toBe('bravo-segment\n');
    expect((await asAll("SELECT file('/etc/passwd')")).headers.get('x-clickhouse-exception-code')).toBe('497');
  });

  test('a table made after the first look is filtered at once', async () => {
    await server.run('CREATE TABLE genai.late (workspace String, note String) ENGINE = Memory', {}, 'admin');
    await server.run("INSERT INTO genai.late VALUES ('alpha', 'a'), ('bravo', 'bravo-late')", {}, 'admin');
    expect((await asA('SELECT note FROM late')).text).toBe('a\n');
    await server.run('ALTER TABLE genai.late RENAME COLUMN workspace TO other', {}, 'admin');
    expect((await asA('SELECT note FROM late')).headers.get('x-clickhouse-exception-code')).toBe('60');
  });
});

describe('a writer', () => {
  const asWriter = (sql: string): Promise<Answer> => server.run(sql, { database: 'genai' }, 'writer');
  test('inserts, reads and changes tables', async () => {
    expect((await asWriter('CREATE TABLE w (a UInt8) ENGINE = MergeTree ORDER BY a')).status).toBe(200);
    expect((await asWriter('INSERT INTO w VALUES (1)')).status).toBe(200);
    expect((await asWriter('SELECT a FROM w SETTINGS max_threads = 1')).text).toBe('1\n');
    expect((await asWriter('DROP TABLE w')).status).toBe(200);
  });
  test.each([
    "SELECT file('/etc/passwd')", "INSERT INTO FUNCTION file('/tmp/x', 'CSV', 'a Int8') SELECT 1", "INSERT INTO w FROM INFILE '/etc/passwd' FORMAT TSV", "SELECT 1 INTO OUTFILE '/tmp/x'", 'SYSTEM SHUTDOWN', 'KILL QUERY WHERE 1',
    "CREATE TABLE x (a String) ENGINE = URL('http://127.0.0.1', CSV)", "CREATE TABLE x (a String) ENGINE = File(CSV)", 'CREATE USER x', "BACKUP DATABASE genai TO File('/tmp/b')", "SELECT * FROM s3('http://127.0.0.1/x')",
  ])('may not run %s', async (sql) => {
    expect((await asWriter(sql)).headers.get('x-clickhouse-exception-code')).toBe('497');
  }); // prettier-ignore
});
