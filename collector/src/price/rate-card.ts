import type { Fraction } from './decimal.ts';
import { PRICE_UNITS } from './price-units.ts';
import type { PriceUnit } from './price-units.ts';
import { STANDARD_TIER } from './service-tiers.ts';
import type { ServiceTier } from './service-tiers.ts';

/** Pico-dollars per unit, exact. Every unit has a price: what the data does not give is derived by `unit-prices.ts`. */
export type UnitPrices = Readonly<Record<PriceUnit, Fraction>>;

/** The prices that one call is multiplied with: entry, validity, length of context and service tier are all decided. */
export interface RateCard {
  /** `<provider>/<entry id>@<valid from>[#<tier>]`. */
  readonly priceId: string;
  readonly tier: string;
  /** Prices × `scale`, in pico-dollars per unit: integers. */
  readonly rates: Readonly<Record<PriceUnit, bigint>>;
  readonly scale: bigint;
  /** The same rates as numbers when they are integers (scale 1) that a number holds exactly. */
  readonly integerRates: Readonly<Record<PriceUnit, number>> | undefined;
  /** True when everything costs nothing. */
  readonly free: boolean;
  readonly chargesSearches: boolean;
}

/**
 * Multiplies prices with a service tier, exactly. Fees per request and search are the same in every tier.
 * `tags` (such as `over-200000`) and the tier are appended to the price id.
 */
export function createRateCard(
  priceId: string,
  prices: UnitPrices,
  tags: readonly string[] = [],
  tier: ServiceTier = STANDARD_TIER
): RateCard {
  const tiered = tier === STANDARD_TIER ? prices : inTier(prices, tier);
  let scale = 1n;
  for (const unit of PRICE_UNITS) scale = leastCommonMultiple(scale, tiered[unit].denominator);
  const rates = forEachUnit((unit) =>
    scale === 1n ? tiered[unit].numerator : tiered[unit].numerator * (scale / tiered[unit].denominator)
  );
  const exactAsNumbers = scale === 1n && PRICE_UNITS.every((unit) => rates[unit] <= BigInt(Number.MAX_SAFE_INTEGER));
  const allTags = tier.name === STANDARD_TIER.name ? tags : [tier.name, ...tags];
  return {
    priceId: allTags.length === 0 ? priceId : `${priceId}#${allTags.join('-')}`,
    tier: tier.name,
    rates,
    scale,
    integerRates: exactAsNumbers ? forEachUnit((unit) => Number(rates[unit])) : undefined,
    free: PRICE_UNITS.every((unit) => rates[unit] === 0n),
    chargesSearches: rates.webSearch > 0n,
  };
}

function inTier(prices: UnitPrices, tier: ServiceTier): UnitPrices {
  const tiered = forEachUnit((unit) => multiply(prices[unit], tier.factor));
  return {
    ...tiered,
    cacheRead: tier.stacksWithCache ? tiered.cacheRead : smaller(prices.cacheRead, tiered.input),
    audioCacheRead: tier.stacksWithCache ? tiered.audioCacheRead : smaller(prices.audioCacheRead, tiered.audioInput),
    request: prices.request,
    webSearch: prices.webSearch,
  };
}

function smaller(a: Fraction, b: Fraction): Fraction {
  return a.numerator * b.denominator <= b.numerator * a.denominator ? a : b;
}

function multiply(a: Fraction, b: Fraction): Fraction {
  const numerator = a.numerator * b.numerator;
  const denominator = a.denominator * b.denominator;
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

function leastCommonMultiple(a: bigint, b: bigint): bigint {
  if (b === 1n) return a;
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** One literal instead of a loop: all cards get the same hidden class, which keeps the hot path monomorphic. */
function forEachUnit<T>(of: (unit: PriceUnit) => T): Record<PriceUnit, T> {
  return {
    input: of('input'),
    audioInput: of('audioInput'),
    cacheRead: of('cacheRead'),
    audioCacheRead: of('audioCacheRead'),
    cacheWrite: of('cacheWrite'),
    cacheWrite1h: of('cacheWrite1h'),
    output: of('output'),
    reasoning: of('reasoning'),
    audioOutput: of('audioOutput'),
    request: of('request'),
    webSearch: of('webSearch'),
  };
}
