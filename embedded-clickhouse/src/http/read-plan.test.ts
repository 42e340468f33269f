import { readPlan } from './read-plan.ts';

const plan = (url: string, body: string | Buffer = '', format?: string): unknown => {
  const { statement, insert } = readPlan(url, Buffer.from(body), format, 1000);
  return insert === undefined
    ? statement.text
    : [insert.target, insert.settings, insert.format, insert.data.toString('latin1')];
};

describe('readPlan', () => {
  test.each([
    ['SELECT 1', '', 'SELECT 1'],
    ['SELECT 1', ', 2', 'SELECT 1\n, 2'],
    ['', 'SELECT 1;', 'SELECT 1'],
    ['INSERT INTO t FORMAT CSV', '1\n', ['INSERT INTO t', '', 'CSV', '1\n']],
    [
      "INSERT INTO t (a, `ä`) SETTINGS x = 1, y = '(' FORMAT CSV  ",
      '1',
      ['INSERT INTO t (a, `ä`)', "SETTINGS x = 1, y = '('", 'CSV', '1'],
    ],
    ['INSERT INTO t values', '(1)', ['INSERT INTO t', '', 'Values', '(1)']],
    ['INSERT INTO t VALUES (1),', '(2)', ['INSERT INTO t', '', 'Values', '(1),\n(2)']],
    ['', 'INSERT INTO `ä` (a) FORMAT RowBinary\r\n\n\xff', ['INSERT INTO `ä` (a)', '', 'RowBinary', '\n\xff']],
    ['', 'INSERT INTO t FORMAT CSV 1,2', ['INSERT INTO t', '', 'CSV', '1,2']],
    ['INSERT INTO t SETTINGS x = 1', '(1)', ['INSERT INTO t', 'SETTINGS x = 1', 'Values', '(1)']],
    ['INSERT INTO t SELECT', '1', 'INSERT INTO t SELECT\n1'],
    ['', 'INSERT INTO t SELECT 1', 'INSERT INTO t SELECT 1'],
    ["INSERT INTO t FROM INFILE 'x' FORMAT CSV", '', "INSERT INTO t FROM INFILE 'x' FORMAT CSV"],
  ])('%j and %j', (url, body, expected) => {
    const bytes = body.includes('\xff')
      ? Buffer.concat([Buffer.from(body.slice(0, -1)), Buffer.from([0xff])])
      : Buffer.from(body);
    expect(plan(url, bytes)).toEqual(expected);
  });
  test('the format that is not stated comes from the request, if it is a name', () => {
    expect(plan('INSERT INTO t', '1', 'CSV')).toEqual(['INSERT INTO t', '', 'CSV', '1']);
    expect(plan('INSERT INTO t', '1', 'C SV')).toEqual(['INSERT INTO t', '', 'Values', '1']);
  });
  test.each([
    ['', '', 62],
    ['SELECT 1; SELECT 2', '', 62],
    ['SELECT 1', 'x'.repeat(1000), 229],
    ['', `INSERT INTO t SELECT '${'x'.repeat(1000)}'`, 229],
  ])('%j and a body are refused', (url, body, code) => {
    let seen: unknown;
    try {
      plan(url, body);
    } catch (error) {
      seen = error;
    }
    expect(seen).toMatchObject({ code });
  });
});
