import type { Fraction } from './decimal.ts';
import { LIKE_UNIT, PRICE_UNITS, TEXT_UNITS, UNIT_FACTS } from './price-units.ts';
import type { OtherUnit, PriceUnit, TextUnit } from './price-units.ts';
import type { RegionPremium } from './region-premiums.ts';
import { STANDARD_TIER } from './service-tiers.ts';
import type { ServiceTier } from './service-tiers.ts';

/** Pico-dollars per unit, exact. Every unit has a price: what the data does not give is derived by `unit-prices.ts`. */
export type UnitPrices = Readonly<Record<PriceUnit, Fraction>>;

/** The prices that one call is multiplied with: entry, validity, length of context, service tier and region are all decided. */
export interface RateCard {
  /** `<provider>/<entry id>@<valid from>[#<tier>-<length of context>-<region>]`. */
  readonly priceId: string;
  readonly tier: string;
  /** Name of the region's premium; empty when the region changes nothing. */
  readonly region: string;
  /** Prices × `scale`, in pico-dollars per unit: integers. */
  readonly rates: Readonly<Record<PriceUnit, bigint>>;
  readonly scale: bigint;
  /** The rates of text as numbers when they are whole pico-dollars that a number holds exactly. */
  readonly integerRates: Readonly<Record<TextUnit, number>> | undefined;
  /** True when everything costs nothing. */
  readonly free: boolean;
  /** What is billed at a price of its own and no token column counts: the only counts worth looking for. */
  readonly counts: readonly (OtherUnit | 'webSearch')[];
  /** What a call is billed by instead of tokens: time, pages, searches or itself; `undefined` for tokens. */
  readonly insteadOfTokens: OtherUnit | 'request' | undefined;
}

/** Units that are counted beside the token columns. */
const COUNTED: readonly (OtherUnit | 'webSearch')[] = [
  'webSearch',
  'fileSearch',
  'rerankSearch',
  'page',
  'citation',
  'audioMillisecond',
  'audioCacheRead',
  'imageInput',
  'imageCacheRead',
  'imageOutput',
  'videoInput',
  'videoOutput',
];

const INSTEAD_OF_TOKENS: readonly (OtherUnit | 'request')[] = ['audioMillisecond', 'page', 'rerankSearch', 'request'];

/**
 * Multiplies prices with a service tier and a region's premium, exactly. Fees per request and search are the same everywhere.
 * The tier, `tags` (such as `over-200000`) and the region are appended to the price id.
 */
export function createRateCard(
  priceId: string,
  prices: UnitPrices,
  tags: readonly string[] = [],
  tier: ServiceTier = STANDARD_TIER,
  premium?: RegionPremium
): RateCard {
  const tiered = tier === STANDARD_TIER ? prices : inTier(prices, tier);
  const unitPrices = premium === undefined ? tiered : forEachUnit((unit) => scaled(tiered, unit, premium.factor));
  let scale = 1n;
  for (const unit of PRICE_UNITS) scale = leastCommonMultiple(scale, unitPrices[unit].denominator);
  const rates = forEachUnit((unit) => unitPrices[unit].numerator * (scale / unitPrices[unit].denominator));
  const exactAsNumbers = TEXT_UNITS.every(
    (unit) => rates[unit] % scale === 0n && rates[unit] / scale <= BigInt(Number.MAX_SAFE_INTEGER)
  );
  const allTags = [...(tier.name === STANDARD_TIER.name ? [] : [tier.name]), ...tags];
  if (premium !== undefined) allTags.push(premium.name);
  const hasTokenPrice = rates.input > 0n || rates.output > 0n;
  return {
    priceId: allTags.length === 0 ? priceId : `${priceId}#${allTags.join('-')}`,
    tier: tier.name,
    region: premium?.name ?? '',
    rates,
    scale,
    integerRates: exactAsNumbers ? textRates((unit) => Number(rates[unit] / scale)) : undefined,
    free: PRICE_UNITS.every((unit) => rates[unit] === 0n),
    counts: COUNTED.filter((unit) => {
      const like = LIKE_UNIT[unit];
      return rates[unit] !== (like === undefined ? 0n : rates[like]);
    }),
    insteadOfTokens: hasTokenPrice ? undefined : INSTEAD_OF_TOKENS.find((unit) => rates[unit] > 0n),
  };
}

function inTier(prices: UnitPrices, tier: ServiceTier): UnitPrices {
  const tiered = forEachUnit((unit) => scaled(prices, unit, tier.factor));
  if (tier.stacksWithCache) return tiered;
  return {
    ...tiered,
    cacheRead: smaller(prices.cacheRead, tiered.input),
    audioCacheRead: smaller(prices.audioCacheRead, tiered.audioInput),
    imageCacheRead: smaller(prices.imageCacheRead, tiered.imageInput),
  };
}

function scaled(prices: UnitPrices, unit: PriceUnit, factor: Fraction): Fraction {
  return UNIT_FACTS[unit].fee ? prices[unit] : multiply(prices[unit], factor);
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

function forEachUnit<T>(of: (unit: PriceUnit) => T): Record<PriceUnit, T> {
  return Object.fromEntries(PRICE_UNITS.map((unit) => [unit, of(unit)])) as Record<PriceUnit, T>;
}

/** One literal instead of a loop: all cards get the same hidden class, which keeps the hot path monomorphic. */
function textRates<T>(of: (unit: TextUnit) => T): Record<TextUnit, T> {
  return {
    input: of('input'),
    cacheRead: of('cacheRead'),
    cacheWrite: of('cacheWrite'),
    cacheWrite1h: of('cacheWrite1h'),
    output: of('output'),
    reasoning: of('reasoning'),
    request: of('request'),
    webSearch: of('webSearch'),
  };
}
