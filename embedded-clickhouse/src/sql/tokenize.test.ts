import fc from 'fast-check';
import { canonicalSql } from './canonical-sql.ts';
import { tokenize } from './tokenize.ts';

const texts = (sql: string): string[] => tokenize(sql).tokens.map(({ text }) => text);

describe('tokenize', () => {
  test('splits words, numbers, quotes and symbols', () => {
    expect(texts("SELECT a.b, 'it''s \\' ;', \"q\"\"i\", `x`, 1.5e-3, 0xFF, .5, {p:UInt8}::Int8 || x->y >= 2")).toEqual([
      'SELECT', 'a', '.', 'b', ',', "'it''s \\' ;'", ',', '"q""i"', ',', '`x`', ',', '1.5e-3', ',', '0xFF', ',', '.5', ',', '{', 'p', ':', 'UInt8', '}', '::', 'Int8', '||', 'x', '->', 'y', '>=', '2',
    ]); // prettier-ignore
    expect(tokenize("x'AB' 1abc").tokens.map(({ kind }) => kind)).toEqual(['string', 'word']);
  });
  test('leaves out blanks and comments, also nested ones', () => {
    expect(texts('SELECT -- one\n 1 // two\n # three\n #! four\n /* five /* six */ ; */ , 2')).toEqual([
      'SELECT',
      '1',
      ',',
      '2',
    ]);
  });
  test.each([
    ['SELECT ʼ', 7],
    ["SELECT 'open", 7],
    ['SELECT $x$ ; $x$', 7],
    ['SELECT 1 /* open', 16],
    ['#hello', 0],
    ['\\G', 0],
    ['SELECT \0', 7],
  ])('stops where it is not certain: %s', (sql, at) => {
    expect(tokenize(sql).stoppedAt).toBe(at);
  });
  test('reads no more elements than asked for', () => {
    expect(tokenize('a b c d', 2).tokens.map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe('canonicalSql', () => {
  const canonical = (sql: string): string => canonicalSql(tokenize(sql).tokens);
  test('drops comments and escapes what could end a quote or a statement', () => {
    expect(canonical("SELECT/**/'a;b--', 'it''s', '\\'', '\\\\', '\\n\\%', '\\d', \"x;y\", `p``q`, x'41' -- end")).toBe(
      "SELECT 'a\\x3bb\\x2d\\x2d' , 'it\\x27s' , '\\x27' , '\\x5c' , '\\n\\%' , '\\x5cd' , `x\\x3by` , `p\\x60q` , x'41'"
    );
    expect(canonical("'ä\\ä\\/'")).toBe("'ä\\x5cä\\x2f'");
  });
  test('is the same when it is read again, and holds a semicolon only as an element', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("'", '"', '`', '\\', ';', '-', '/', '*', '#', ' ', 'a', '1', '(', '\n', 'ä', '$'), {
          maxLength: 30,
        }),
        (parts) => {
          const { tokens, stoppedAt } = tokenize(parts.join(''));
          if (stoppedAt !== undefined) return;
          const once = canonicalSql(tokens);
          const again = tokenize(once);
          expect(again.stoppedAt).toBeUndefined();
          expect(canonicalSql(again.tokens)).toBe(once);
          expect(once.split(';').length - 1).toBe(tokens.filter(({ text }) => text === ';').length);
        }
      ),
      { numRuns: 2000 }
    );
  });
});
