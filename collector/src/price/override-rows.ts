import { divideHalfEven, formatScaled, parseDecimal } from './decimal.ts';
import { hoursPriceId, overridePriceId } from './price-override.ts';
import type { OverrideHours, OverrideKind, OverrideTier, PriceOverride } from './price-override.ts';

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
export type StoredOverrideRow = Omit<OverrideRow, 'tier_start_tokens'> & {
  readonly updated_at_ms: string;
  /** The store writes 64-bit numbers as text. */
  readonly tier_start_tokens: number | string;
};

/** The rows of an override: those of long requests have the length in `tier_start_tokens`, those of some hours a price id of their own. */
export function overrideRows(override: PriceOverride): readonly OverrideRow[] {
  const priceId = overridePriceId(override);
  return [
    ...rowsOf(override, priceId, 0, override.amounts),
    ...(override.tiers ?? []).flatMap((tier) => rowsOf(override, priceId, tier.aboveInputTokens, tier.amounts)),
    ...(override.hours ?? []).flatMap((part) => rowsOf(override, hoursPriceId(override, part), 0, part.amounts)),
  ];
}

function rowsOf(
  override: PriceOverride,
  priceId: string,
  above: number,
  amounts: Readonly<Record<string, string>>
): readonly OverrideRow[] {
  return Object.entries(amounts).map(([unit, amount]) => ({
    workspace: override.workspace,
    provider: override.provider,
    model: override.model,
    price_id: priceId,
    valid_from: override.validFrom,
    valid_to: override.validTo,
    unit,
    tier_start_tokens: above,
    usd_per_million: usdPerMillion(override, amount),
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

/** US dollars per million of a unit with this amount, decimal text rounded half-even to 12 digits; 0 for a percentage. */
export function usdPerMillion({ kind, usdRate }: PriceOverride, amountText: string): string {
  if (kind === 'percent_off') return '0';
  const amount = parseDecimal(amountText)!;
  const rate = parseDecimal(usdRate)!;
  const [times, by] = kind === 'gpu_hour' ? [1_000_000n, SECONDS_PER_HOUR] : [1n, 1n];
  const numerator = amount.numerator * rate.numerator * times * 10n ** BigInt(PLACES);
  return formatScaled(divideHalfEven(numerator, amount.denominator * rate.denominator * by), PLACES);
}

type Amounts = Record<string, string>;
type Gathered = Omit<PriceOverride, 'tiers' | 'hours'> & {
  readonly amounts: Amounts;
  readonly tiers: Map<number, Amounts>;
  readonly hours: Map<string, Amounts>;
};

const PRICE_ID = /^override\/([^@]+)@([^~]+)(?:~(\d\d:\d\d-\d\d:\d\d))?$/;

/**
 * The overrides that rows make, every version of every id, sorted by workspace, id and time. Rows that are no override of ours, and
 * versions that lack the rows every price has, are left out.
 */
export function overridesOf(rows: readonly StoredOverrideRow[]): readonly PriceOverride[] {
  const versions = new Map<string, Gathered>();
  for (const row of rows) {
    const [, id, version, hours] = PRICE_ID.exec(row.price_id) ?? [];
    if (id === undefined || version === undefined) continue;
    const key = `${row.workspace}\n${id}\n${version}\n${row.source}`;
    const gathered = versions.get(key) ?? gather(row, id, version);
    versions.set(key, gathered);
    const above = Number(row.tier_start_tokens);
    if (hours !== undefined) addTo(gathered.hours, hours, row);
    else if (above > 0) addTo(gathered.tiers, above, row);
    else gathered.amounts[row.unit] = row.amount;
  }
  return [...versions.values()]
    .filter(({ amounts }) => Object.keys(amounts).length > 0)
    .map(overrideOf)
    .sort((a, b) => compare(a.workspace, b.workspace) || compare(a.id, b.id) || a.updatedAtMs - b.updatedAtMs);
}

/** Of each id of a workspace the version that was written last. Of two collectors that set one at the same time, one wins. */
export function latestOverrides(versions: readonly PriceOverride[]): readonly PriceOverride[] {
  const latest = new Map<string, PriceOverride>();
  for (const override of versions) {
    const key = `${override.workspace}\n${override.id}`;
    const known = latest.get(key);
    if (
      known === undefined ||
      (known.updatedAtMs - override.updatedAtMs || compare(known.version, override.version)) < 0
    )
      latest.set(key, override);
  }
  return [...latest.values()];
}

function gather(row: StoredOverrideRow, id: string, version: string): Gathered {
  return {
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
    amounts: {},
    gpus: row.gpus,
    parallelCalls: row.parallel_calls,
    currency: row.currency,
    usdRate: row.usd_rate,
    rateDate: row.rate_date,
    note: row.note,
    updatedBy: row.updated_by,
    updatedAtMs: Number(row.updated_at_ms),
    tiers: new Map(),
    hours: new Map(),
  };
}

function addTo<K>(parts: Map<K, Amounts>, key: K, { unit, amount }: StoredOverrideRow): void {
  const amounts = parts.get(key) ?? {};
  amounts[unit] = amount;
  parts.set(key, amounts);
}

function overrideOf({ tiers, hours, ...override }: Gathered): PriceOverride {
  const longer = [...tiers].sort(([a], [b]) => a - b);
  const parts = [...hours].sort(([a], [b]) => compare(a, b));
  return {
    ...override,
    ...(longer.length === 0
      ? {}
      : { tiers: longer.map(([aboveInputTokens, amounts]): OverrideTier => ({ aboveInputTokens, amounts })) }),
    ...(parts.length === 0
      ? {}
      : {
          hours: parts.map(([text, amounts]): OverrideHours => ({
            from: text.slice(0, 5),
            to: text.slice(6),
            amounts,
          })),
        }),
  };
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
