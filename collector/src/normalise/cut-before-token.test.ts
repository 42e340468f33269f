import { cutBeforeToken } from './cut-before-token.ts';

describe('a text that is cut', () => {
  it.each([
    ['short', 10, 'short'],
    ['one two three', 7, 'one two'],
    ['one two three', 9, 'one two '],
    ['note of AIzaSyA5iVawFQ8A', 16, 'note of '],
    ['{"key":"AIzaSyA5iVawFQ8A"}', 16, '{"key":"'],
    ['x'.repeat(20), 16, 'x'.repeat(16)],
    [`a ${'x'.repeat(900)}`, 800, `a ${'x'.repeat(798)}`],
    ['', 0, ''],
  ])('keeps no half of a word: %s to %d', (text, max, expected) => {
    expect(cutBeforeToken(text, max)).toBe(expected);
  });
});
