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
    ['SELECT id FROM prices ORDER BY id', 'p\nq\n'],
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
