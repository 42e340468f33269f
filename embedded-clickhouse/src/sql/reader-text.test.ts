import { checkReaderText } from './reader-text.ts';
import type { Refusal } from './refusal.ts';
import { readStatement } from './statement.ts';
import { checkWriterText } from './writer-text.ts';

const engine = new Set(['file', 'sum', 'url', 'numbers']);
const check = (sql: string, limited = true): unknown => {
  try {
    const { sql: text, withNames } = checkReaderText(readStatement(sql), engine, limited);
    return [text, [...withNames]];
  } catch (error) {
    return (error as Refusal).code;
  }
};

describe('checkReaderText', () => {
  test.each([
    ['SELECT sum(1) FROM t FORMAT JSON', ['SELECT sum(1) FROM t', []]],
    ["SELECT 'a;b' -- c", ["SELECT 'a\\x3bb'", []]],
    [
      'WITH a AS (SELECT 1), `b c` AS MATERIALIZED (SELECT 2), x -> x + 1 AS f SELECT f(1)',
      ['WITH a AS (SELECT 1), `b c` AS MATERIALIZED (SELECT 2), x -> x + 1 AS f SELECT f(1)', ['a', 'b c', 'f']],
    ],
    ["SHOW TABLES LIKE 'x'", ["SHOW TABLES LIKE 'x'", []]],
    ['SELECT t.file(1)', ['SELECT t.file(1)', []]],
    ['INSERT INTO t VALUES (1)', 164],
    ['DROP TABLE t', 164],
    ['KILL QUERY WHERE 1', 497],
    ["SELECT 'open", 62],
    ['SELECT file(1)', 497],
    ['SELECT `file` (1)', 497],
    ["SELECT 1 INTO OUTFILE 'x'", 497],
    ['SELECT 1 FROM t PREWHERE 1', 497],
    ['SELECT {a : identifier}', 497],
    ['SHOW TABLES WHERE 1', 497],
    ['SHOW MERGES', 497],
    ['SHOW CREATE QUOTA x', 497],
    ['SELECT 1 FORMAT TSV SETTINGS a = 1', 164],
  ])('%s', (sql, expected) => {
    expect(check(sql)).toEqual(expected);
  });
  test('PREWHERE is for readers of everything', () => {
    expect(check('SELECT 1 FROM t PREWHERE 1', false)).toEqual(['SELECT 1 FROM t PREWHERE 1', []]);
  });
});

describe('checkWriterText', () => {
  const writer = (sql: string): number | undefined => {
    try {
      checkWriterText(readStatement(sql));
      return undefined;
    } catch (error) {
      return (error as Refusal).code;
    }
  };
  test.each([
    ['INSERT INTO url (a) VALUES (1)', undefined],
    ['CREATE TABLE file (a UInt8) ENGINE = Memory', undefined],
    ['SELECT t.url(1)', undefined],
    ['ALTER TABLE t UPDATE a = 1 WHERE 1', undefined],
    ['GRANT SELECT ON t TO x', 497],
    ['ATTACH TABLE t', 497],
    ['CREATE FUNCTION f AS x -> x', 497],
    ['SELECT s3Cluster(1)', 497],
    ["CREATE DICTIONARY d (a UInt8) PRIMARY KEY a SOURCE(HTTP(url 'x'))", 497],
    ["SELECT 'open", 62],
  ])('%s → %s', (sql, expected) => {
    expect(writer(sql)).toBe(expected);
  });
});
