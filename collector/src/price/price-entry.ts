import type { ConditionalPrice, ModelInfo } from '@pydantic/genai-prices';
import { isWithinHours } from './day-hours.ts';
import type { DayHours } from './day-hours.ts';
import { createRateCard } from './rate-card.ts';
import type { RateCard, UnitPrices } from './rate-card.ts';
import { CHINESE_HOLIDAYS, REVIEWED_PRICES } from './reviewed-prices.ts';
import type { ReviewedEntry, ReviewedPrice } from './reviewed-prices.ts';
import { completePrices, freePrices, givenPrices } from './unit-prices.ts';
import type { GivenPrices, PriceTable } from './unit-prices.ts';

const DAY_MS = 86_400_000;
/** 1970-01-01 was a Thursday. */
const THURSDAY = 4;

/** Prices for one length of context. */
export interface ContextPrices {
  /** Holds for requests of more than this many input tokens. */
  readonly above: number;
  readonly tags: readonly string[];
  readonly prices: UnitPrices;
  readonly standard: RateCard;
  /** Cards of other service tiers and regions by their names, made when first needed. */
  readonly cards: Map<string, RateCard>;
}

/** One set of prices: a validity, or the hours of a day within it. */
export interface PriceSet {
  /** `<provider>/<entry id>@<valid from>`, with `~HH:MM-HH:MM` for a part of the day (UTC). */
  readonly priceId: string;
  /** Where it comes from when not from the price data: the page and the day it was read. */
  readonly source?: string;
  /** As the data gives them, for export. */
  readonly given: readonly GivenPrices[];
  /** Shortest context first; empty when nothing that is counted has a price. */
  readonly contexts: readonly ContextPrices[];
}

/** Hours with prices of their own. */
interface PriceHours extends DayHours {
  readonly workdays: boolean;
  readonly prices: PriceSet;
}

export interface Validity {
  /** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM` (UTC), or `initial` for the first known price. */
  readonly validFrom: string;
  readonly fromMs: number;
  readonly allDay: PriceSet;
  readonly hours: readonly PriceHours[];
}

/** One model of one provider, with every price it ever had. */
export interface PriceEntry {
  readonly provider: string;
  readonly model: string;
  /** Oldest first, never empty. */
  readonly validities: readonly Validity[];
}

/**
 * Compiles one entry of the price data, and what `reviewed-prices.ts` adds to it. A price that the data marks with hours of the day belongs to the
 * validity listed before it: hours introduced together with a new price never reach back before that price (the package's own look-up lets them).
 */
export function compilePriceEntry(provider: string, model: ModelInfo): PriceEntry {
  const reviewed = REVIEWED_PRICES.filter((entry) => entry.provider === provider && entry.model === model.id);
  const added = (wanted: ReviewedEntry['kind']): PriceTable =>
    Object.fromEntries(
      reviewed.filter(({ kind }) => kind === wanted).flatMap(({ prices }) => Object.entries(prices[0]?.prices ?? {}))
    );
  const [gaps, long] = [added('gap'), added('long')];
  const conditional: readonly ConditionalPrice[] = Array.isArray(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  const validities: (Validity & { hours: PriceHours[] })[] = [];
  for (const [index, { constraint, prices }] of conditional.entries()) {
    const whole = { ...gaps, ...prices, ...long };
    const current = validities.at(-1);
    if (constraint?.type === 'time_of_date' && current !== undefined) {
      const [fromMs, toMs] = [timeOfDayMs(constraint.start_time), timeOfDayMs(constraint.end_time)];
      const label = `${current.validFrom}~${hourText(fromMs)}-${hourText(toMs)}`;
      current.hours.push({ fromMs, toMs, workdays: false, prices: priceSet(provider, model.id, label, whole) });
      continue;
    }
    const validFrom = index > 0 && constraint?.type === 'start_date' ? constraint.start_date : 'initial';
    validities.push({
      validFrom,
      fromMs: startMs(validFrom),
      allDay: priceSet(provider, model.id, validFrom, whole),
      hours: [],
    });
  }
  const changes = reviewed.filter(({ kind }) => kind === 'change').flatMap(reviewedValidities);
  return { provider, model: model.id, validities: inOrder([...validities, ...changes]) };
}

/** Compiles an entry that the price data lacks. */
export function compileReviewedEntry(entry: ReviewedEntry): PriceEntry {
  return { provider: entry.provider, model: entry.model, validities: inOrder(reviewedValidities(entry)) };
}

function reviewedValidities(entry: ReviewedEntry): readonly Validity[] {
  return entry.prices.map(({ from = 'initial', prices, hours = [] }: ReviewedPrice) => {
    const set = (label: string, values: PriceTable): PriceSet => ({
      ...priceSet(entry.provider, entry.model, label, values),
      source: `${entry.source} (${entry.asOf})`,
    });
    return {
      validFrom: from,
      fromMs: startMs(from),
      allDay: set(from, prices),
      hours: hours.map((part) => ({
        fromMs: timeOfDayMs(`${part.from}:00Z`),
        toMs: timeOfDayMs(`${part.to}:00Z`),
        workdays: part.workdays ?? false,
        prices: set(`${from}~${part.from}-${part.to}`, part.prices),
      })),
    };
  });
}

/** Oldest first; of two with the same start the one listed later, which is ours, holds. */
function inOrder(validities: readonly Validity[]): readonly Validity[] {
  return [...validities].sort((a, b) => (a.fromMs === b.fromMs ? 0 : a.fromMs - b.fromMs));
}

/** The prices that hold at a time (Unix nanoseconds, UTC). Times before the first known price get that price. */
export function priceSetAt(entry: PriceEntry, timestampNs: bigint): PriceSet {
  const first = entry.validities[0]!;
  if (entry.validities.length === 1 && first.hours.length === 0) return first.allDay;
  const ms = Number(timestampNs / 1_000_000n);
  let valid = first;
  for (const validity of entry.validities) if (ms >= validity.fromMs) valid = validity;
  const day = Math.floor(ms / DAY_MS);
  for (const part of valid.hours) {
    if (isWithinHours(part, ms) && (!part.workdays || isWorkday(day))) return part.prices;
  }
  return valid.allDay;
}

/** By the number of a UTC day since 1970; holidays are those of mainland China. */
function isWorkday(day: number): boolean {
  const weekday = (((day + THURSDAY) % 7) + 7) % 7;
  return weekday > 0 && weekday < 6 && !CHINESE_HOLIDAYS.has(new Date(day * DAY_MS).toISOString().slice(0, 10));
}

function priceSet(provider: string, model: string, validFrom: string, prices: PriceTable): PriceSet {
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
function isFree(provider: string, model: string, prices: PriceTable): boolean {
  if (Object.values(prices).some((price) => price !== undefined)) return false;
  return (
    model.endsWith(':free') ||
    provider === 'github-copilot' ||
    (provider === 'openai' && model === 'moderation') ||
    (provider === 'google' && model.startsWith('gemma-'))
  );
}

function startMs(validFrom: string): number {
  if (validFrom === 'initial') return -Infinity;
  return Date.parse(validFrom.includes('T') ? `${validFrom}:00Z` : `${validFrom}T00:00:00Z`);
}

/** `HH:MM:SS[.fff](Z|±HH:MM)` → milliseconds of the UTC day. */
function timeOfDayMs(text: string): number {
  return (Date.parse(`1970-01-02T${text}`) + DAY_MS) % DAY_MS;
}

function hourText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}
