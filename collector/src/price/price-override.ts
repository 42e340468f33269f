/** How an override changes what a call costs. */
export type OverrideKind = 'price' | 'percent_off' | 'amount_off' | 'gpu_hour';

/** Prices of long requests: of more than `aboveInputTokens` tokens of input, cached ones included. */
export interface OverrideTier {
  readonly aboveInputTokens: number;
  /** As in `PriceOverride`; a unit that is not named costs what it costs in shorter requests. */
  readonly amounts: Readonly<Record<string, string>>;
}

/** Prices of a part of every day: UTC, `HH:MM`, from inclusive, to exclusive; from later than to goes over midnight. */
export interface OverrideHours {
  readonly from: string;
  readonly to: string;
  /** As in `PriceOverride`; a unit that is not named costs what it costs at other hours. */
  readonly amounts: Readonly<Record<string, string>>;
}

/**
 * One price of an organisation: an own model, a negotiated discount, or machines paid by the hour. Amounts are decimal text in
 * `currency`; `usdRate` is what one unit of it costs in US dollars, as of `rateDate`.
 */
export interface PriceOverride {
  /** Identity within the workspace; the latest version of an id counts. */
  readonly id: string;
  /** Changes with every change of the override, so that a span's price_id says which one it had. */
  readonly version: string;
  /** `override` = set through the API, `file` = from the file SPANLEDGER_PRICES. */
  readonly source: 'override' | 'file';
  /** Empty = every workspace; the same of provider, model, region and serviceTier. */
  readonly workspace: string;
  readonly provider: string;
  readonly model: string;
  readonly region: string;
  readonly serviceTier: string;
  /** UTC days YYYY-MM-DD, inclusive and exclusive; empty = open. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly kind: OverrideKind;
  /** price and amount_off: unit → amount per million; percent_off: `all` → percent; gpu_hour: `gpu_second` → price of a GPU for an hour. */
  readonly amounts: Readonly<Record<string, string>>;
  /** Only of a price, shortest first; absent = none, so that a version made by hashing stays what it was. Never together with hours. */
  readonly tiers?: readonly OverrideTier[];
  /** Only of a price; they do not overlap. */
  readonly hours?: readonly OverrideHours[];
  readonly gpus: number;
  /** Calls that share the machines at a time, on average. */
  readonly parallelCalls: number;
  readonly currency: string;
  readonly usdRate: string;
  readonly rateDate: string;
  readonly note: string;
  readonly updatedBy: string;
  /** Unix milliseconds. */
  readonly updatedAtMs: number;
}

/**
 * What a span's column price_id holds for an override; hours append `~HH:MM-HH:MM`, a long request `#over-N`, and a discount `+` and
 * the id of the list price it was taken from.
 */
export function overridePriceId({ id, version }: Pick<PriceOverride, 'id' | 'version'>): string {
  return `override/${id}@${version}`;
}

/** The same for the prices of some hours. */
export function hoursPriceId(override: Pick<PriceOverride, 'id' | 'version'>, { from, to }: OverrideHours): string {
  return `${overridePriceId(override)}~${from}-${to}`;
}
