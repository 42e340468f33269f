import fc from 'fast-check';
import { Problem } from './problem.ts';
import { pageOfList, readCursor, toPage } from './page.ts';

const keyOf = (row: { at: number; id: string }): { timestamp: string; id: string } => ({
  timestamp: String(row.at),
  id: row.id,
});

it('walks through all rows, each once, in whatever size of page', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ at: fc.nat(5), id: fc.string() }), { selector: ({ at, id }) => `${at} ${id}` }),
      fc.integer({ min: 1, max: 4 }),
      (unsorted, limit) => {
        const before = (a: { at: number; id: string }, b: { at: number; id: string }): boolean =>
          a.at === b.at ? a.id < b.id : a.at < b.at;
        const rows = unsorted.toSorted((a, b) => (before(a, b) ? -1 : 1));
        const seen: unknown[] = [];
        let cursor: string | undefined;
        do {
          const key = readCursor(cursor);
          const rest = rows.filter((row) => !key || before({ at: Number(key.timestamp), id: key.id }, row));
          const page = toPage(rest.slice(0, limit + 1), limit, keyOf);
          seen.push(...page.items);
          cursor = page.next_cursor ?? undefined;
        } while (cursor !== undefined);
        expect(seen).toEqual(rows);
      }
    )
  );
});

it('walks through a list in memory, newest first, each once, in whatever order and size of page, also while items are added', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ at: fc.nat(5), id: fc.string() }), { selector: ({ at, id }) => `${at} ${id}` }),
      fc.integer({ min: 1, max: 4 }),
      (list, limit) => {
        const seen: { at: number; id: string }[] = [];
        let cursor: string | undefined;
        let turn = 0;
        do {
          const newer = Array.from({ length: turn }, (_, n) => ({ at: 6 + n, id: 'new' }));
          const all = turn % 2 === 0 ? [...list, ...newer] : [...newer, ...list.toReversed()];
          const page = pageOfList(all, { limit, ...(cursor === undefined ? {} : { cursor }) }, keyOf);
          seen.push(...page.items);
          cursor = page.next_cursor ?? undefined;
          turn += 1;
        } while (cursor !== undefined);
        expect(seen).toEqual(list.toSorted((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)));
      }
    )
  );
});

it.each([
  '',
  'x',
  'W10',
  Buffer.from('["1; DROP","a"]').toString('base64url'),
  Buffer.from('["1"]').toString('base64url'),
])('refuses the cursor %j that no page gave', (cursor) => {
  expect(() => readCursor(cursor)).toThrow(Problem);
});

it('takes no cursor as the first page', () => {
  expect(readCursor(undefined)).toBeUndefined();
});
