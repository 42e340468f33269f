import { formatDriftCsv, formatReconciliation } from './format-drift.ts';
import type { InvoiceClass, InvoiceKind } from './invoice-line.ts';
import { reconcile } from './reconcile.ts';
import type { InvoiceTotals, SpanTotals } from './reconcile.ts';

const DAY = '2026-03-02';
const USD = 10n ** 12n;

function billed(
  kind: InvoiceKind,
  each: InvoiceClass,
  value: number,
  fields: Partial<InvoiceTotals> = {}
): InvoiceTotals {
  const amounts =
    kind === 'usage'
      ? { quantity: value, costPico: 0n }
      : { quantity: 0, costPico: BigInt(Math.round(value * 1e6)) * 1_000_000n };
  return { day: DAY, model: 'openai/gpt-4o', tier: 'standard', kind, class: each, ...amounts, ...fields };
}

function seen(fields: Partial<SpanTotals> = {}): SpanTotals {
  return {
    day: DAY,
    model: 'openai/gpt-4o',
    tier: 'standard',
    calls: 10,
    unpricedCalls: 0,
    noUsageCalls: 0,
    quantities: { input: 600, cache_read: 400, output: 300, requests: 10 },
    costsPico: { input: 600n * 2_500_000n, cache_read: 400n * 1_250_000n, output: 300n * 10_000_000n, other: 0n },
    ...fields,
  };
}

const USAGE = [billed('usage', 'input', 600), billed('usage', 'cache_read', 400), billed('usage', 'output', 300)];
// 600 × 2.5 + 400 × 1.25 + 300 × 10 millionths, a thousand times as much so that cents show.
const COST = [billed('cost', 'input', 1.5), billed('cost', 'cache_read', 0.5), billed('cost', 'output', 3)];
const MANY = seen({ costsPico: { input: (15n * USD) / 10n, cache_read: USD / 2n, output: 3n * USD } });

function causesOf(invoice: readonly InvoiceTotals[], spans: readonly SpanTotals[]): readonly string[] {
  return reconcile(invoice, spans, 1).drifting.flatMap(({ causes }) => causes);
}

it('finds agreement in quantities and money', () => {
  expect(reconcile([...USAGE, ...COST], [MANY], 0)).toEqual({
    compared: 6,
    drifting: [],
    billedPico: 5n * USD,
    seenPico: 5n * USD,
  });
});

it('compares only what the invoice says: quantities, money, requests', () => {
  expect(reconcile(USAGE, [MANY], 0).compared).toBe(3);
  expect(reconcile([...USAGE, billed('usage', 'requests', 10)], [MANY], 0).compared).toBe(4);
  expect(reconcile(COST, [MANY], 0).compared).toBe(3);
});

it.each<[string, InvoiceTotals[], SpanTotals[], string]>([
  ['nothing was received', USAGE, [], 'missing spans: no call to this model was received on that day'],
  [
    'a model is not on the invoice',
    [...USAGE.map((line) => ({ ...line, model: 'openai/o3' }))],
    [seen(), seen({ model: 'openai/o3' })],
    'not on the invoice',
  ],
  [
    'a tenth of the tokens is missing',
    USAGE,
    [seen({ quantities: { input: 540, cache_read: 360, output: 270 } })],
    'missing spans: 10.0 % of the billed tokens were not received',
  ],
  [
    'calls are counted twice',
    USAGE,
    [seen({ quantities: { input: 1200, cache_read: 800, output: 600 } })],
    'more tokens than billed (100.0 %)',
  ],
  [
    'a model has no price',
    COST,
    [seen({ unpricedCalls: 10, costsPico: {} })],
    'unpriced model: 10 of 10 calls have no known price',
  ],
  [
    'calls came without usage',
    USAGE,
    [seen({ noUsageCalls: 4, quantities: { input: 300 } })],
    'missing usage: 4 of 10 calls',
  ],
  [
    'cached tokens are in the wrong class',
    USAGE,
    [seen({ quantities: { input: 1000, output: 300 } })],
    'cache class: the same input tokens',
  ],
  [
    'a batch was billed as such',
    [...USAGE, ...COST].map((line) => ({ ...line, tier: 'batch', costPico: line.costPico / 2n })),
    [MANY],
    'tier: billed as batch, which no span says',
  ],
  [
    'the price differs',
    [...USAGE, ...COST.map((line) => ({ ...line, costPico: line.costPico / 2n }))],
    [MANY],
    'price or tier: the same tokens at 2.000 times the billed price',
  ],
])('says why when %s', (_name, invoice, spans, cause) => {
  expect(causesOf(invoice, spans)[0]).toContain(cause);
});

it('puts one-hour writes, audio and searches into the money of their part', () => {
  const invoice = [
    billed('cost', 'cache_write', 1),
    billed('cost', 'cache_write_1h', 2),
    billed('cost', 'audio_input', 4),
    billed('cost', 'searches', 8),
  ];
  const spans = [seen({ costsPico: { input: 4n * USD, cache_write: 3n * USD, other: 8n * USD } })];
  expect(reconcile(invoice, spans, 0)).toMatchObject({ compared: 3, drifting: [] });
});

it('takes less than half a cent, and what the tolerance allows, for agreement', () => {
  const off = (costsPico: SpanTotals['costsPico']) =>
    reconcile([billed('cost', 'input', 100)], [seen({ costsPico })], 1).drifting.length;
  expect([off({ input: 101n * USD }), off({ input: 101n * USD + 1n }), off({ input: 99n * USD })]).toEqual([0, 1, 0]);
  expect(reconcile([billed('cost', 'input', 0.004)], [seen({ costsPico: {} })], 0).drifting).toEqual([]);
});

describe('what a person reads', () => {
  const result = reconcile(
    [...USAGE, ...COST],
    [seen({ ...MANY, quantities: { input: 540, cache_read: 360, output: 270 } })],
    1
  );

  it('shows both sides, the drift in numbers and percent, the cause and the sums', () => {
    expect(formatReconciliation(result)).toEqual([
      '2026-03-02  openai/gpt-4o',
      '  input          count  billed 600, seen 540, drift -60 (-10.0 %)',
      '  cache_read     count  billed 400, seen 360, drift -40 (-10.0 %)',
      '  output         count  billed 300, seen 270, drift -30 (-10.0 %)',
      '  likely missing spans: 10.0 % of the billed tokens were not received',
      '6 classes compared, 1 days of models differ; billed 5 USD, seen 5 USD',
    ]);
  });

  it('writes CSV whose cells no spreadsheet runs', () => {
    const evil = reconcile([billed('usage', 'input', 5, { model: '=cmd|"/c calc"!A1' })], [], 0);
    expect(formatDriftCsv(evil.drifting)).toEqual([
      'day,model,kind,class,billed,seen,drift,likely_cause',
      `2026-03-02,"'=cmd|""/c calc""!A1",usage,input,5,0,-5,missing spans: no call to this model was received on that day`,
    ]);
    expect(
      formatReconciliation(reconcile([billed('usage', 'input', 5, { model: '\u001b[2J' })], [], 0))[0]
    ).not.toContain('\u001b');
  });
});
