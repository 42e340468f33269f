import { calculateCost, clampPico } from './calculate-cost.ts';
import { formatPico } from './decimal.ts';
import { explainCost } from './explain-cost.ts';
import { explainMachine } from './explain-machine.ts';
import type { CostLine } from './explain-cost.ts';
import { noOverrides } from './find-override.ts';
import type { FindOverride } from './find-override.ts';
import { createMatchModel } from './match-model.ts';
import type { MatchModel } from './match-model.ts';
import { billedMilliseconds } from './other-usage.ts';
import type { PriceBook } from './price-book.ts';
import { priceSetAt } from './price-entry.ts';
import type { PriceEntry } from './price-entry.ts';
import { overridePriceId } from './price-override.ts';
import type { PriceOverride } from './price-override.ts';
import type { RateCard } from './rate-card.ts';
import { readCalculateBody } from './read-calculate-body.ts';
import type { CalculateInput, FieldError } from './read-calculate-body.ts';
import { selectRateCard } from './select-rate-card.ts';
import { quantityOf, splitUsage } from './split-usage.ts';

/** The answer of `POST /api/v1/prices/calculate`. Money is decimal text in US dollars, exact to 12 digits; `cost_usd` is the sum of the parts. */
export interface CalculateAnswer {
  readonly cost_usd: string;
  readonly parts: {
    readonly input_cost_usd: string;
    readonly output_cost_usd: string;
    readonly cache_read_cost_usd: string;
    readonly cache_write_cost_usd: string;
    readonly request_cost_usd: string;
  };
  readonly cache_savings_usd: string;
  readonly cost_state: 'computed' | 'free' | 'no_usage' | 'unpriced';
  /** Entry, validity and tier that were applied; empty when none. */
  readonly price_id: string;
  /** The provider and entry of the price data; empty when unpriced. */
  readonly price_provider: string;
  readonly price_model: string;
  /** The tier that was applied: `standard` when the one sent has no published price for this model. Empty when unpriced. */
  readonly service_tier: string;
  /** Region whose premium is in the prices; empty when the region sent changes nothing. */
  readonly region_premium: string;
  /** Where the prices come from, `override` for a price of the organisation itself; empty when unpriced. */
  readonly price_source: string;
  readonly clamped: boolean;
  /** How the cost was made: quantity × price for each unit. */
  readonly lines: readonly CostLine[];
}

export type CalculateResult =
  | { readonly ok: true; readonly answer: CalculateAnswer }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/**
 * Makes the pure function behind `POST /api/v1/prices/calculate`: decoded JSON in, answer or every fault of the input out.
 * A model without a known price is an answer (`unpriced`), not a fault; so is missing usage (`no_usage`). Never throws.
 * The prices of the workspace count. Machines paid by the hour cost the duration that the request names; without one it is `no_usage`,
 * with the price id and price of a second. What is billed by the call or by a search counts one when no more are named.
 * `now` gives the time (Unix milliseconds) that prices are taken at when the request names none.
 */
export function createCalculateRequest(
  book: PriceBook,
  now: () => number,
  findOverride: FindOverride = noOverrides,
  match: MatchModel = createMatchModel(book)
): (body: unknown, workspace?: string) => CalculateResult {
  return (body, workspace = '') => {
    const read = readCalculateBody(body, now);
    if (!read.ok) return read;
    const { input } = read;
    const entry = match(input.provider, input.model, '');
    const { timestampNs, serviceTier, region, provider } = input;
    const terms = { timestampNs, inputTokens: input.usage.inputTokens, serviceTier, region, provider };
    const facts = { ...input, workspace, responseModel: input.model, requestModel: '' };
    const own = findOverride(facts, () => entry);
    if (own?.machinePico !== undefined)
      return { ok: true, answer: machineAnswer(own.override, own.machinePico, input) };
    const listed = entry && selectRateCard(entry, terms);
    const card = own === undefined ? listed : own.card(listed, terms);
    if (input.usage.state === 'missing' && card?.insteadOfTokens === undefined)
      return { ok: true, answer: emptyAnswer('no_usage') };
    if (card === undefined) return { ok: true, answer: emptyAnswer('unpriced') };
    return { ok: true, answer: answerOf(book, entry, card, input) };
  };
}

function machineAnswer(
  own: PriceOverride,
  machinePico: (durationNs: number) => bigint,
  { durationNs }: CalculateInput
): CalculateAnswer {
  const pico = durationNs === undefined ? 0n : machinePico(durationNs);
  const amount = clampPico(pico);
  const empty = emptyAnswer(durationNs === undefined ? 'no_usage' : amount === 0n ? 'free' : 'computed');
  return {
    ...empty,
    cost_usd: formatPico(amount),
    parts: { ...empty.parts, request_cost_usd: formatPico(amount) },
    price_id: overridePriceId(own),
    price_source: 'override',
    clamped: amount !== pico,
    lines: [explainMachine(own, durationNs ?? 0, amount)],
  };
}

function answerOf(
  book: PriceBook,
  entry: PriceEntry | undefined,
  card: RateCard,
  input: CalculateInput
): CalculateAnswer {
  const more = { ...input.other };
  if (more.audioMillisecond !== undefined && entry !== undefined) {
    more.audioMillisecond = billedMilliseconds(entry.provider, entry.model, more.audioMillisecond);
  }
  if (card.insteadOfTokens === 'rerankSearch') more.rerankSearch ??= 1;
  const billed = splitUsage(input.usage, more);
  if (card.insteadOfTokens !== undefined && quantityOf(billed, card.insteadOfTokens) === 0)
    return emptyAnswer(input.usage.inputTokens + input.usage.outputTokens > 0 ? 'unpriced' : 'no_usage');
  const amounts = calculateCost(card, billed);
  return {
    cost_usd: formatPico(amounts.totalPico),
    parts: {
      input_cost_usd: formatPico(amounts.inputPico),
      output_cost_usd: formatPico(amounts.outputPico),
      cache_read_cost_usd: formatPico(amounts.cacheReadPico),
      cache_write_cost_usd: formatPico(amounts.cacheWritePico),
      request_cost_usd: formatPico(amounts.requestPico),
    },
    cache_savings_usd: formatPico(amounts.cacheSavingsPico),
    cost_state: card.free ? 'free' : 'computed',
    price_id: card.priceId,
    price_provider: entry?.provider ?? '',
    price_model: entry?.model ?? '',
    service_tier: card.tier,
    region_premium: card.region,
    price_source: card.priceId.startsWith('override/')
      ? 'override'
      : ((entry && priceSetAt(entry, input.timestampNs).source) ?? book.source),
    clamped: amounts.clamped,
    lines: explainCost(card, billed),
  };
}

function emptyAnswer(state: CalculateAnswer['cost_state']): CalculateAnswer {
  return {
    cost_usd: '0',
    parts: {
      input_cost_usd: '0',
      output_cost_usd: '0',
      cache_read_cost_usd: '0',
      cache_write_cost_usd: '0',
      request_cost_usd: '0',
    },
    cache_savings_usd: '0',
    cost_state: state,
    price_id: '',
    price_provider: '',
    price_model: '',
    service_tier: '',
    region_premium: '',
    price_source: '',
    clamped: false,
    lines: [],
  };
}
