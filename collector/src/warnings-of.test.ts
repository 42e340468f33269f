import { warningsOf } from './warnings-of.ts';

function warnings(
  state: {
    readonly trouble?: string;
    readonly isFull?: boolean;
    readonly oldestMs?: number;
    readonly damagedRanges?: number;
    readonly troubles?: ReadonlyMap<string, object>;
  } = {}
): readonly string[] {
  return warningsOf(
    { trouble: () => state.trouble ?? '' },
    {
      isFull: () => state.isFull ?? false,
      stats: () => ({ isRefusing: false, damagedRanges: state.damagedRanges ?? 0 }),
      backlog: () => ({ oldestMs: state.oldestMs ?? 0 }),
    } as never,
    { stats: () => ({ troubles: state.troubles ?? new Map() }) } as never
  );
}

test('a collector that delivers has nothing to say', () => {
  expect(warnings({ oldestMs: 60_000 })).toEqual([]);
});

test('everything that is wrong is said, also a store that takes rows and never answers', () => {
  const troubles = new Map([['spans', { table: 'spans', reaction: 'hold', name: 'UNKNOWN_TABLE' }]]);
  expect(warnings({ trouble: 'no schema', isFull: true, oldestMs: 61_400, damagedRanges: 2, troubles })).toEqual([
    'no schema',
    'the ledger is full: senders are asked to wait',
    'the oldest rows have waited 61 s for the store',
    '2 damaged ranges of the ledger were passed over; copies are in its folder quarantine',
    'rows of spans are held until an operator mends the store: UNKNOWN_TABLE',
  ]);
});
