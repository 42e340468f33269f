import { keepsPrefilledSql } from './keeps-prefilled-sql.ts';

describe('keepsPrefilledSql', () => {
  it.each([
    ['12.3.0', false],
    ['12.3.1', false],
    ['12.3.1-pre', false],
    ['12.3.2', true],
    ['12.3.2+security-01', true],
    ['12.4.0', true],
    ['13.0.0', true],
    ['12.2.9', false],
    ['12.10', true],
    ['11.6.5', false],
  ])('%s: %s', (version, expected) => {
    expect(keepsPrefilledSql(version)).toBe(expected);
  });
});
