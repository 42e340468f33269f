import type { PriceData } from './load-price-data.ts';
import { createModelIndex } from './model-index.ts';
import type { ModelIndex } from './model-index.ts';
import { compilePriceEntry } from './price-entry.ts';
import type { PriceEntry } from './price-entry.ts';

/** The price data, compiled. */
export interface PriceBook {
  /** Where the prices come from, e.g. `genai-prices@0.1.8`. */
  readonly source: string;
  /** Provider ids of the price data. */
  readonly providers: readonly string[];
  /** The entry of one provider for one normalised model id; `undefined` when it is not listed or two entries claim it. */
  readonly find: (provider: string, modelId: string) => PriceEntry | undefined;
  /** Every entry of every provider; compiles what was not needed yet. */
  readonly entries: () => readonly PriceEntry[];
}

/** Indexes the price data; an entry's prices are compiled when it is first found, so that starting takes milliseconds. */
export function createPriceBook(data: PriceData): PriceBook {
  const indexes = new Map<string, ModelIndex>();
  for (const { id, models } of data.providers) indexes.set(id, createModelIndex(id, models));
  const compiled = new Map<object, PriceEntry>();
  const compile = (provider: string, model: Parameters<typeof compilePriceEntry>[1]): PriceEntry => {
    const known = compiled.get(model);
    if (known !== undefined) return known;
    const entry = compilePriceEntry(provider, model);
    compiled.set(model, entry);
    return entry;
  };
  return {
    source: data.source,
    providers: data.providers.map(({ id }) => id),
    find: (provider, modelId) => {
      const model = indexes.get(provider)?.(modelId);
      return model && compile(provider, model);
    },
    entries: () => data.providers.flatMap(({ id, models }) => models.map((model) => compile(id, model))),
  };
}
