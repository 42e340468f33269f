import fc from 'fast-check';
import { splitStatements } from './split-statements.ts';

describe('splitStatements', () => {
  it('splits at semicolons outside of quotes and comments', () => {
    const sql = [
      '-- first; not a statement\nSELECT \'a;b\', "c;d", `e;f`; /* ; */',
      "SELECT 'it''s; \\'quoted\\'' -- with a comment; inside\n, 2;",
      ';;\nSELECT 3',
    ].join('\n');
    expect(splitStatements(sql).map((statement) => statement.text)).toEqual([
      'SELECT \'a;b\', "c;d", `e;f`',
      "SELECT 'it''s; \\'quoted\\'' -- with a comment; inside\n, 2",
      'SELECT 3',
    ]);
  });

  it('marks the statement after a cluster mark, and only that one', () => {
    const marks = splitStatements('SELECT 1;\n-- @cluster\n-- why\nSELECT 2;\nSELECT 3;').map((s) => s.clusterOnly);
    expect(marks).toEqual([false, true, false]);
  });

  it.each(["SELECT 'a;", 'SELECT "a;', 'SELECT `a', 'SELECT 1 /* ;', "SELECT 'a\\'"])(
    'refuses the unclosed %s',
    (sql) => {
      expect(() => splitStatements(sql)).toThrow('is not closed');
    }
  );

  it('finds nothing in white space and comments', () => {
    expect(splitStatements(' \n-- a;\n/* b; */ ; \n')).toEqual([]);
  });

  it('gives back quoted text of any kind unharmed', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
        const statements = texts.map((text) => `SELECT '${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`);
        expect(splitStatements(statements.join(';\n')).map((statement) => statement.text)).toEqual(statements);
      })
    );
  });
});
