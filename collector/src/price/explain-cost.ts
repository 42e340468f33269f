import { divideHalfEven, formatPico, formatScaled } from './decimal.ts';
import { PRICE_UNITS, UNIT_FACTS } from './price-units.ts';
import type { RateCard } from './rate-card.ts';
import { quantityOf } from './split-usage.ts';
import type { BilledQuantities } from './split-usage.ts';

/** Digits after the point of a price per million that are kept; published prices have at most six. */
const PRICE_DIGITS = 18;

/** One line of the bill: quantity × price. Names are snake_case, as the REST API and the CLI show them. */
export interface CostLine {
  /** `input`, `cache_read`, … `request`, `web_search`, `audio_input`, `image_output`, … `audio_millisecond`. */
  readonly unit: string;
  /** The cost column that the line is summed into. */
  readonly part: string;
  readonly quantity: number;
  /** Price of a million units in this tier, decimal text. */
  readonly usd_per_million: string;
  /** Quantity × price rounded half-even to 12 digits, decimal text. Rounding happens once per part, so lines may differ from it in the last digit. */
  readonly cost_usd: string;
}

/**
 * The lines that a cost is made of, from the same quantities and rates that `calculateCost` multiplies; lines without a quantity or
 * a price are left out, except that a call with nothing to bill keeps its input line.
 */
export function explainCost(card: RateCard, billed: BilledQuantities): readonly CostLine[] {
  const used = PRICE_UNITS.filter(
    (unit) => quantityOf(billed, unit) > 0 && (card.rates[unit] > 0n || UNIT_FACTS[unit].part !== 'request')
  );
  return (used.length === 0 ? (['input'] as const) : used).map((unit) => ({
    unit: UNIT_FACTS[unit].name,
    part: PART_COLUMNS[UNIT_FACTS[unit].part],
    quantity: quantityOf(billed, unit),
    usd_per_million: formatPerMillion(card.rates[unit], card.scale),
    cost_usd: formatPico(divideHalfEven(BigInt(quantityOf(billed, unit)) * card.rates[unit], card.scale)),
  }));
}

/** Pico-dollars per unit (`rate / scale`) → US dollars per million units, decimal text. */
export function formatPerMillion(rate: bigint, scale: bigint): string {
  // pico per unit × 10^6 units = 10^-6 dollars per million
  return formatScaled(divideHalfEven(rate * 10n ** BigInt(PRICE_DIGITS - 6), scale), PRICE_DIGITS);
}

const PART_COLUMNS = {
  input: 'input_cost_usd',
  output: 'output_cost_usd',
  cacheRead: 'cache_read_cost_usd',
  cacheWrite: 'cache_write_cost_usd',
  request: 'request_cost_usd',
} as const;
