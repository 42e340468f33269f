import { priceSetAt } from './price-entry.ts';
import type { ContextPrices, PriceEntry } from './price-entry.ts';
import { createRateCard } from './rate-card.ts';
import type { RateCard } from './rate-card.ts';
import { STANDARD_TIER, serviceTier } from './service-tiers.ts';

/**
 * The prices of one call: those valid at its time (Unix nanoseconds), for the length of its whole input, in its service tier as sent.
 * `undefined` when the entry has no price for tokens at that time.
 */
export function selectRateCard(
  entry: PriceEntry,
  timestampNs: bigint,
  inputTokens: number,
  sentTier: string
): RateCard | undefined {
  const { contexts, priceId } = priceSetAt(entry, timestampNs);
  let context: ContextPrices | undefined = contexts[0];
  for (const longer of contexts) if (inputTokens > longer.above) context = longer;
  if (context === undefined) return undefined;
  if (sentTier === '' || context.standard.free) return context.standard;
  const tier = serviceTier(entry.provider, entry.model, sentTier);
  if (tier === STANDARD_TIER) return context.standard;
  const known = context.cards.get(tier.name);
  if (known !== undefined) return known;
  const card = createRateCard(priceId, context.prices, context.tags, tier);
  context.cards.set(tier.name, card);
  return card;
}
