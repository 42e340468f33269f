import { parseDecimal } from './decimal.ts';
import type { Fraction } from './decimal.ts';
import { PRICE_UNITS, UNIT_FACTS } from './price-units.ts';
import type { PriceUnit } from './price-units.ts';
import type { UnitPrices } from './rate-card.ts';

interface TieredPrice {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

/** Prices by the keys of the price data; some depend on the length of the whole input. */
export type PriceTable = Readonly<Record<string, number | TieredPrice | undefined>>;

const PICO_PER_USD = 10n ** 12n;
/** A published price has fewer digits; a number with more that is this close to one is the noise of arithmetic upstream (`0.18000000000000002`). */
const PUBLISHED_DIGITS = 10;
const NOISE_BEYOND_DIGITS = 14;

/** One of these must have a price; a fee beside an unknown price of tokens is no price. */
const TOKENS_OR_PIECES: readonly PriceUnit[] = ['input', 'rerankSearch', 'page', 'audioMillisecond'];

const ZERO: Fraction = { numerator: 0n, denominator: 1n };

/** Prices as the data gives them for requests of more than `above` input tokens; units without a price are absent. */
export interface GivenPrices {
  readonly above: number;
  readonly prices: ReadonlyMap<PriceUnit, Fraction>;
}

/**
 * The prices of one entry and validity, one item for each length of context that has prices of its own, shortest first.
 * A request whose whole input (cached tokens included) is longer than a start is billed at that price for ALL its tokens:
 * so the package's own calculation does it, and so Anthropic, Google, OpenAI and xAI state it.
 * Empty when a price is not a number ≥ 0.
 */
export function givenPrices(model: PriceTable): readonly GivenPrices[] {
  const starts = new Set([0]);
  for (const unit of PRICE_UNITS) {
    const value = priceOf(model, unit);
    if (isTiered(value)) for (const tier of value.tiers) starts.add(tier.start);
  }
  const result: GivenPrices[] = [];
  for (const above of [...starts].sort((a, b) => a - b)) {
    const prices = new Map<PriceUnit, Fraction>();
    for (const unit of PRICE_UNITS) {
      const value = priceOf(model, unit);
      if (value === undefined) continue;
      const price = toPico(isTiered(value) ? priceAbove(value, above) : value, UNIT_FACTS[unit].per);
      if (price === undefined) return [];
      prices.set(unit, price);
    }
    result.push({ above, prices });
  }
  return result;
}

/**
 * Completes what the data does not say; `undefined` when nothing that is counted has a price.
 * - audio, images and video without a price of their own cost what text costs, and so does reasoning;
 * - without a cache price, cached tokens cost what uncached ones cost;
 * - writes with a life of one hour cost twice the input price (Anthropic's published multiplier,
 *   https://platform.claude.com/docs/en/about-claude/pricing) where writes have a price of their own;
 * - no output price (embeddings, rerankers) and no fees mean 0. Models sold by the hour, page or search have no price for tokens.
 */
export function completePrices(given: ReadonlyMap<PriceUnit, Fraction>): UnitPrices | undefined {
  if (!TOKENS_OR_PIECES.some((unit) => given.has(unit))) return undefined;
  const input = given.get('input') ?? ZERO;
  const output = given.get('output') ?? ZERO;
  const cacheRead = given.get('cacheRead');
  const cacheWrite = given.get('cacheWrite');
  const [audioInput, imageInput] = [given.get('audioInput') ?? input, given.get('imageInput') ?? input];
  return {
    input,
    cacheRead: cacheRead ?? input,
    cacheWrite: cacheWrite ?? input,
    cacheWrite1h: given.get('cacheWrite1h') ?? (cacheWrite === undefined ? input : twice(input)),
    output,
    reasoning: given.get('reasoning') ?? output,
    request: given.get('request') ?? ZERO,
    webSearch: given.get('webSearch') ?? ZERO,
    audioInput,
    audioCacheRead: given.get('audioCacheRead') ?? cacheRead ?? audioInput,
    audioOutput: given.get('audioOutput') ?? output,
    imageInput,
    imageCacheRead: given.get('imageCacheRead') ?? cacheRead ?? imageInput,
    imageOutput: given.get('imageOutput') ?? output,
    videoInput: given.get('videoInput') ?? input,
    videoOutput: given.get('videoOutput') ?? output,
    citation: given.get('citation') ?? ZERO,
    fileSearch: given.get('fileSearch') ?? ZERO,
    rerankSearch: given.get('rerankSearch') ?? ZERO,
    page: given.get('page') ?? ZERO,
    audioMillisecond: given.get('audioMillisecond') ?? ZERO,
  };
}

/** All prices 0. */
export function freePrices(): UnitPrices {
  const zero = completePrices(new Map([['input', ZERO]]));
  if (zero === undefined) throw new Error('an input price completes');
  return zero;
}

function priceOf(model: PriceTable, unit: PriceUnit): number | TieredPrice | undefined {
  for (const key of UNIT_FACTS[unit].keys) if (model[key] !== undefined) return model[key];
  return undefined;
}

function isTiered(value: number | TieredPrice | undefined): value is TieredPrice {
  return typeof value === 'object';
}

function priceAbove(value: TieredPrice, above: number): number {
  let price = value.base;
  let start = 0;
  for (const tier of value.tiers) {
    if (tier.start <= above && tier.start >= start && tier.start > 0) [price, start] = [tier.price, tier.start];
  }
  return price;
}

function toPico(usd: number, per: bigint): Fraction | undefined {
  if (!Number.isFinite(usd) || usd < 0) return undefined;
  const value = parseDecimal(publishedDecimal(usd));
  return value && reduce({ numerator: value.numerator * PICO_PER_USD, denominator: value.denominator * per });
}

/** The shortest decimal text of a number, which is the one it was written as in the data. */
function publishedDecimal(usd: number): string {
  const shortest = String(usd);
  const rounded = String(Number(usd.toPrecision(NOISE_BEYOND_DIGITS)));
  return significantDigits(rounded) <= PUBLISHED_DIGITS ? rounded : shortest;
}

function significantDigits(decimal: string): number {
  return decimal.replace(/e.*$|\D/g, '').replace(/^0+/, '').length;
}

function twice(price: Fraction): Fraction {
  return reduce({ numerator: price.numerator * 2n, denominator: price.denominator });
}

function reduce(value: Fraction): Fraction {
  let [a, b] = [value.numerator, value.denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: value.numerator / a, denominator: value.denominator / a };
}
