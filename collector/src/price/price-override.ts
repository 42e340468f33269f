/** How an override changes what a call costs. */
export type OverrideKind = 'price' | 'percent_off' | 'amount_off' | 'gpu_hour';

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

/** What a span's column price_id holds for an override; a discount appends `+` and the id of the list price it was taken from. */
export function overridePriceId({ id, version }: Pick<PriceOverride, 'id' | 'version'>): string {
  return `override/${id}@${version}`;
}
