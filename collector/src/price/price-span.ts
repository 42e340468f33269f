import type { Cost, CostState } from '../span.ts';
import { calculateCost, clampPico } from './calculate-cost.ts';
import { parsePico } from './decimal.ts';
import { noOverrides } from './find-override.ts';
import type { FindOverride } from './find-override.ts';
import { createMatchModel } from './match-model.ts';
import type { MatchModel } from './match-model.ts';
import type { PriceBook } from './price-book.ts';
import type { PricedCall } from './priced-call.ts';
import { billedQuantities } from './billed-quantities.ts';
import { listCard } from './list-card.ts';
import { overridePriceId } from './price-override.ts';
import { quantityOf } from './split-usage.ts';

/** Prices one span. Never throws; takes less than a microsecond (`bench/price.mjs`). */
export type Price = (span: PricedCall) => Cost;

/**
 * Makes the price stage. What it says of a span, first that holds:
 * - `not_billable`: not a call to a model, or another span bills the call. All amounts 0.
 * - `not_charged`: the call failed and no tokens were reported.
 * - `no_usage`: the call succeeded (or nobody knows) but nothing that it is billed by was reported, so nothing can be computed.
 * - `reported`: the model has no known price, but the instrumentation claimed a cost: that is the total. It has no parts, so it stands in the
 *   request part, and the five parts still sum to the total.
 * - `unpriced`: the model has no known price, or its id is ambiguous. Amounts 0.
 * - `free`: the price is 0. - `computed`: quantities × the price valid at the span's start.
 * Machines that the organisation pays by the hour (an override) cost their time, whatever the call reported and however it ended.
 * In every state `reportedPico` keeps what the instrumentation claimed (0 = nothing, or not a number).
 */
export function createPrice(
  book: PriceBook,
  findOverride: FindOverride = noOverrides,
  match: MatchModel = createMatchModel(book)
): Price {
  return (span) => {
    const claimed = span.reportedCostUsd === '' ? 0n : (parsePico(span.reportedCostUsd) ?? 0n);
    const reportedPico = clampPico(claimed);
    const { usage } = span;
    if (!span.billable) return withoutAmounts('not_billable', reportedPico, claimed);
    const entryOf = () => match(span.provider, span.responseModel, span.requestModel);
    const own = findOverride(span, entryOf);
    if (own?.machinePico !== undefined) {
      return byMachine(own.machinePico(span.durationNs), overridePriceId(own.override), reportedPico, claimed);
    }
    const hasTokens = usage.inputTokens > 0 || usage.outputTokens > 0;
    if (span.status === 'error' && (usage.state === 'missing' || !hasTokens)) {
      return withoutAmounts('not_charged', reportedPico, claimed);
    }
    const entry = entryOf();
    const listed = entry && listCard(entry, span);
    const card =
      own === undefined ? listed : own.card(listed, { timestampNs: span.timestampNs, inputTokens: usage.inputTokens });
    if (usage.state === 'missing' && card?.insteadOfTokens === undefined) {
      return withoutAmounts('no_usage', reportedPico, claimed);
    }
    if (card === undefined) {
      return claimed > 0n ? asReported(reportedPico, claimed) : withoutAmounts('unpriced', reportedPico, claimed);
    }
    const billed = billedQuantities(card, entry, span);
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

/** The time of machines has no tokens, so it stands in the request part. */
function byMachine(pico: bigint, priceId: string, reportedPico: bigint, claimed: bigint): Cost {
  const amount = clampPico(pico);
  return {
    ...withoutAmounts(amount === 0n ? 'free' : 'computed', reportedPico, claimed),
    priceId,
    totalPico: amount,
    requestPico: amount,
    clamped: amount !== pico || reportedPico !== claimed,
  };
}
