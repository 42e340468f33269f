import { MAX_MODEL_CHARS, isBedrockId, modelIdCandidates, normaliseModelId } from './model-id.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceEntry } from './price-entry.ts';
import { priceProvider } from './price-provider.ts';
import type { PriceProvider } from './price-provider.ts';
import { rememberByNames } from './remember-by-names.ts';

/** Pairs of provider and models remembered; an installation has few, and a sender that invents more only loses the short cut. */
const MAX_REMEMBERED = 4096;

const NO_DEPLOYMENTS: ReadonlyMap<string, string> = new Map();

/** Ids that only one seller uses. */
const SELLER_SHAPES: readonly (readonly [RegExp, string])[] = [
  [/^accounts\/fireworks\//, 'fireworks'],
  [/^@cf\//, 'cloudflare'],
];

/** Makers of models and the ids they sell first-hand. */
const MAKERS: readonly { readonly provider: string; readonly models: RegExp }[] = [
  { provider: 'anthropic', models: /^claude-/ },
  { provider: 'openai', models: /^/ },
  { provider: 'google', models: /^gemini-/ },
  { provider: 'mistral', models: /^/ },
  { provider: 'cohere', models: /^/ },
  { provider: 'deepseek', models: /^deepseek-/ },
  { provider: 'x-ai', models: /^grok-/ },
  { provider: 'moonshotai', models: /^/ },
  { provider: 'minimax', models: /^/ },
  { provider: 'zhipuai', models: /^/ },
  { provider: 'zai', models: /^/ },
  { provider: 'perplexity', models: /^(?:sonar|r1-1776)/ },
  { provider: 'voyageai', models: /^/ },
];

/** Finds the price entry of a call; `undefined` = unknown or ambiguous, so the call is unpriced. */
export type MatchModel = (provider: string, responseModel: string, requestModel: string) => PriceEntry | undefined;

/**
 * Matches calls to price entries: the response model first (it names what was really used; on Bedrock the request's id, which alone tells the
 * region), then the other; never by substring.
 * The provider named on the span decides the price list. When it names none (empty, gateway, framework, unknown) the model's maker does,
 * if the id tells exactly one. Results are remembered, bounded.
 * `deployments` says which model a deployment of one's own runs (Azure, application inference profiles): exact names, lower case.
 */
export function createMatchModel(
  book: PriceBook,
  deployments: ReadonlyMap<string, string> = NO_DEPLOYMENTS
): MatchModel {
  return rememberByNames(MAX_REMEMBERED, MAX_MODEL_CHARS, (provider, responseModel, requestModel) =>
    match(book, provider, deployed(responseModel, deployments), deployed(requestModel, deployments))
  );
}

function deployed(model: string, deployments: ReadonlyMap<string, string>): string {
  return deployments.size === 0 ? model : (deployments.get(model.trim().toLowerCase()) ?? model);
}

function match(
  book: PriceBook,
  providerName: string,
  responseModel: string,
  requestModel: string
): PriceEntry | undefined {
  // Bedrock answers with the bare model name; only the id of the request tells the region, which the price depends on.
  const requestFirst = priceProvider(providerName).sellers[0] === 'aws' && isBedrockId(requestModel);
  const [first, second] = requestFirst ? [requestModel, responseModel] : [responseModel, requestModel];
  return matchOne(book, providerName, first) ?? matchOne(book, providerName, second);
}

function matchOne(book: PriceBook, providerName: string, model: string): PriceEntry | undefined {
  if (model === '' || model.length > MAX_MODEL_CHARS) return undefined;
  const provider = priceProvider(providerName);
  const sold = findAtSellers(book, provider, model);
  if (sold !== undefined) return billedPerToken(sold, providerName) ? sold : undefined;
  return provider.makers.length > 0 ? findAtMaker(book, provider.makers, model) : undefined;
}

function findAtSellers(book: PriceBook, { sellers, resold }: PriceProvider, model: string): PriceEntry | undefined {
  // `azure/gpt-4o` names the cloud, at whose maker's price list the model stands without it.
  const slash = model.indexOf('/');
  const named = slash > 0 ? priceProvider(model.slice(0, slash)).sellers : [];
  const bare = named.length > 0 && named[0] === sellers[0] ? model.slice(slash + 1) : model;
  const at = (provider: string): PriceEntry | undefined =>
    findAt(book, provider, resold.includes(provider) ? bare : model);
  const own = sellers.map(at).filter((entry) => entry !== undefined);
  return own.length > 0 ? only(own) : only(resold.map(at).filter((entry) => entry !== undefined));
}

function findAtMaker(book: PriceBook, allowed: 'any' | readonly string[], model: string): PriceEntry | undefined {
  const id = normaliseModelId(model);
  const named = sellersInId(id);
  if (named !== undefined) {
    if (allowed !== 'any' && !named.provider.sellers.every((seller) => allowed.includes(seller))) return undefined;
    const entry = findAtSellers(book, named.provider, named.id);
    return entry !== undefined && billsTokens(entry) ? entry : undefined;
  }
  const found: PriceEntry[] = [];
  for (const { provider, models } of MAKERS) {
    if ((allowed !== 'any' && !allowed.includes(provider)) || !models.test(id)) continue;
    const entry = findAt(book, provider, id);
    // A maker that gives a model away says nothing about what another host charged for it.
    if (entry !== undefined && billsTokens(entry)) found.push(entry);
  }
  return only(found);
}

/** The sellers that an id itself names: `openai/gpt-4o`, `vertex_ai/…`, `us.anthropic.claude-…`, `accounts/fireworks/…`. */
function sellersInId(id: string): { readonly provider: PriceProvider; readonly id: string } | undefined {
  for (const [shape, seller] of SELLER_SHAPES) if (shape.test(id)) return { provider: priceProvider(seller), id };
  if (isBedrockId(id)) return { provider: priceProvider('aws'), id };
  const slash = id.indexOf('/');
  const provider = priceProvider(id.slice(0, Math.max(slash, 0)));
  return provider.sellers.length === 0 ? undefined : { provider, id: id.slice(slash + 1) };
}

/** OpenAI and DeepSeek publish the weights of these and sell no tokens of them by these names; the price data lists what other hosts charge. */
const OPEN_WEIGHTS: Readonly<Record<string, RegExp>> = { openai: /^gpt-oss/, deepseek: /^deepseek-(?:v3\.|r1)/ };

function findAt(book: PriceBook, provider: string, model: string): PriceEntry | undefined {
  for (const candidate of modelIdCandidates(provider, model)) {
    const entry = book.find(provider, candidate);
    if (entry !== undefined) return OPEN_WEIGHTS[provider]?.test(candidate) === true ? undefined : entry;
  }
  return undefined;
}

/** Gemma is free on the Gemini API; on Vertex AI it runs on machines that are billed by the hour. */
function billedPerToken(entry: PriceEntry, providerName: string): boolean {
  return !providerName.toLowerCase().includes('vertex') || billsTokens(entry);
}

function billsTokens(entry: PriceEntry): boolean {
  return entry.validities.some(({ allDay }) => allDay.contexts.some(({ standard }) => !standard.free));
}

function only(entries: readonly PriceEntry[]): PriceEntry | undefined {
  return entries.length === 1 ? entries[0] : undefined;
}
