import { isWithinHours } from './day-hours.ts';
import { divideHalfEven, parseDecimal } from './decimal.ts';
import type { Fraction } from './decimal.ts';
import { hoursPriceId, overridePriceId } from './price-override.ts';
import type { PriceOverride } from './price-override.ts';
import { LIKE_UNIT, PRICE_UNITS, UNIT_FACTS } from './price-units.ts';
import type { PriceUnit } from './price-units.ts';
import { createRateCard } from './rate-card.ts';
import type { RateCard, UnitPrices } from './rate-card.ts';
import type { CallTerms } from './select-rate-card.ts';
import { completePrices } from './unit-prices.ts';

const PICO_PER_USD = 10n ** 12n;
const MILLION = 1_000_000n;
const NS_PER_MS = 1_000_000n;
const NS_PER_HOUR = 3_600_000_000_000n;
const HUNDRED = 100n;
const NOTHING: Fraction = { numerator: 0n, denominator: 1n };

/** What of a call decides which of an override's own prices it has. */
type OwnTerms = Pick<CallTerms, 'timestampNs' | 'inputTokens'>;

/** An override, compiled. */
export interface OverrideTerms {
  readonly override: PriceOverride;
  /** The prices of a call whose list price is `listed`; undefined when it is a discount on a price that is not known. */
  readonly card: (listed: RateCard | undefined, call: OwnTerms) => RateCard | undefined;
  /** Every card that calls at this price may have; of a discount none. */
  readonly cards: readonly RateCard[];
  /** For machines paid by the hour: the pico-dollars of a call of this duration, rounded half-even. */
  readonly machinePico: ((durationNs: number) => bigint) | undefined;
}

/** Compiles an override; exact. A discount never makes a price negative. */
export function createOverrideTerms(override: PriceOverride): OverrideTerms {
  const { kind } = override;
  const priceId = overridePriceId(override);
  const amounts = amountsOf(override.amounts, override.usdRate);
  if (kind === 'gpu_hour') {
    const hour = picoOf(override.amounts['gpu_second'] ?? '0', override.usdRate, 1n);
    const numerator = hour.numerator * BigInt(override.gpus);
    const denominator = hour.denominator * NS_PER_HOUR * BigInt(override.parallelCalls);
    return {
      override,
      card: () => undefined,
      cards: [],
      machinePico: (durationNs) => divideHalfEven(BigInt(Math.max(0, Math.trunc(durationNs))) * numerator, denominator),
    };
  }
  if (kind === 'price') return { override, ...ownPrices(override, amounts), machinePico: undefined };
  const discount = kind === 'percent_off' ? percentOff(override.amounts['all'] ?? '0') : amountOff(amounts);
  // One card for each list price; there are as many as entries, tiers and lengths of context.
  const cards = new Map<string, RateCard>();
  return {
    override,
    machinePico: undefined,
    cards: [],
    card: (listed) => {
      if (listed === undefined) return undefined;
      const known = cards.get(listed.priceId);
      if (known !== undefined) return known;
      const discounted = {
        ...createRateCard(`${priceId}+${listed.priceId}`, discount(listed)),
        tier: listed.tier,
        region: listed.region,
        insteadOfTokens: listed.insteadOfTokens,
      };
      cards.set(listed.priceId, discounted);
      return discounted;
    },
  };
}

/** Own prices by the length of a request or the hour; what a part does not name it has from what goes before. */
function ownPrices(
  override: PriceOverride,
  amounts: ReadonlyMap<PriceUnit, Fraction>
): Pick<OverrideTerms, 'card' | 'cards'> {
  const cardOf = (priceId: string, given: ReadonlyMap<PriceUnit, Fraction>, tags: readonly string[] = []) => {
    const prices = completePrices(given);
    return prices && createRateCard(priceId, prices, tags);
  };
  const own = cardOf(overridePriceId(override), amounts);
  let given = amounts;
  const tiers = (override.tiers ?? []).map((tier) => {
    given = new Map([...given, ...amountsOf(tier.amounts, override.usdRate)]);
    const above = tier.aboveInputTokens;
    return { above, card: cardOf(overridePriceId(override), given, [`over-${above}`]) };
  });
  const hours = (override.hours ?? []).map((part) => ({
    fromMs: dayMs(part.from),
    toMs: dayMs(part.to),
    card: cardOf(hoursPriceId(override, part), new Map([...amounts, ...amountsOf(part.amounts, override.usdRate)])),
  }));
  return {
    cards: [own, ...tiers.map(({ card }) => card), ...hours.map(({ card }) => card)].filter(
      (card) => card !== undefined
    ),
    card: (_listed, { timestampNs, inputTokens }) => {
      let card = own;
      for (const tier of tiers) if (inputTokens > tier.above) ({ card } = tier);
      if (hours.length === 0) return card;
      const unixMs = Number(timestampNs / NS_PER_MS);
      return (hours.find((part) => isWithinHours(part, unixMs)) ?? { card }).card;
    },
  };
}

/** `HH:MM` → milliseconds of the day. */
function dayMs(text: string): number {
  return Date.parse(`1970-01-01T${text}:00Z`);
}

/** The amounts of a price, in pico-dollars of one unit. */
function amountsOf(amounts: PriceOverride['amounts'], usdRate: string): ReadonlyMap<PriceUnit, Fraction> {
  return new Map(
    PRICE_UNITS.flatMap((unit) => {
      const text = amounts[UNIT_FACTS[unit].name];
      return text === undefined ? [] : [[unit, picoOf(text, usdRate, MILLION)] as const];
    })
  );
}

type Discount = (listed: RateCard) => UnitPrices;

function percentOff(text: string): Discount {
  const percent = parseDecimal(text)!;
  const factor = {
    numerator: HUNDRED * percent.denominator - percent.numerator,
    denominator: HUNDRED * percent.denominator,
  };
  return (listed) =>
    mapUnits((unit) =>
      reduce({
        numerator: listed.rates[unit] * factor.numerator,
        denominator: listed.scale * factor.denominator,
      })
    );
}

/** Off the units that are named, and off those that cost the same because they are of the same kind: reasoning is output. */
function amountOff(amounts: ReadonlyMap<PriceUnit, Fraction>): Discount {
  return (listed) =>
    mapUnits((unit) => {
      const like = LIKE_UNIT[unit];
      const follows = like !== undefined && (unit === 'reasoning' || listed.rates[unit] === listed.rates[like]);
      const amount = amounts.get(unit) ?? (follows ? amounts.get(like) : undefined) ?? NOTHING;
      const left = listed.rates[unit] * amount.denominator - amount.numerator * listed.scale;
      return reduce({ numerator: left > 0n ? left : 0n, denominator: listed.scale * amount.denominator });
    });
}

/** An amount in its currency → pico-dollars of one of `per` units. */
function picoOf(amount: string, usdRate: string, per: bigint): Fraction {
  const value = parseDecimal(amount)!;
  const rate = parseDecimal(usdRate)!;
  return reduce({
    numerator: value.numerator * rate.numerator * PICO_PER_USD,
    denominator: value.denominator * rate.denominator * per,
  });
}

function mapUnits(of: (unit: PriceUnit) => Fraction): UnitPrices {
  return Object.fromEntries(PRICE_UNITS.map((unit) => [unit, of(unit)])) as Record<PriceUnit, Fraction>;
}

function reduce({ numerator, denominator }: Fraction): Fraction {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
