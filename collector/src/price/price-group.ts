import type { TokenUsage } from '../span.ts';
import { divideHalfEven } from './decimal.ts';
import type { FindOverride } from './find-override.ts';
import { createMatchModel } from './match-model.ts';
import type { MatchModel } from './match-model.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceEntry } from './price-entry.ts';
import { overridePriceId } from './price-override.ts';
import { PRICE_UNITS } from './price-units.ts';
import type { RateCard } from './rate-card.ts';
import { selectRateCard } from './select-rate-card.ts';
import { quantityOf, splitUsage } from './split-usage.ts';

/** Calls of one day that have the same model, service tier and price entry, as a rollup sums them. */
export interface CallGroup {
  readonly workspace: string;
  readonly provider: string;
  readonly model: string;
  readonly serviceTier: string;
  /** The price entry that they were priced by; empty when none. */
  readonly priceId: string;
  /** Start of the UTC day, Unix nanoseconds. */
  readonly timestampNs: bigint;
  readonly calls: number;
  readonly durationNs: number;
  /** Sums over the calls. */
  readonly usage: TokenUsage;
  readonly costPico: bigint;
  readonly requestPico: bigint;
}

export interface GroupPrice {
  /** The price entry that holds now; empty when none. */
  readonly priceId: string;
  readonly costPico: bigint;
  /** True when single calls may add up to something else: rounding, fees, length of context, hour, time of machines. */
  readonly estimate: boolean;
}

/** The length of context in a price id, as `rate-card.ts` writes it. */
const CONTEXT_TAG = /over-(\d+)/;
/** The hours of the day in a price id, as `price-entry.ts` writes them. */
const HOURS_TAG = /~(\d\d):(\d\d)-/;
const NS_PER_MINUTE = 60_000_000_000n;
/** Every half hour of a day: prices of hours that no price id names hold at one of them. */
const DAY_TIMES = Array.from({ length: 48 }, (_, half) => BigInt(half) * 30n * NS_PER_MINUTE);

/**
 * Makes the function that says what a group of calls costs by the prices known now. Calls whose price entry stays the same keep their
 * cost to the last digit. What a sum cannot tell is estimated: a call's length of context and hour of the day from its old price entry,
 * or from the mean and midnight, fees from what was charged before, the region not at all. Never throws.
 */
export function createPriceGroup(
  book: PriceBook,
  findOverride: FindOverride,
  match: MatchModel = createMatchModel(book)
): (group: CallGroup) => GroupPrice {
  return (group) => {
    const entry = match(group.provider, group.model, '');
    const facts = { ...group, responseModel: group.model, requestModel: '', region: '' };
    const own = findOverride(facts, () => entry);
    if (own?.machinePico !== undefined)
      return {
        priceId: overridePriceId(own.override),
        costPico: own.machinePico(group.durationNs),
        estimate: overridePriceId(own.override) !== group.priceId,
      };
    const context = CONTEXT_TAG.exec(group.priceId)?.[1];
    const mean = Math.round(group.usage.inputTokens / Math.max(1, group.calls));
    const inputTokens = context === undefined ? mean : Number(context) + 1;
    const cardAt = (timestampNs: bigint): RateCard | undefined => {
      const listed = entry && selectRateCard(entry, { ...group, timestampNs, region: '', inputTokens });
      return own === undefined ? listed : own.card(listed, { timestampNs, inputTokens });
    };
    const isSame = (card: RateCard | undefined): boolean =>
      card !== undefined && entryOf(card.priceId) === entryOf(group.priceId);
    const first = cardAt(group.timestampNs + startOfHours(group.priceId));
    const hourly = own?.override.hours !== undefined || (entry !== undefined && changesWithinDays(entry));
    const card =
      hourly && !isSame(first)
        ? (DAY_TIMES.map((offset) => cardAt(group.timestampNs + offset)).find(isSame) ?? first)
        : first;
    // What the instrumentation of these calls claimed would be their cost then; the sum does not know it.
    if (card === undefined) return { priceId: '', costPico: 0n, estimate: group.priceId !== '' };
    if (isSame(card)) return { priceId: group.priceId, costPico: group.costPico, estimate: false };
    const tiered = (entry?.validities[0]?.allDay.contexts.length ?? 0) > 1 || own?.override.tiers !== undefined;
    return priceWith(card, group, hourly || tiered);
  };
}

/** Where in the day the calls of a price id were, if it says so: 0 when it does not. */
function startOfHours(priceId: string): bigint {
  const [, hour, minute] = HOURS_TAG.exec(priceId) ?? [];
  return hour === undefined ? 0n : BigInt(Number(hour) * 60 + Number(minute)) * NS_PER_MINUTE;
}

function changesWithinDays({ validities }: PriceEntry): boolean {
  return validities.some(({ hours, validFrom }) => hours.length > 0 || validFrom.includes('T'));
}

/** Without what the call itself decides: tier, length of context, region. */
function entryOf(priceId: string): string {
  return priceId.split('#', 1)[0]!;
}

function priceWith(card: RateCard, { usage, calls, requestPico, priceId }: CallGroup, perCall: boolean): GroupPrice {
  const billed = { ...splitUsage(usage), request: calls };
  let scaled = 0n;
  for (const unit of PRICE_UNITS) scaled += BigInt(quantityOf(billed, unit)) * card.rates[unit];
  // Searches and the like were charged before; the sum does not count them.
  const fees = card.counts.length > 0 ? requestPico : 0n;
  return {
    priceId: card.priceId,
    costPico: divideHalfEven(scaled, card.scale) + fees,
    estimate:
      card.scale !== 1n || card.rates.request > 0n || card.counts.length > 0 || perCall || priceId.includes('#'),
  };
}
