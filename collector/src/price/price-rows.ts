import { formatPerMillion } from './explain-cost.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceEntry, PriceSet } from './price-entry.ts';
import { UNIT_FACTS } from './price-units.ts';

/** A row of `genai.prices`: one price as the source states it. Prices that are derived (see `unit-prices.ts`) are not rows. */
export interface PriceRow {
  /** Provider of the price data, e.g. `openai`, `google`, `aws`. */
  readonly provider: string;
  readonly model: string;
  /** As in the spans' column `price_id`, without a tier. */
  readonly price_id: string;
  /** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, inclusive, UTC; empty = since the beginning. */
  readonly valid_from: string;
  /** The same, exclusive; empty = still valid. */
  readonly valid_to: string;
  /** Name of the unit in `price-units.ts`: `input`, `output`, `cache_read`, … `audio_millisecond`. */
  readonly unit: string;
  /** The price holds for calls of more than this many input tokens. */
  readonly tier_start_tokens: number;
  /** Decimal text: of a million tokens, calls, searches, pages or milliseconds. */
  readonly usd_per_million: string;
  readonly source: string;
}

/** The whole price book as flat rows, in the order of the source. */
export function priceRows(book: PriceBook): readonly PriceRow[] {
  return book.entries().flatMap((entry) => entryRows(entry, book.source));
}

function entryRows(entry: PriceEntry, source: string): readonly PriceRow[] {
  return entry.validities.flatMap((validity, index) => {
    const validFrom = validity.validFrom === 'initial' ? '' : validity.validFrom;
    const validTo = entry.validities[index + 1]?.validFrom ?? '';
    const sets = [validity.allDay, ...validity.hours.map(({ prices }) => prices)];
    return sets.flatMap((set) => setRows(entry, set, validFrom, validTo, source));
  });
}

function setRows(
  entry: PriceEntry,
  set: PriceSet,
  validFrom: string,
  validTo: string,
  source: string
): readonly PriceRow[] {
  return set.given.flatMap(({ above, prices }) =>
    [...prices].map(([unit, price]) => ({
      provider: entry.provider,
      model: entry.model,
      price_id: set.priceId,
      valid_from: validFrom,
      valid_to: validTo,
      unit: UNIT_FACTS[unit].name,
      tier_start_tokens: above,
      usd_per_million: formatPerMillion(price.numerator, price.denominator),
      source: set.source ?? source,
    }))
  );
}
