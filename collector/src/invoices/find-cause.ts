import type { Drift, InvoiceTotals, SpanTotals } from './reconcile.ts';

/** Two ratios are the same within half a percent. */
const NEAR = 0.005;
/** Cached and uncached input together differ by less than this: then only the class differs. */
const SAME_TOTAL = 0.001;
const PERCENT = 100;

/**
 * Why an invoice and the spans of one day and model differ, most telling first; never empty. Causes are guesses from what the two sides say:
 * spans that are missing, calls without a price or without usage, another tier, another cache class, a price that differs.
 */
export function findCause(
  drifts: readonly Drift[],
  all: readonly Drift[],
  invoice: readonly InvoiceTotals[],
  spans: readonly SpanTotals[]
): readonly string[] {
  const calls = total(spans.map((each) => each.calls));
  if (calls === 0) return ['missing spans: no call to this model was received on that day'];
  if (invoice.length === 0) return ['not on the invoice: billed by another account or provider, or not billed'];
  const causes: string[] = [];
  const unpriced = total(spans.map((each) => each.unpricedCalls));
  if (unpriced > 0) causes.push(`unpriced model: ${unpriced} of ${calls} calls have no known price`);
  const silent = total(spans.map((each) => each.noUsageCalls));
  if (silent > 0) causes.push(`missing usage: ${silent} of ${calls} calls came without token counts`);
  const tier = tierCause(invoice, spans);
  if (tier !== undefined) causes.push(tier);
  if (isCacheClass(drifts, all))
    causes.push('cache class: the same input tokens, divided differently into uncached, read and written');
  const tokens = ratio(all.filter(({ kind, class: each }) => kind === 'usage' && each !== 'requests'));
  if (tokens !== undefined && tokens < 1 - NEAR && silent === 0) {
    causes.push(`missing spans: ${((1 - tokens) * PERCENT).toFixed(1)} % of the billed tokens were not received`);
  }
  if (tokens !== undefined && tokens > 1 + NEAR) {
    causes.push(
      `more tokens than billed (${((tokens - 1) * PERCENT).toFixed(1)} %): calls counted twice, or billed elsewhere`
    );
  }
  const money = ratio(all.filter(({ kind }) => kind === 'cost'));
  const sameTokens = tokens !== undefined && Math.abs(tokens - 1) <= NEAR;
  if (causes.length === 0 && money !== undefined && sameTokens) {
    causes.push(
      `price or tier: the same tokens at ${money.toFixed(3)} times the billed price (a discount, a tier that spans do not name, or a late price)`
    );
  }
  if (causes.length === 0 && money !== undefined) {
    causes.push(
      money < 1
        ? `missing spans, tier or price: ${money.toFixed(3)} of the billed amount; import the usage export too to tell which`
        : `tier, discount or calls counted twice: ${money.toFixed(3)} times the billed amount; import the usage export too to tell which`
    );
  }
  return causes.length === 0 ? ['unknown: compare the single calls of that day'] : causes;
}

function tierCause(invoice: readonly InvoiceTotals[], spans: readonly SpanTotals[]): string | undefined {
  const [billed, seen] = [tiersOf(invoice), tiersOf(spans)];
  const unseen = [...billed].filter((each) => !seen.has(each));
  const unbilled = [...seen].filter((each) => !billed.has(each) && each !== 'standard');
  if (unseen.some((each) => each !== 'standard')) return `tier: billed as ${unseen.join(', ')}, which no span says`;
  // Exports of money often leave the tier out.
  const namesTiers = [...billed].some((each) => each !== 'standard') || invoice.some(({ kind }) => kind === 'usage');
  return unbilled.length > 0 && namesTiers ? `tier: spans say ${unbilled.join(', ')}, which was not billed` : undefined;
}

function tiersOf(rows: readonly { readonly tier: string }[]): ReadonlySet<string> {
  return new Set(rows.map(({ tier }) => tier));
}

const INPUTS = new Set(['input', 'cache_read', 'cache_write', 'cache_write_1h']);

function isCacheClass(drifts: readonly Drift[], all: readonly Drift[]): boolean {
  const input = (rows: readonly Drift[]): readonly Drift[] =>
    rows.filter(({ kind, class: each }) => kind === 'usage' && INPUTS.has(each));
  if (input(drifts).length < 2) return false;
  const same = ratio(input(all));
  return same !== undefined && Math.abs(same - 1) <= SAME_TOTAL;
}

/** Seen over billed; `undefined` when nothing was billed. */
function ratio(rows: readonly Drift[]): number | undefined {
  const billed = rows.reduce((sum, row) => sum + row.billed, 0n);
  const seen = rows.reduce((sum, row) => sum + row.seen, 0n);
  return billed <= 0n ? undefined : Number(seen) / Number(billed);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
