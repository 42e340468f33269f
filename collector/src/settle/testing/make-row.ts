import { toSpanRow } from '../../rows/to-span-row.ts';
import type { GenAiSpan } from '../../span.ts';
import type { SpanRow } from '../../span-row.ts';
import { makeSpan } from './make-span.ts';

/** A stored row of `makeSpan(overrides)`, costing 1 micro-dollar when billable. */
export function makeRow(overrides: Partial<GenAiSpan> = {}): SpanRow {
  const span = makeSpan(overrides);
  return priceRow(
    toSpanRow({ span, cost: NOTHING, guardAction: 'none', guardRules: [], findings: [] }, 1_795_253_930_000)
  );
}

const NOTHING = {
  state: 'not_billable',
  priceId: '',
  totalPico: 0n,
  inputPico: 0n,
  outputPico: 0n,
  cacheReadPico: 0n,
  cacheWritePico: 0n,
  requestPico: 0n,
  cacheSavingsPico: 0n,
  reportedPico: 0n,
  clamped: false,
} as const;

/** A price that a test can follow by hand: 1 micro-dollar a call. */
export function priceRow(row: SpanRow): SpanRow {
  const costPico = row.billable ? 1_000_000n : 0n;
  return { ...row, costPico, inputCostPico: costPico, costState: row.billable ? 'computed' : 'not_billable' };
}
