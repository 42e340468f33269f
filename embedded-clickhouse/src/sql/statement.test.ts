import { readStatement } from './statement.ts';

const view = (sql: string): Record<string, unknown> => {
  const { tokens, ...rest } = readStatement(sql);
  return { ...rest, count: tokens.length };
};

describe('readStatement', () => {
  test('knows reads, changes and session statements by their first word', () => {
    expect(view('SELECT 1;;')).toEqual({
      kind: 'read',
      verb: 'SELECT',
      text: 'SELECT 1',
      understood: true,
      data: 'none',
      count: 2,
    });
    expect(view('/* x */ with 1 as a select a')).toMatchObject({ kind: 'read', verb: 'WITH' });
    expect(view('(SELECT 1)')).toMatchObject({ kind: 'read', verb: '(' });
    expect(view('1 + 1')).toMatchObject({ kind: 'read', verb: 'EXPRESSION' });
    expect(view('DROP TABLE x')).toMatchObject({ kind: 'change', verb: 'DROP' });
    expect(view('set a = 1')).toMatchObject({ kind: 'session', verb: 'SET' });
    expect(view(' -- nothing')).toMatchObject({ kind: 'read', verb: '' });
  });
  test('finds a second statement behind a semicolon, and not one within a string', () => {
    expect(view('SELECT 1; DROP TABLE x')).toMatchObject({ second: 10 });
    expect(view("SELECT 'a; b'").second).toBeUndefined();
    expect(view('INSERT INTO t SELECT 1; SELECT 2')).toMatchObject({ second: 24 });
    expect(view('INSERT INTO t SELECT 1;')).toMatchObject({ data: 'none', text: 'INSERT INTO t SELECT 1' });
  });
  test('finds the FORMAT clause at the end only', () => {
    expect(readStatement('SELECT 1 FORMAT JSON').format).toEqual({ name: 'JSON', index: 2 });
    expect(readStatement('SELECT 1 format TSV SETTINGS max_threads = 1').format).toEqual({ name: 'TSV', index: 2 });
    expect(readStatement("SELECT format('{}', 1)").format).toBeUndefined();
    expect(readStatement('SELECT (SELECT 1 FORMAT TSV)').format).toBeUndefined();
    expect(readStatement('SELECT 1 AS format FROM t').format).toBeUndefined();
  });
  test('never looks at the data of an INSERT', () => {
    expect(view('INSERT INTO t (a, b) FORMAT RowBinary \u0000\u0001;$')).toMatchObject({
      kind: 'insert',
      data: 'stated',
      understood: true,
      count: 10,
    });
    expect(view('INSERT INTO t VALUES (1); DROP TABLE t')).toMatchObject({ data: 'stated', understood: true });
    expect(view('INSERT INTO t (format, values) VALUES')).toMatchObject({ data: 'stated' });
    expect(view('INSERT INTO t')).toMatchObject({ data: 'unstated', understood: true });
    expect(view('INSERT INTO t SELECT 1')).toMatchObject({ data: 'none' });
    expect(view("INSERT INTO t FROM INFILE 'x' FORMAT CSV")).toMatchObject({ data: 'none' });
    expect(
      view(`INSERT INTO t (${Array.from({ length: 300 }, (_, index) => `c${index}`).join(', ')}) FORMAT Native`)
    ).toMatchObject({ data: 'stated', count: 606 });
    expect(view('INSERT INTO t $')).toMatchObject({ understood: false });
  });
  test('says when it could not read to the end', () => {
    expect(view("SELECT 'open")).toMatchObject({ understood: false, text: "SELECT 'open" });
  });
});
