import { createHash } from 'node:crypto';
import type { ModelInfo } from '@pydantic/genai-prices';
import type { PriceData } from './load-price-data.ts';
import { createModelIndex } from './model-index.ts';
import type { ModelIndex } from './model-index.ts';
import { compilePriceEntry, compileReviewedEntry } from './price-entry.ts';
import type { PriceEntry } from './price-entry.ts';
import { REVIEWED_PRICES } from './reviewed-prices.ts';

const DIGEST_DIGITS = 8;

/** The price data, compiled. */
export interface PriceBook {
  /** Where the prices come from, e.g. `genai-prices@0.1.8+reviewed.2026-11-10.0f3a9c1e`; single prices of our own name their page instead. */
  readonly source: string;
  /** Provider ids of the price data. */
  readonly providers: readonly string[];
  /** The entry of one provider for one normalised model id; `undefined` when it is not listed or two entries claim it. */
  readonly find: (provider: string, modelId: string) => PriceEntry | undefined;
  /** Every entry of every provider; compiles what was not needed yet. */
  readonly entries: () => readonly PriceEntry[];
}

/** So that a store takes over prices that were reviewed since the data was released: the last day, and a digest of them all. */
const REVIEW = `${
  REVIEWED_PRICES.map(({ asOf }) => asOf)
    .sort()
    .at(-1) ?? ''
}.${createHash('sha256').update(JSON.stringify(REVIEWED_PRICES)).digest('hex').slice(0, DIGEST_DIGITS)}`;

/** Indexes the price data; an entry's prices are compiled when it is first found, so that starting takes milliseconds. */
export function createPriceBook(data: PriceData): PriceBook {
  const indexes = new Map<string, ModelIndex>();
  const models: (readonly [string, ModelInfo])[] = [];
  const added = new Map<ModelInfo, PriceEntry>();
  for (const { id: provider, models: listed } of data.providers) {
    const reviewed = reviewedModels(provider, listed, added);
    indexes.set(provider, createModelIndex(provider, listed, reviewed));
    for (const model of [...listed, ...reviewed]) models.push([provider, model]);
  }
  const compiled = new Map<ModelInfo, PriceEntry>(added);
  const compile = (provider: string, model: ModelInfo): PriceEntry => {
    const known = compiled.get(model);
    if (known !== undefined) return known;
    const entry = compilePriceEntry(provider, model);
    compiled.set(model, entry);
    return entry;
  };
  return {
    source: `${data.source}+reviewed.${REVIEW}`,
    providers: data.providers.map(({ id }) => id),
    find: (provider, modelId) => {
      const model = indexes.get(provider)?.(modelId);
      return model && compile(provider, model);
    },
    entries: () => models.map(([provider, model]) => compile(provider, model)),
  };
}

/** Models that the data lacks, in its shape; left out as soon as it lists one of the same name. */
function reviewedModels(
  provider: string,
  listed: readonly ModelInfo[],
  added: Map<ModelInfo, PriceEntry>
): readonly ModelInfo[] {
  return REVIEWED_PRICES.filter(
    (entry) => entry.kind === 'model' && entry.provider === provider && !listed.some(({ id }) => id === entry.model)
  ).map((entry) => {
    const match = {
      or: (entry.ids ?? [entry.model]).map((id) => (id.startsWith('ft:') ? { starts_with: id } : { equals: id })),
    };
    const model: ModelInfo = { id: entry.model, match, prices: {} };
    added.set(model, compileReviewedEntry(entry));
    return model;
  });
}
