import { keyTable, tableKeys } from './key-table.ts';

describe('the table of key shapes', () => {
  it.each(keyTable.map((row, index) => [row[0], row, index] as const))(
    '%s finds its example and not its counterexample',
    (_, row, index) => {
      const [, prefixes, , , , positive, negative] = row;
      const detector = tableKeys[index];
      for (const prefix of prefixes) {
        const text = `use ${prefix}${positive} now`;
        expect(detector?.find(text, [4], { steps: 0 }).map(({ start, end }) => text.slice(start, end))).toEqual([
          `${prefix}${positive}`,
        ]);
        expect(detector?.find(`use ${prefix}${negative} now`, [4], { steps: 0 })).toEqual([]);
      }
    }
  );

  it('has one row for each rule', () => {
    expect(new Set(keyTable.map(([rule]) => rule)).size).toBe(keyTable.length);
  });
});
