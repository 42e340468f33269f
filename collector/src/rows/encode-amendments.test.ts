import { createEncodeAmendments } from './encode-amendments.ts';
import { checkedSpan } from './testing/checked-span.ts';
import { toSpanRow } from './to-span-row.ts';

describe('encodeAmendments', () => {
  const encode = createEncodeAmendments({ now: () => 1_772_445_601_234 });
  const before = toSpanRow(checkedSpan(), 1_772_445_600_000);
  const after = { ...before, billable: false, revision: 1 };

  it('makes one whole row and two signed ones of each amendment', () => {
    const tables = encode([
      { before, after, reason: 'settle' },
      { before, after, reason: 'settle' },
    ]);
    expect(tables.map(({ table, rows, partitions }) => ({ table, rows, partitions }))).toEqual([
      { table: 'spans', rows: 2, partitions: [400_002_931] },
      { table: 'span_amendments', rows: 4, partitions: [2931] },
    ]);
  });

  it('makes nothing of nothing', () => {
    expect(encode([])).toEqual([]);
  });

  it.each([
    ['another span', { spanId: '00f067aa0ba902b7' }, 'An amendment may not change which span it is'],
    ['another time', { timestampNs: before.timestampNs + 1n }, 'An amendment may not change which span it is'],
    ['the same revision', { revision: 0 }, 'An amendment must be the next revision'],
    ['a leap of revisions', { revision: 2 }, 'An amendment must be the next revision'],
  ])('refuses %s', (_, change, message) => {
    expect(() => encode([{ before, after: { ...after, ...change }, reason: 'x' }])).toThrow(message);
  });
});
