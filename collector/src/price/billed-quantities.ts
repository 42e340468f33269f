import { billedMilliseconds, readOtherUsage } from './other-usage.ts';
import type { PriceEntry } from './price-entry.ts';
import type { PricedCall } from './priced-call.ts';
import type { RateCard } from './rate-card.ts';
import { splitUsage } from './split-usage.ts';
import type { BilledQuantities } from './split-usage.ts';

/** What a span's call is billed for by this card. `entry`: the list entry of the model, whose provider may round times. */
export function billedQuantities(
  card: RateCard,
  entry: PriceEntry | undefined,
  { usage, attributes, operation }: PricedCall
): BilledQuantities {
  if (card.counts.length === 0) return splitUsage(usage);
  const other = readOtherUsage(card, attributes, operation, usage);
  if (other?.audioMillisecond === undefined || entry === undefined) return splitUsage(usage, other);
  const audioMillisecond = billedMilliseconds(entry.provider, entry.model, other.audioMillisecond);
  return splitUsage(usage, { ...other, audioMillisecond });
}
