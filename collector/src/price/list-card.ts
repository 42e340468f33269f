import type { PriceEntry } from './price-entry.ts';
import type { PricedCall } from './priced-call.ts';
import type { RateCard } from './rate-card.ts';
import { selectRateCard } from './select-rate-card.ts';

/** Anthropic's fast mode stands beside the service tier, not in it. */
export const SPEED_ATTRIBUTES: readonly string[] = [
  'anthropic.usage.speed',
  'anthropic.response.speed',
  'anthropic.request.speed',
];

/** The list prices of a span's call, by all that the span says of it. */
export function listCard(entry: PriceEntry, span: PricedCall): RateCard | undefined {
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
