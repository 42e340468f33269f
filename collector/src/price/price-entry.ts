import type { ConditionalPrice, ModelInfo, ModelPrice } from '@pydantic/genai-prices';
import { PRICE_SUPPLEMENTS } from './price-supplements.ts';
import { createRateCard } from './rate-card.ts';
import type { RateCard, UnitPrices } from './rate-card.ts';
import { completePrices, freePrices, givenPrices } from './unit-prices.ts';
import type { GivenPrices } from './unit-prices.ts';

const DAY_MS = 86_400_000;

/** Prices for one length of context. */
export interface ContextPrices {
  /** Holds for requests of more than this many input tokens. */
  readonly above: number;
  readonly tags: readonly string[];
  readonly prices: UnitPrices;
  readonly standard: RateCard;
  /** Cards of other service tiers by tier name, made when first needed (at most one for each tier of `service-tiers.ts`). */
  readonly cards: Map<string, RateCard>;
}

/** One set of prices: a validity, or the hours of a day within it. */
export interface PriceSet {
  /** `<provider>/<entry id>@<valid from>`, with `~HH:MM-HH:MM` for a part of the day (UTC). */
  readonly priceId: string;
  /** As the data gives them, for export. */
  readonly given: readonly GivenPrices[];
  /** Shortest context first; empty when the entry has no price for tokens. */
  readonly contexts: readonly ContextPrices[];
}

export interface Validity {
  /** `YYYY-MM-DD` (UTC midnight), or `initial` for the first known price. */
  readonly validFrom: string;
  readonly fromMs: number;
  readonly allDay: PriceSet;
  /** Hours with prices of their own; `fromMs` inclusive, `toMs` exclusive, milliseconds of the UTC day; from > to wraps over midnight. */
  readonly hours: readonly { readonly fromMs: number; readonly toMs: number; readonly prices: PriceSet }[];
}

/** One model of one provider, with every price it ever had. */
export interface PriceEntry {
  readonly provider: string;
  readonly model: string;
  /** Oldest first, never empty. */
  readonly validities: readonly Validity[];
}

/**
 * Compiles one entry of the price data. A price that the data marks with hours of the day belongs to the validity listed before it:
 * hours introduced together with a new price never reach back before that price (the package's own look-up lets them).
 */
export function compilePriceEntry(provider: string, model: ModelInfo): PriceEntry {
  const supplement = PRICE_SUPPLEMENTS.get(`${provider}/${model.id}`);
  const conditional: readonly ConditionalPrice[] = Array.isArray(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  const validities: (Validity & { hours: Validity['hours'][number][] })[] = [];
  for (const [index, { constraint, prices }] of conditional.entries()) {
    const supplemented: ModelPrice = supplement === undefined ? prices : { ...supplement, ...prices };
    const current = validities.at(-1);
    if (constraint?.type === 'time_of_date' && current !== undefined) {
      const [fromMs, toMs] = [timeOfDayMs(constraint.start_time), timeOfDayMs(constraint.end_time)];
      const label = `${current.validFrom}~${hourText(fromMs)}-${hourText(toMs)}`;
      current.hours.push({ fromMs, toMs, prices: priceSet(provider, model.id, label, supplemented) });
      continue;
    }
    const validFrom = index > 0 && constraint?.type === 'start_date' ? constraint.start_date : 'initial';
    validities.push({
      validFrom,
      fromMs: validFrom === 'initial' ? -Infinity : Date.parse(`${validFrom}T00:00:00Z`),
      allDay: priceSet(provider, model.id, validFrom, supplemented),
      hours: [],
    });
  }
  return { provider, model: model.id, validities: validities.sort((a, b) => a.fromMs - b.fromMs) };
}

/** The prices that hold at a time (Unix nanoseconds, UTC). Times before the first known price get that price. */
export function priceSetAt(entry: PriceEntry, timestampNs: bigint): PriceSet {
  const first = entry.validities[0]!;
  if (entry.validities.length === 1 && first.hours.length === 0) return first.allDay;
  const ms = Number(timestampNs / 1_000_000n);
  let valid = first;
  for (const validity of entry.validities) if (ms >= validity.fromMs) valid = validity;
  const timeOfDay = ((ms % DAY_MS) + DAY_MS) % DAY_MS;
  for (const { fromMs, toMs, prices } of valid.hours) {
    const within = fromMs <= toMs ? timeOfDay >= fromMs && timeOfDay < toMs : timeOfDay >= fromMs || timeOfDay < toMs;
    if (within) return prices;
  }
  return valid.allDay;
}

function priceSet(provider: string, model: string, validFrom: string, prices: ModelPrice): PriceSet {
  const priceId = `${provider}/${model}@${validFrom}`;
  const given = givenPrices(prices);
  const contexts: ContextPrices[] = [];
  for (const { above, prices: units } of given) {
    const complete = isFree(provider, model, prices) ? freePrices() : completePrices(units);
    if (complete === undefined) continue;
    const tags = above > 0 ? [`over-${above}`] : [];
    contexts.push({
      above,
      tags,
      prices: complete,
      standard: createRateCard(priceId, complete, tags),
      cards: new Map(),
    });
  }
  return { priceId, given, contexts };
}

/**
 * The data writes "free of charge" and "price not known" the same way: without prices. Free is what says so in its id,
 * and what its providers state to be free (the data's comments: moderation, Gemma on the Gemini API, models included in a Copilot plan).
 * Everything else without a price is unpriced, which a person sees, instead of a silent 0.
 */
function isFree(provider: string, model: string, prices: ModelPrice): boolean {
  if (Object.values(prices).some((price) => price !== undefined)) return false;
  return (
    model.endsWith(':free') ||
    provider === 'github-copilot' ||
    (provider === 'openai' && model === 'moderation') ||
    (provider === 'google' && model.startsWith('gemma-'))
  );
}

/** `HH:MM:SS[.fff](Z|±HH:MM)` → milliseconds of the UTC day. */
function timeOfDayMs(text: string): number {
  return (Date.parse(`1970-01-02T${text}`) + DAY_MS) % DAY_MS;
}

function hourText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}
