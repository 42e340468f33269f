import { priceSetAt } from './price-entry.ts';
import type { ContextPrices, PriceEntry } from './price-entry.ts';
import { priceProvider } from './price-provider.ts';
import { createRateCard } from './rate-card.ts';
import type { RateCard } from './rate-card.ts';
import { regionPremium } from './region-premiums.ts';
import { STANDARD_TIER, serviceTier } from './service-tiers.ts';

/** What decides the prices of a call beside its model. */
export interface CallTerms {
  /** Unix nanoseconds. */
  readonly timestampNs: bigint;
  /** The whole input, cached tokens included. */
  readonly inputTokens: number;
  /** Service tier and region as sent; empty = not said. */
  readonly serviceTier: string;
  readonly region: string;
  /** Provider as the span names it: some bill a premium for regions. */
  readonly provider: string;
}

/**
 * The prices of one call: those valid at its time, for the length of its whole input, in its service tier and region.
 * `undefined` when the entry has no price for anything that is counted at that time.
 */
export function selectRateCard(entry: PriceEntry, terms: CallTerms): RateCard | undefined {
  const { contexts, priceId } = priceSetAt(entry, terms.timestampNs);
  let context: ContextPrices | undefined = contexts[0];
  for (const longer of contexts) if (terms.inputTokens > longer.above) context = longer;
  if (context === undefined) return undefined;
  if ((terms.serviceTier === '' && terms.region === '') || context.standard.free) return context.standard;
  const tier = serviceTier(entry.provider, entry.model, terms.serviceTier, context.above > 0);
  const premium =
    terms.region === '' ? undefined : regionPremium(sellerOf(entry, terms.provider), entry.model, terms.region);
  if (tier === STANDARD_TIER && premium === undefined) return context.standard;
  const name = premium === undefined ? tier.name : `${tier.name} ${premium.name}`;
  const known = context.cards.get(name);
  if (known !== undefined) return known;
  const card = createRateCard(priceId, context.prices, context.tags, tier, premium);
  if (context.cards.size < MAX_CARDS) context.cards.set(name, card);
  return card;
}

/** Cards remembered per entry, validity and context: regions are named by senders. */
const MAX_CARDS = 64;

/** Clouds that resell a model at its maker's price still bill by their own regions. */
function sellerOf(entry: PriceEntry, provider: string): string {
  return priceProvider(provider).sellers[0] ?? entry.provider;
}
