import type { Cost, GenAiSpan } from '../span.ts';
import { explainCost } from './explain-cost.ts';
import type { CostLine } from './explain-cost.ts';
import type { FindOverride } from './find-override.ts';
import { billedQuantities } from './billed-quantities.ts';
import { listCard } from './list-card.ts';
import { createMatchModel } from './match-model.ts';
import type { MatchModel } from './match-model.ts';
import { explainMachine } from './explain-machine.ts';
import type { PriceBook } from './price-book.ts';
import { createPrice } from './price-span.ts';

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
export function createExplainSpan(
  book: PriceBook,
  findOverride: FindOverride,
  match: MatchModel = createMatchModel(book)
): (span: GenAiSpan) => Explanation {
  const price = createPrice(book, findOverride, match);
  return (span) => {
    const cost = price(span);
    const entry = match(span.provider, span.responseModel, span.requestModel);
    const own = findOverride(span, () => entry);
    const listed = entry && listCard(entry, span);
    const card =
      own === undefined
        ? listed
        : own.card(listed, { timestampNs: span.timestampNs, inputTokens: span.usage.inputTokens });
    const explained = {
      cost,
      priceProvider: entry?.provider ?? '',
      priceModel: entry?.model ?? '',
      tier: card?.tier ?? '',
      override: own === undefined ? '' : cost.priceId.split('+', 1)[0]!,
    };
    if (cost.priceId === '') return { ...explained, lines: [] };
    if (own?.machinePico !== undefined)
      return { ...explained, lines: [explainMachine(own.override, span.durationNs, cost.requestPico)] };
    if (card === undefined) return { ...explained, lines: [] };
    return { ...explained, lines: explainCost(card, billedQuantities(card, entry, span)) };
  };
}
