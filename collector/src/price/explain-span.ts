import type { Cost, GenAiSpan } from '../span.ts';
import { formatPico } from './decimal.ts';
import { explainCost } from './explain-cost.ts';
import type { CostLine } from './explain-cost.ts';
import type { FindOverride } from './find-override.ts';
import { createMatchModel } from './match-model.ts';
import { usdPerMillion } from './override-rows.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceOverride } from './price-override.ts';
import { createPrice, webSearches } from './price-span.ts';
import { selectRateCard } from './select-rate-card.ts';
import { splitUsage } from './split-usage.ts';

const NS_PER_SECOND = 1e9;

/** How a cost is made: what was bought, at which price, of which entry. */
export interface Explanation {
  readonly cost: Cost;
  /** Provider and model of the list entry; empty when none is known. */
  readonly priceProvider: string;
  readonly priceModel: string;
  /** The service tier that was billed; empty without a price. */
  readonly tier: string;
  /** Price id of the override that holds; empty when none does. */
  readonly override: string;
  readonly lines: readonly CostLine[];
}

/** Makes the function that explains what a span costs by the prices known now, with the calculator that prices spans. Never throws. */
export function createExplainSpan(book: PriceBook, findOverride: FindOverride): (span: GenAiSpan) => Explanation {
  const price = createPrice(book, findOverride);
  const match = createMatchModel(book);
  return (span) => {
    const cost = price(span);
    const entry = match(span.provider, span.responseModel, span.requestModel);
    const own = findOverride(span, () => entry);
    const listed = entry && selectRateCard(entry, span.timestampNs, span.usage.inputTokens, span.serviceTier);
    const card = own === undefined ? listed : own.card(listed);
    const explained = {
      cost,
      priceProvider: entry?.provider ?? '',
      priceModel: entry?.model ?? '',
      tier: card?.tier ?? '',
      override: own === undefined ? '' : cost.priceId.split('+', 1)[0]!,
    };
    if (cost.priceId === '') return { ...explained, lines: [] };
    if (own?.machinePico !== undefined) return { ...explained, lines: [machineLine(span, cost, own.override)] };
    if (card === undefined) return { ...explained, lines: [] };
    const searches = card.chargesSearches ? webSearches(span.attributes) : 0;
    return { ...explained, lines: explainCost(card, splitUsage(span.usage, searches)) };
  };
}

/** Seconds of GPUs, shared with the calls beside it. */
function machineLine({ durationNs }: GenAiSpan, { requestPico }: Cost, own: PriceOverride): CostLine {
  return {
    unit: 'gpu_second',
    part: 'request_cost_usd',
    quantity: (durationNs * own.gpus) / own.parallelCalls / NS_PER_SECOND,
    usd_per_million: usdPerMillion(own, 'gpu_second'),
    cost_usd: formatPico(requestPico),
  };
}
