import fc from 'fast-check';
import { rememberByNames } from './remember-by-names.ts';

describe('rememberByNames', () => {
  it('answers as the function itself, also with undefined, and asks it once while there is room', () => {
    const name = fc.constantFrom('', 'a', 'b', 'toolong');
    fc.assert(
      fc.property(fc.array(fc.tuple(name, name, name), { maxLength: 60 }), (calls) => {
        const asked: string[] = [];
        const find = (...names: readonly [string, string, string]): string | undefined => {
          asked.push(names.join('|'));
          return names[1] === 'b' ? undefined : names.join('|');
        };
        const remembered = rememberByNames(1_000, 6, find);
        for (const names of calls) expect(remembered(...names)).toBe(names[1] === 'b' ? undefined : names.join('|'));
        const short = asked.filter((names) => !names.includes('toolong'));
        expect(short.length).toBe(new Set(short).size);
        expect(asked.length - short.length).toBe(calls.filter((names) => names.includes('toolong')).length);
      })
    );
  });

  it('forgets all when it has remembered as much as it may', () => {
    let asked = 0;
    const remembered = rememberByNames(2, 9, () => (asked += 1));
    expect(['a', 'b', 'a', 'c', 'c', 'a'].map((name) => remembered(name, '', ''))).toEqual([1, 2, 1, 3, 3, 4]);
  });
});
