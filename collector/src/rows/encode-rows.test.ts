import type { Checked } from '../span.ts';
import { createEncodeRows } from './encode-rows.ts';
import { checkedSpan, contentFragment, finding, SPAN_TIME_NS } from './testing/checked-span.ts';
import { toSpanRow } from './to-span-row.ts';

const NOTHING: Checked = { spans: [], others: [], fragments: [], scores: [], findings: [] };
const WEEK_NS = 7n * 86_400_000_000_000n;

const summary = (tables: ReturnType<ReturnType<typeof createEncodeRows>>) =>
  tables.map(({ table, rows, partitions }) => ({ table, rows, partitions }));

describe('encodeRows', () => {
  const encode = createEncodeRows({ now: () => 1_772_445_601_234 });

  it('makes no rows of nothing', () => {
    expect(encode(NOTHING)).toEqual([]);
  });

  it('makes one block per table, spans last, and names the partitions they touch', () => {
    const spans = [0n, 1n, WEEK_NS].map((later) =>
      checkedSpan({
        span: { timestampNs: SPAN_TIME_NS + later, fragments: [contentFragment()] },
        findings: [finding()],
      })
    );
    const fragments = [{ ...contentFragment(), workspace: 'acme', retentionDays: 90 }];
    expect(summary(encode({ ...NOTHING, spans, fragments, findings: [finding()] }))).toEqual([
      { table: 'content_fragments', rows: 4, partitions: [30_020_514] },
      { table: 'findings', rows: 4, partitions: [400_202_603] },
      { table: 'spans', rows: 3, partitions: [400_002_931, 400_002_932] },
    ]);
  });

  it('keeps content no longer than its span and no longer than content may live', () => {
    const of = (contentRetentionDays: number) =>
      createEncodeRows({ now: () => 0, contentRetentionDays })({
        ...NOTHING,
        spans: [checkedSpan({ span: { retentionDays: 30, fragments: [contentFragment()] } })],
      })[0]!.partitions;
    expect([of(7), of(90)]).toEqual([[7_020_514], [30_020_514]]);
  });

  it('keeps the bytes of one call apart from those of the next', () => {
    const first = encode({ ...NOTHING, spans: [checkedSpan()] })[0]!;
    const copy = Buffer.from(first.bytes);
    encode({ ...NOTHING, spans: [checkedSpan({ span: { workspace: 'other' } })] });
    expect(copy.equals(first.bytes)).toBe(true);
  });
});

describe('toSpanRow', () => {
  it('keeps the region that the price may depend on, and marks a cost that was cut to its range', () => {
    const attributes = new Map([['a', 'b']]);
    const row = (clamped: boolean) => toSpanRow(checkedSpan({ span: { attributes }, cost: { clamped } }), 0);
    expect([row(false).attributes, row(true).attributes]).toEqual([
      new Map([
        ['a', 'b'],
        ['cloud.region', 'eu-central-1'],
      ]),
      new Map([
        ['a', 'b'],
        ['cloud.region', 'eu-central-1'],
        ['spanledger.cost_clamped', 'true'],
      ]),
    ]);
  });
});
