import { SECRET, startIsolationStore } from './isolation-store.ts';
import type { Answer, TestServer } from './running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startIsolationStore();
});
afterAll(() => server.close());

const asA = (sql: string, parameters: Record<string, string> = {}): Promise<Answer> =>
  server.run(sql, { database: 'genai', ...parameters }, 'reader-a');

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
