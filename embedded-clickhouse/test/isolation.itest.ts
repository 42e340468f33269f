import { startTestServer } from './running-server.ts';
import type { Answer, TestServer } from './running-server.ts';

/** Texts that exist only in workspace b: no answer to reader a may hold one, whatever it asks. */
const SECRET = /bravo/;

let server: TestServer;
const asA = (sql: string, parameters: Record<string, string> = {}): Promise<Answer> =>
  server.run(sql, { database: 'genai', ...parameters }, 'reader-a');
const asAll = (sql: string): Promise<Answer> => server.run(sql, { database: 'genai' }, 'reader-all');

const SCHEMA = [
  'CREATE DATABASE genai',
  `CREATE TABLE genai.spans (workspace LowCardinality(String), timestamp DateTime64(9,'UTC'), user_id String, provider LowCardinality(String), cost UInt64, attributes Map(LowCardinality(String), String), INDEX by_user user_id TYPE bloom_filter GRANULARITY 1)
   ENGINE = ReplacingMergeTree ORDER BY (workspace, timestamp, user_id)`,
  `CREATE TABLE genai.rollup (workspace LowCardinality(String), day Date, provider LowCardinality(String), cost SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY (workspace, day, provider)`,
  `CREATE MATERIALIZED VIEW genai.rollup_fill TO genai.rollup AS SELECT workspace, toDate(timestamp) AS day, provider, sum(cost) AS cost FROM genai.spans GROUP BY ALL`,
  `CREATE MATERIALIZED VIEW genai.counts ENGINE = AggregatingMergeTree ORDER BY workspace AS SELECT workspace, countState() AS n FROM genai.spans GROUP BY workspace`,
  `CREATE VIEW genai.usage AS SELECT workspace, day, provider, sum(cost) AS cost FROM genai.rollup GROUP BY ALL`,
  `CREATE VIEW genai.total AS SELECT sum(cost) AS cost FROM genai.rollup`,
  `CREATE VIEW genai.by_parameter AS SELECT workspace, sum(cost) AS cost FROM genai.rollup WHERE workspace = {w:String} GROUP BY workspace`,
  `CREATE VIEW genai.through_merge AS SELECT workspace, user_id FROM merge('genai', '^spans$')`,
  `CREATE TABLE genai.prices (id String, price UInt64) ENGINE = MergeTree ORDER BY id`,
  `CREATE TABLE genai.ledger (segment String) ENGINE = MergeTree ORDER BY segment`,
  `CREATE TABLE genai.small (workspace String, note String) ENGINE = Memory`,
  `CREATE DICTIONARY genai.names (workspace String, note String) PRIMARY KEY workspace SOURCE(CLICKHOUSE(DB 'genai' TABLE 'small')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)`,
  `INSERT INTO genai.spans SELECT if(number % 2 = 0, 'alpha', 'bravo'), toDateTime64(1700000000 + number, 9, 'UTC'), concat(if(number % 2 = 0, 'alpha', 'bravo'), '-user-', toString(number)), concat(if(number % 2 = 0, 'alpha', 'bravo'), '-provider'), number, map(if(number % 2 = 0, 'alpha', 'bravo') || '-key', 'v') FROM numbers(20000)`,
  `CREATE TABLE genai.parted (workspace LowCardinality(String), timestamp DateTime, n UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (workspace, timestamp) SETTINGS index_granularity = 64`,
  `INSERT INTO genai.parted SELECT 'bravo', 1600000000 + number, number FROM numbers(1000)`,
  `INSERT INTO genai.parted SELECT if(number % 2 = 0, 'alpha', 'bravo'), 1700000000 + number, number FROM numbers(1000)`,
  `INSERT INTO genai.prices VALUES ('p', 1)`,
  `INSERT INTO genai.ledger VALUES ('bravo-segment')`,
  `INSERT INTO genai.small VALUES ('alpha', 'alpha-note'), ('bravo', 'bravo-note')`,
];

beforeAll(async () => {
  server = await startTestServer([
    { name: 'admin', role: 'admin', workspaces: '*' },
    { name: 'reader-a', role: 'reader', workspaces: ['alpha'] },
    { name: 'reader-all', role: 'reader', workspaces: '*' },
    { name: 'writer', role: 'writer', workspaces: '*' },
  ]);
  for (const sql of SCHEMA) expect(await server.run(sql, {}, 'admin')).toMatchObject({ status: 200 });
});
afterAll(() => server.close());

describe('a reader of one workspace sees its rows only', () => {
  const own: [string, string][] = [
    ['SELECT count() FROM spans', '10000\n'],
    ['SELECT count(), min(workspace), max(workspace) FROM genai.spans FINAL', '10000\talpha\talpha\n'],
    ['SELECT count() FROM spans AS x WHERE x.cost >= 0', '10000\n'],
    ['SELECT count() FROM (SELECT * FROM spans) AS y', '10000\n'],
    ["SELECT count() FROM spans WHERE workspace = 'bravo' OR 1", '10000\n'],
    ['WITH s AS (SELECT * FROM spans) SELECT count() FROM s', '10000\n'],
    ['SELECT count() FROM numbers(1) AS n CROSS JOIN spans', '10000\n'],
    ['SELECT count() FROM spans AS l JOIN spans AS r ON l.cost + 1 = r.cost', '0\n'],
    ['SELECT count() FROM spans UNION ALL SELECT uniq(workspace) FROM rollup', '10000\n1\n'],
    ['SELECT count() FROM view(SELECT * FROM spans)', '10000\n'],
    ["SELECT 'bravo-user-1' IN (SELECT user_id FROM spans)", '0\n'],
    ['SELECT (SELECT count() FROM spans)', '10000\n'],
    ['SELECT DISTINCT workspace, provider FROM usage', 'alpha\talpha-provider\n'],
    ['SELECT finalizeAggregation(n) FROM counts', '10000\n'],
    ['SELECT DISTINCT workspace FROM rollup_fill', 'alpha\n'],
    ['SELECT DISTINCT workspace FROM through_merge', 'alpha\n'],
    ['SELECT note FROM small', 'alpha-note\n'],
    ['SELECT note FROM names', 'alpha-note\n'],
    ['SELECT id FROM prices', 'p\n'],
    ['SELECT count(), min(timestamp) > 1650000000, max(n) FROM parted', '500\t1\t998\n'],
    ['SELECT DISTINCT _partition_id FROM parted', '202311\n'],
    ['SELECT DISTINCT toYYYYMM(timestamp) FROM parted', '202311\n'],
    ['SELECT uniq(_part) FROM parted', '1\n'],
    ['SELECT n FROM parted ORDER BY workspace DESC, n LIMIT 2', '0\n2\n'],
    ['SELECT count() FROM parted WHERE toYYYYMM(timestamp) = 202009', '0\n'],
    ['WITH p AS MATERIALIZED (SELECT * FROM parted) SELECT count() FROM p', '500\n'],
    [
      'WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT n FROM parted, r WHERE x = 1 AND n = 3) SELECT * FROM r',
      '1\n',
    ],
    ["SELECT count() FROM parted WHERE EXISTS (SELECT 1 FROM parted WHERE workspace = 'bravo')", '0\n'],
    ['SELECT count() FROM parted AS a SEMI JOIN parted AS b ON a.n + 1 = b.n', '0\n'],
    [
      "SELECT count() FROM (SELECT toUInt32(number) AS n FROM numbers(5)) AS x GLOBAL ANY LEFT JOIN parted AS b USING (n) WHERE b.workspace != ''",
      '3\n',
    ],
    ['SELECT groupUniqArray(provider) FROM spans', "['alpha-provider']\n"],
    ['SELECT DISTINCT arrayJoin(mapKeys(attributes)) FROM spans', 'alpha-key\n'],
    ["SELECT ('bravo', 'bravo-note') IN small", '0\n'],
    ['FROM spans SELECT count()', '10000\n'],
    ['(SELECT count() FROM spans)', '10000\n'],
    ["SELECT count() FROM spans WHERE {column:String} != ''", '10000\n'],
  ];
  test.each(own)('%s', async (sql, expected) => {
    const answer = await asA(sql, { param_column: 'x' });
    expect([answer.status, answer.text.split('\n').sort().join('\n')]).toEqual([
      200,
      expected.split('\n').sort().join('\n'),
    ]);
  });

  test.each(['Native', 'Parquet', 'ArrowStream', 'ORC', 'RowBinaryWithNamesAndTypes', 'JSON'])(
    'the dictionary of a LowCardinality column in %s holds no value of a hidden row',
    async (format) => {
      const answer = await asA(`SELECT provider, workspace, attributes FROM spans FORMAT ${format}`, {
        output_format_arrow_low_cardinality_as_dictionary: '1',
      });
      expect(answer.status).toBe(200);
      expect(answer.bytes.includes('alpha-provider')).toBe(
        !['Parquet', 'ORC'].includes(format) || answer.bytes.includes('alpha-provider')
      );
      expect(answer.bytes.includes('bravo')).toBe(false);
    }
  );
});

/** Each fails, or not, on a value of a hidden row in the same granule: an error would tell that the row exists. */
describe('errors of expressions tell nothing about rows of another workspace', () => {
  const oracles = [
    "throwIf(user_id = 'bravo-user-1')",
    "throwIf(provider = 'bravo-provider')",
    'intDiv(1, cost - 3) = 7',
    "toUInt64(substring(user_id, 1, 5) = 'bravo' ? 'bravo' : '1') = 2",
    "throwIf(has(mapKeys(attributes), 'bravo-key'))",
    "throwIf(workspace = 'bravo')",
    "throwIf(workspace != 'alpha')",
  ];
  const places = [
    (x: string) => `SELECT count() FROM spans WHERE ${x}`,
    (x: string) => `SELECT user_id FROM spans WHERE ${x}`,
    (x: string) => `SELECT user_id FROM spans WHERE cost > 5 AND ${x} AND timestamp > 0`,
    (x: string) => `SELECT count() FROM spans FINAL WHERE ${x}`,
    (x: string) => `SELECT sum(${x}) FROM spans`,
    (x: string) => `SELECT ${x} AS k, count() FROM spans GROUP BY k`,
    (x: string) => `SELECT user_id FROM spans ORDER BY ${x}, timestamp DESC LIMIT 3`,
    (x: string) => `SELECT count() FROM (SELECT * FROM spans WHERE ${x})`,
    (x: string) => `SELECT count() FROM (SELECT * FROM spans) WHERE ${x}`,
    (x: string) => `SELECT count() FROM (SELECT * FROM spans ORDER BY timestamp LIMIT 1000000) WHERE ${x}`,
    (x: string) => `SELECT count() FROM spans HAVING sum(${x}) > 0`,
    (x: string) => `SELECT user_id FROM spans LIMIT 1 BY ${x}`,
    (x: string) => `SELECT count() FROM spans JOIN (SELECT 'bravo' AS w) AS j ON spans.workspace = j.w AND ${x}`,
    (x: string) => `SELECT count() FROM spans, (SELECT 1 AS one) AS j WHERE ${x}`,
    (x: string) => `SELECT count() FROM spans LEFT JOIN (SELECT toUInt64(1) AS c) AS j ON j.c = spans.cost WHERE ${x}`,
    (x: string) => `SELECT count() FROM (SELECT toUInt64(1) AS c) AS j RIGHT JOIN spans ON j.c = spans.cost WHERE ${x}`,
    (x: string) => `SELECT count() FROM spans WHERE cost IN (SELECT cost FROM spans WHERE ${x})`,
    (x: string) => `SELECT sumIf(1, ${x}) OVER (PARTITION BY provider) FROM spans LIMIT 1`,
    (x: string) => `SELECT count() FROM spans WHERE ${x} OR 1`,
    (x: string) => `WITH ${x} AS e SELECT count() FROM spans WHERE e`,
    (x: string) => `SELECT user_id FROM spans WHERE ${x} ORDER BY timestamp DESC LIMIT 5`,
    (x: string) => `SELECT count() FROM spans ARRAY JOIN mapKeys(attributes) AS k WHERE ${x}`,
    (x: string) => `SELECT user_id FROM spans QUALIFY row_number() OVER (ORDER BY ${x}) < 0`,
  ];
  const cases = oracles.flatMap((oracle) => places.map((place) => place(oracle)));
  test.each(cases)('%s', async (sql) => {
    const answer = await asA(sql);
    expect(answer.text).not.toMatch(SECRET);
    expect([answer.status, answer.text]).toEqual([200, answer.text]);
  });

  test('the same expressions fail for a reader of everything, so these tests can fail', async () => {
    const failed = await Promise.all(
      oracles.slice(0, 4).map((oracle) => asAll(`SELECT count() FROM spans WHERE ${oracle}`))
    );
    expect(failed.map(({ status }) => status >= 400)).toEqual([true, true, true, true]);
  });
});

describe('what a reader may not run is refused', () => {
  const refused: [string, number][] = [
    ["SELECT count() FROM merge('genai', 'spans')", 497],
    ["SELECT * FROM mergeTreeIndex('genai', 'spans')", 497],
    ["SELECT * FROM mergeTreeAnalyzeIndexes('genai', 'spans')", 497],
    ["SELECT file('/etc/passwd')", 497],
    ["SELECT * FROM file('/etc/passwd', 'LineAsString')", 497],
    ["SELECT * FROM spans WHERE user_id IN (SELECT line FROM file('/etc/passwd', 'LineAsString'))", 497],
    ["DESCRIBE TABLE file('/etc/passwd')", 497],
    ["DESCRIBE TABLE url('http://127.0.0.1:1/', 'CSV')", 497],
    ['DESCRIBE (SELECT 1)', 497],
    ["EXPLAIN SELECT file('/etc/passwd')", 497],
    ["EXPLAIN AST SELECT file('/etc/passwd')", 497],
    ['EXPLAIN ESTIMATE SELECT count() FROM spans', 497],
    ['EXPLAIN indexes = 1 SELECT count() FROM spans', 164],
    ["SELECT 1 INTO OUTFILE '/tmp/embedded-clickhouse-outfile'", 497],
    ['KILL QUERY WHERE 1', 497],
    ['SET readonly = 0', 497],
    ['SET additional_table_filters = {}', 497],
    ['USE system', 497],
    ['CHECK TABLE spans', 497],
    ['SELECT * FROM system.processes', 497],
    ['SELECT * FROM system.query_log', 497],
    ['SELECT * FROM system.parts', 497],
    ['SELECT * FROM system.`parts`', 497],
    ['SELECT 1 IN system.processes', 497],
    ['WITH system.processes AS p SELECT 1 IN p', 497],
    ['WITH `system.processes` AS (SELECT 1) SELECT * FROM system.processes', 497],
    ["WITH file AS (SELECT 1) SELECT file('/etc/passwd')", 497],
    ['SELECT * FROM information_schema.tables', 497],
    ['SELECT * FROM {t:Identifier}', 497],
    ['SELECT * FROM genai.{t:Identifier}', 497],
    ['SELECT {/* a */ t /* b */ : Identifier}', 497],
    ['SELECT 1 SETTINGS max_threads = 1', 164],
    ['SELECT 1 FORMAT TSV SETTINGS max_threads = 1', 164],
    ['SELECT * FROM (SELECT 1 SETTINGS readonly = 0)', 164],
    ['SELECT 1; SELECT 2', 62],
    ['SELECT 1; DROP TABLE genai.spans', 62],
    ['INSERT INTO spans (workspace) VALUES (1)', 164],
    ["INSERT INTO FUNCTION file('/tmp/x') SELECT 1", 164],
    ['CREATE TABLE x (a UInt8) ENGINE = Memory', 164],
    ['DROP TABLE spans', 164],
    ['ALTER TABLE spans DELETE WHERE 1', 164],
    ['TRUNCATE TABLE spans', 164],
    ['OPTIMIZE TABLE spans', 164],
    ['SYSTEM SHUTDOWN', 164],
    ["BACKUP DATABASE genai TO File('/tmp/b')", 164],
    ['EXECUTE AS default SELECT 1', 497],
    ["SELECT count() FROM spans PREWHERE throwIf(user_id = 'bravo-user-1')", 497],
    ["SELECT dictGet('genai.names', 'note', 'bravo')", 497],
    ["SELECT joinGet('genai.small', 'note', 'bravo')", 497],
    ["SELECT hasColumnInTable('system', 'processes', 'query')", 497],
    ['SELECT arrayJoin(lowCardinalityKeys(provider)) FROM spans', 497],
    ['SELECT * APPLY(lowCardinalityKeys) FROM spans', 497],
    ['SELECT * APPLY lowCardinalityIndices FROM spans', 497],
    ["SELECT getSetting('additional_table_filters')", 497],
    ['SELECT hostName()', 497],
    ["SELECT formatRow('CSV', 1)", 497],
    ["SELECT * FROM remote('127.0.0.1', genai.spans)", 497],
    ["SELECT * FROM cluster('default', genai.spans)", 497],
    ["SELECT * FROM dictionary('genai.names')", 497],
    ["SELECT * FROM executable('id', 'TSV', 'x String')", 497],
    ["SELECT * FROM viewIfPermitted(SELECT 1 ELSE null('x Int8'))", 497],
    ["SELECT * FROM loop('genai', 'spans')", 497],
    ['SELECT * FROM (EXPLAIN SELECT 1)', 497],
    ['SHOW PROCESSLIST', 497],
    ['SHOW CREATE USER default', 497],
    ['SHOW GRANTS', 497],
    ["SHOW SETTINGS LIKE '%filter%'", 497],
    ["SHOW TABLES WHERE name = file('/etc/passwd')", 497],
    ['SHOW TABLES LIMIT (SELECT 1)', 497],
    ["SELECT cost FROM by_parameter(w = 'bravo')", 497],
    ['SELECT * FROM ledger', 60],
    ['SELECT * FROM genai.ledger', 60],
    ['SELECT cost FROM total', 60],
    ['SELECT * FROM nowhere.x', 81],
    ['SELECT total_rows FROM system.tables', 497],
    ['SELECT * FROM system.tables', 497],
    ["SELECT COLUMNS('total') FROM system.tables", 497],
    ['SELECT data_compressed_bytes FROM system.columns', 497],
    ['SELECT data_path FROM system.databases', 497],
    ['1 + 1', 497],
    ['SELECT $x$ ; $x$', 62],
    ['SELECT 1 ʼ', 62],
    ['', 62],
    ['-- nothing', 62],
  ];
  test.each(refused)('%s', async (sql, code) => {
    const answer = await asA(sql, { param_t: 'spans' });
    expect([answer.headers.get('x-clickhouse-exception-code'), answer.status >= 400, answer.text]).toEqual([
      String(code),
      true,
      answer.text,
    ]);
    expect(answer.text).not.toMatch(SECRET);
    expect(answer.text).not.toMatch(/root:/);
  });

  test('a forbidden function is found in every clause of a SELECT', async () => {
    const f = "file('/etc/passwd')";
    const clauses = [
      `SELECT ${f}`, `WITH ${f} AS x SELECT 1`, `SELECT 1 FROM spans WHERE ${f} = ''`, `SELECT 1 FROM spans GROUP BY ${f}`, `SELECT 1 FROM spans GROUP BY GROUPING SETS ((${f}))`,
      `SELECT count() FROM spans HAVING ${f} = ''`, `SELECT 1 FROM spans QUALIFY ${f} = ''`, `SELECT 1 FROM spans ORDER BY ${f}`, `SELECT 1 FROM spans LIMIT 1 BY ${f}`, `SELECT 1 LIMIT length(${f})`,
      `SELECT 1 LIMIT 1 OFFSET length(${f})`, `SELECT sum(1) OVER (PARTITION BY ${f})`, `SELECT sum(1) OVER (ORDER BY ${f})`, `SELECT sum(1) OVER (ORDER BY 1 ROWS BETWEEN length(${f}) PRECEDING AND CURRENT ROW)`,
      `SELECT sum(1) OVER w FROM spans WINDOW w AS (ORDER BY ${f})`, `SELECT 1 FROM spans JOIN prices ON ${f} = id`, `SELECT 1 FROM spans ARRAY JOIN [${f}] AS a`, `SELECT 1 FROM numbers(length(${f}))`,
      `SELECT * FROM values('x String', (${f}))`, `SELECT * REPLACE (${f} AS id) FROM prices`, `SELECT 1 ORDER BY 1 WITH FILL FROM length(${f})`, `SELECT 1 AS a, 2 AS b ORDER BY a WITH FILL INTERPOLATE (b AS length(${f}))`,
      `SELECT DISTINCT ON (${f}) 1`, `SELECT arrayMap(x -> file(x), ['/etc/passwd'])`, `SELECT CASE WHEN 1 THEN ${f} END`, `SELECT ${f}::String`, `SELECT 1 IN (SELECT ${f})`, `SELECT EXISTS (SELECT ${f})`,
      `SELECT 1 UNION ALL SELECT length(${f})`, `SELECT 1 INTERSECT SELECT length(${f})`, 'SELECT FILE(\'/etc/passwd\')', 'SELECT `file`(\'/etc/passwd\')', 'SELECT "file"(\'/etc/passwd\')', 'SELECT file/**/(\'/etc/passwd\')',
      `SELECT * APPLY(file) FROM prices`, `SELECT id APPLY(x -> file(x)) FROM prices`, `SELECT * APPLY(x -> file(x)) FROM prices`, `SELECT COLUMNS('id') APPLY file FROM prices`, `SELECT sumIf(1, ${f} = '')`, `SELECT quantile(length(${f}))(1)`,
      `SELECT sum(1) FILTER (WHERE ${f} = '')`, `SELECT by.cost FROM by_parameter(w = ${f}) AS by`, `WITH x -> file(x) AS g SELECT g('/etc/passwd')`, `SELECT 1 FROM spans SAMPLE ${f}`,
    ]; // prettier-ignore
    const answers = await Promise.all(clauses.map((sql) => asA(sql)));
    const passed = clauses.filter((_, index) => answers[index]!.status < 400 || /root:/.test(answers[index]!.text));
    const wrongly = clauses.filter(
      (_, index) => !['497', '62'].includes(answers[index]!.headers.get('x-clickhouse-exception-code') ?? '')
    );
    expect({ passed, wrongly }).toEqual({ passed: [], wrongly: [] });
  });

  test('settings of the URL cannot loosen a reader', async () => {
    const loose = {
      readonly: '0',
      additional_table_filters: '{}',
      allow_ddl: '1',
      optimize_move_to_prewhere: '1',
      query_plan_merge_filters: '1',
      use_query_cache: '1',
      use_query_condition_cache: '1',
      allow_introspection_functions: '1',
      log_comment: 'x',
      implicit_select: '1',
    };
    const answer = await asA(
      "SELECT name || '=' || value FROM system.settings WHERE name IN ('readonly','allow_ddl','optimize_move_to_prewhere','query_plan_merge_filters','use_query_cache','use_query_condition_cache','allow_introspection_functions','implicit_select') ORDER BY name",
      loose
    );
    expect(answer.text).toBe(
      'allow_ddl=0\nallow_introspection_functions=0\nimplicit_select=0\noptimize_move_to_prewhere=0\nquery_plan_merge_filters=0\nreadonly=1\nuse_query_cache=0\nuse_query_condition_cache=0\n'
    );
    expect((await asA('SELECT count() FROM spans', loose)).text).toBe('10000\n');
    expect((await asA('SELECT 1', { database: 'system' })).headers.get('x-clickhouse-exception-code')).toBe('81');
  });

  test('nothing a reader asked for has changed the store', async () => {
    expect((await server.run('SELECT count() FROM genai.spans', {}, 'admin')).text).toBe('20000\n');
  });
});

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
