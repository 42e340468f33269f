import type { TokenUsage } from '../span.ts';
import { divideHalfEven } from './decimal.ts';
import type { FindOverride } from './find-override.ts';
import { createMatchModel } from './match-model.ts';
import type { MatchModel } from './match-model.ts';
import type { PriceBook } from './price-book.ts';
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
  /** True when single calls may add up to something else: rounding, fees, length of context, time of machines. */
  readonly estimate: boolean;
}

/** The length of context in a price id, as `rate-card.ts` writes it. */
const CONTEXT_TAG = /over-(\d+)/;

/**
 * Makes the function that says what a group of calls costs by the prices known now. Calls whose price entry stays the same keep their
 * cost to the last digit. What a sum cannot tell is estimated: a call's length of context from its old price entry or from the mean,
 * fees from what was charged before, the region not at all. Never throws.
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
    const length = context === undefined ? mean : Number(context) + 1;
    const listed = entry && selectRateCard(entry, { ...group, region: '', inputTokens: length });
    const card = own === undefined ? listed : own.card(listed);
    // What the instrumentation of these calls claimed would be their cost then; the sum does not know it.
    if (card === undefined) return { priceId: '', costPico: 0n, estimate: group.priceId !== '' };
    if (entryOf(card.priceId) === entryOf(group.priceId))
      return { priceId: group.priceId, costPico: group.costPico, estimate: false };
    return priceWith(card, group, (entry?.validities[0]?.allDay.contexts.length ?? 0) > 1);
  };
}

/** Without what the call itself decides: tier, length of context, region. */
function entryOf(priceId: string): string {
  return priceId.split('#', 1)[0]!;
}

function priceWith(card: RateCard, { usage, calls, requestPico, priceId }: CallGroup, tiered: boolean): GroupPrice {
  const billed = { ...splitUsage(usage), request: calls };
  let scaled = 0n;
  for (const unit of PRICE_UNITS) scaled += BigInt(quantityOf(billed, unit)) * card.rates[unit];
  // Searches and the like were charged before; the sum does not count them.
  const fees = card.counts.length > 0 ? requestPico : 0n;
  return {
    priceId: card.priceId,
    costPico: divideHalfEven(scaled, card.scale) + fees,
    estimate: card.scale !== 1n || card.rates.request > 0n || card.counts.length > 0 || tiered || priceId.includes('#'),
  };
}
