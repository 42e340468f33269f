import type { Cost, CostState, GenAiSpan } from '../span.ts';
import { calculateCost, clampPico } from './calculate-cost.ts';
import { parsePico } from './decimal.ts';
import { createMatchModel } from './match-model.ts';
import type { MatchModel } from './match-model.ts';
import { billedMilliseconds, readOtherUsage } from './other-usage.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceEntry } from './price-entry.ts';
import type { RateCard } from './rate-card.ts';
import { selectRateCard } from './select-rate-card.ts';
import { quantityOf, splitUsage } from './split-usage.ts';
import type { BilledQuantities } from './split-usage.ts';

/** Prices one span. Never throws; takes less than a microsecond (`bench/price.mjs`). */
export type Price = (span: GenAiSpan) => Cost;

/** Anthropic's fast mode stands beside the service tier, not in it. */
const SPEED_ATTRIBUTES = ['anthropic.usage.speed', 'anthropic.response.speed', 'anthropic.request.speed'];

/**
 * Makes the price stage. What it says of a span, first that holds:
 * - `not_billable`: not a call to a model, or another span bills the call. All amounts 0.
 * - `not_charged`: the call failed and no tokens were reported.
 * - `no_usage`: the call succeeded (or nobody knows) but nothing that it is billed by was reported, so nothing can be computed.
 * - `reported`: the model has no known price, but the instrumentation claimed a cost: that is the total. It has no parts, so it stands in the
 *   request part, and the five parts still sum to the total.
 * - `unpriced`: the model has no known price, or its id is ambiguous. Amounts 0.
 * - `free`: the price is 0. - `computed`: quantities × the price valid at the span's start.
 * In every state `reportedPico` keeps what the instrumentation claimed (0 = nothing, or not a number).
 */
export function createPrice(book: PriceBook, match: MatchModel = createMatchModel(book)): Price {
  return (span) => {
    const claimed = span.reportedCostUsd === '' ? 0n : (parsePico(span.reportedCostUsd) ?? 0n);
    const reportedPico = clampPico(claimed);
    const { usage } = span;
    if (!span.billable) return withoutAmounts('not_billable', reportedPico, claimed);
    const hasTokens = usage.inputTokens > 0 || usage.outputTokens > 0;
    if (span.status === 'error' && (usage.state === 'missing' || !hasTokens)) {
      return withoutAmounts('not_charged', reportedPico, claimed);
    }
    const entry = match(span.provider, span.responseModel, span.requestModel);
    const card = entry && cardOf(entry, span);
    if (usage.state === 'missing' && card?.insteadOfTokens === undefined) {
      return withoutAmounts('no_usage', reportedPico, claimed);
    }
    if (entry === undefined || card === undefined) {
      return claimed > 0n ? asReported(reportedPico, claimed) : withoutAmounts('unpriced', reportedPico, claimed);
    }
    const billed = billedQuantities(entry, card, span);
    if (card.insteadOfTokens !== undefined && quantityOf(billed, card.insteadOfTokens) === 0) {
      // Tokens of a model that is sold by the hour say nothing of its cost.
      return withoutAmounts(hasTokens ? 'unpriced' : 'no_usage', reportedPico, claimed);
    }
    const amounts = calculateCost(card, billed);
    return {
      state: card.free ? 'free' : 'computed',
      priceId: card.priceId,
      totalPico: amounts.totalPico,
      inputPico: amounts.inputPico,
      outputPico: amounts.outputPico,
      cacheReadPico: amounts.cacheReadPico,
      cacheWritePico: amounts.cacheWritePico,
      requestPico: amounts.requestPico,
      cacheSavingsPico: amounts.cacheSavingsPico,
      reportedPico,
      clamped: amounts.clamped || reportedPico !== claimed,
    };
  };
}

function cardOf(entry: PriceEntry, span: GenAiSpan): RateCard | undefined {
  return selectRateCard(entry, {
    timestampNs: span.timestampNs,
    inputTokens: span.usage.inputTokens,
    serviceTier: entry.provider === 'anthropic' && isFast(span.attributes) ? 'fast' : span.serviceTier,
    region: span.region,
    provider: span.provider,
  });
}

function isFast(attributes: ReadonlyMap<string, string>): boolean {
  if (attributes.size === 0) return false;
  for (const name of SPEED_ATTRIBUTES) {
    const speed = attributes.get(name);
    if (speed !== undefined) return speed === 'fast';
  }
  return false;
}

function billedQuantities(
  entry: PriceEntry,
  card: RateCard,
  { usage, attributes, operation }: GenAiSpan
): BilledQuantities {
  if (card.counts.length === 0) return splitUsage(usage);
  const other = readOtherUsage(card, attributes, operation, usage);
  if (other?.audioMillisecond === undefined) return splitUsage(usage, other);
  const audioMillisecond = billedMilliseconds(entry.provider, entry.model, other.audioMillisecond);
  return splitUsage(usage, { ...other, audioMillisecond });
}

function withoutAmounts(state: CostState, reportedPico: bigint, claimed: bigint): Cost {
  return {
    state,
    priceId: '',
    totalPico: 0n,
    inputPico: 0n,
    outputPico: 0n,
    cacheReadPico: 0n,
    cacheWritePico: 0n,
    requestPico: 0n,
    cacheSavingsPico: 0n,
    reportedPico,
    clamped: reportedPico !== claimed,
  };
}

function asReported(reportedPico: bigint, claimed: bigint): Cost {
  return {
    ...withoutAmounts('reported', reportedPico, claimed),
    totalPico: reportedPico,
    requestPico: reportedPico,
  };
}
