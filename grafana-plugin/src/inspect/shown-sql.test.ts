import { shownSql } from './shown-sql.ts';

const frame = (sql?: string) =>
  ({ fields: [], length: 0, meta: { executedQueryString: sql } }) as unknown as Parameters<typeof shownSql>[0][number];

describe('shownSql', () => {
  it('is what the data source sent', () => {
    expect(shownSql([frame(), frame(''), frame('SELECT 1'), frame('SELECT 2')])).toBe('SELECT 1');
  });

  it('is unknown without frames', () => {
    expect(shownSql([])).toBeUndefined();
  });
});
