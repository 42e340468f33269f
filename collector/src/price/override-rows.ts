import { divideHalfEven, formatScaled, parseDecimal } from './decimal.ts';
import { overridePriceId } from './price-override.ts';
import type { OverrideKind, PriceOverride } from './price-override.ts';

/** Digits after the point of the table's decimals. */
const PLACES = 12;
const SECONDS_PER_HOUR = 3_600n;

/** A row of `genai.prices` that an override is kept in, one for each unit. */
export interface OverrideRow {
  readonly workspace: string;
  readonly provider: string;
  readonly model: string;
  readonly price_id: string;
  readonly valid_from: string;
  readonly valid_to: string;
  readonly unit: string;
  readonly tier_start_tokens: number;
  readonly usd_per_million: string;
  readonly source: string;
  readonly note: string;
  readonly updated_by: string;
  readonly kind: OverrideKind;
  readonly region: string;
  readonly service_tier: string;
  readonly amount: string;
  readonly currency: string;
  readonly usd_rate: string;
  readonly rate_date: string;
  readonly gpus: number;
  readonly parallel_calls: number;
}

/** The same as it is read back, with the time at which it was written, Unix milliseconds. */
export type StoredOverrideRow = OverrideRow & { readonly updated_at_ms: string };

/** The rows of an override. */
export function overrideRows(override: PriceOverride): readonly OverrideRow[] {
  return Object.entries(override.amounts).map(([unit, amount]) => ({
    workspace: override.workspace,
    provider: override.provider,
    model: override.model,
    price_id: overridePriceId(override),
    valid_from: override.validFrom,
    valid_to: override.validTo,
    unit,
    tier_start_tokens: 0,
    usd_per_million: usdPerMillion(override, unit),
    source: override.source,
    note: override.note,
    updated_by: override.updatedBy,
    kind: override.kind,
    region: override.region,
    service_tier: override.serviceTier,
    amount,
    currency: override.currency,
    usd_rate: override.usdRate,
    rate_date: override.rateDate,
    gpus: override.gpus,
    parallel_calls: override.parallelCalls,
  }));
}

/** US dollars per million of a unit, decimal text rounded half-even to 12 digits; 0 for a percentage. */
export function usdPerMillion({ kind, amounts, usdRate }: PriceOverride, unit: string): string {
  if (kind === 'percent_off') return '0';
  const amount = parseDecimal(amounts[unit] ?? '0')!;
  const rate = parseDecimal(usdRate)!;
  const [times, by] = kind === 'gpu_hour' ? [1_000_000n, SECONDS_PER_HOUR] : [1n, 1n];
  const numerator = amount.numerator * rate.numerator * times * 10n ** BigInt(PLACES);
  return formatScaled(divideHalfEven(numerator, amount.denominator * rate.denominator * by), PLACES);
}

/** The overrides that rows make, each id of a workspace in its latest version. Rows that are no override of ours are left out. */
export function overridesOf(rows: readonly StoredOverrideRow[]): readonly PriceOverride[] {
  const versions = new Map<string, PriceOverride & { amounts: Record<string, string> }>();
  for (const row of rows) {
    const [, id, version] = /^override\/([^@]+)@(.+)$/.exec(row.price_id) ?? [];
    if (id === undefined || version === undefined) continue;
    const key = `${row.workspace}\n${row.price_id}\n${row.source}`;
    const known = versions.get(key);
    if (known !== undefined) known.amounts[row.unit] = row.amount;
    else
      versions.set(key, {
        id,
        version,
        source: row.source === 'file' ? 'file' : 'override',
        workspace: row.workspace,
        provider: row.provider,
        model: row.model,
        region: row.region,
        serviceTier: row.service_tier,
        validFrom: row.valid_from,
        validTo: row.valid_to,
        kind: row.kind,
        amounts: { [row.unit]: row.amount },
        gpus: row.gpus,
        parallelCalls: row.parallel_calls,
        currency: row.currency,
        usdRate: row.usd_rate,
        rateDate: row.rate_date,
        note: row.note,
        updatedBy: row.updated_by,
        updatedAtMs: Number(row.updated_at_ms),
      });
  }
  const latest = new Map<string, PriceOverride>();
  for (const override of versions.values()) {
    const key = `${override.workspace}\n${override.id}`;
    const known = latest.get(key);
    if (known === undefined || known.updatedAtMs < override.updatedAtMs) latest.set(key, override);
  }
  return [...latest.values()].sort((a, b) => (a.workspace + a.id < b.workspace + b.id ? -1 : 1));
}
