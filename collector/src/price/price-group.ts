import type { TokenUsage } from '../span.ts';
import { divideHalfEven } from './decimal.ts';
import { createFindOverride } from './find-override.ts';
import { MAX_PICO } from './calculate-cost.ts';
import { createMatchModel } from './match-model.ts';
import type { MatchModel } from './match-model.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceEntry } from './price-entry.ts';
import { overridePriceId } from './price-override.ts';
import type { PriceOverride } from './price-override.ts';
import { PRICE_UNITS } from './price-units.ts';
import type { PriceUnit } from './price-units.ts';
import type { RateCard } from './rate-card.ts';
import { selectRateCard } from './select-rate-card.ts';
import { quantityOf, splitUsage } from './split-usage.ts';

/** Calls of one day that have the same model, service tier and price entry, as a rollup sums them. */
export interface CallGroup {
  readonly workspace: string;
  readonly provider: string;
  readonly model: string;
  readonly serviceTier: string;
  /** The price entry that they were priced by; empty when none. */
  readonly priceId: string;
  /** Start of the UTC day, Unix nanoseconds. */
  readonly timestampNs: bigint;
  readonly calls: number;
  readonly durationNs: number;
  /** Sums over the calls. */
  readonly usage: TokenUsage;
  readonly costPico: bigint;
  readonly requestPico: bigint;
}

export interface GroupPrice {
  /** The price entry that holds now; empty when none. */
  readonly priceId: string;
  readonly costPico: bigint;
  /** True when single calls may add up to something else: rounding, fees, length of context, hour, time of machines. */
  readonly estimate: boolean;
}

/** The length of context in a price id, as `rate-card.ts` writes it. */
const CONTEXT_TAG = /over-(\d+)/;
/** The hours of the day in a price id, as `price-entry.ts` writes them. */
const HOURS_TAG = /~(\d\d):(\d\d)-/;
/** The id of the override in a price id; a later version of it mostly holds for the same calls. */
const OVERRIDE_ID = /^override\/([^@]+)@/;
/** Provider and model of the list price in a price id. */
const LIST_ID = /(?:^|\+)(?!override\/)([^/@+]+)\/([^@]+)@/;
/** What is sold by these has quantities that no sum holds. */
const NOT_SUMMED: readonly (PriceUnit | undefined)[] = ['audioMillisecond', 'page', 'rerankSearch'];
const NS_PER_MINUTE = 60_000_000_000n;
/** Every half hour of a day: prices of hours that no price id names hold at one of them. */
const DAY_TIMES = Array.from({ length: 48 }, (_, half) => BigInt(half) * 30n * NS_PER_MINUTE);

/**
 * Makes the function that says what a group of calls costs by the prices known now, with these overrides. Calls whose price entry stays
 * the same keep their cost to the last digit. What a sum cannot tell is taken from their old price entry: the model that was asked for,
 * region, length of context and hour of the day; or else it is estimated: from the mean, midnight and no region, and fees from what was
 * charged before. Never throws.
 */
export function createPriceGroup(
  book: PriceBook,
  overrides: readonly PriceOverride[],
  match: MatchModel = createMatchModel(book)
): (group: CallGroup) => GroupPrice {
  const findOverride = createFindOverride(overrides);
  // Its own price of a workspace counts, not that of all workspaces with the same id.
  const byId = new Map(
    [...overrides].sort((a, b) => a.workspace.length - b.workspace.length).map((each) => [each.id, each])
  );
  const regions = new Set(overrides.map(({ region }) => region).filter((region) => region !== ''));
  return (group) => {
    const entry = entryOfGroup(book, match, group);
    const before = byId.get(OVERRIDE_ID.exec(group.priceId)?.[1] ?? '');
    const findFor = (requestModel: string, region: string) =>
      findOverride({ ...group, responseModel: group.model, requestModel, region }, () => entry);
    const [asked, known] = [before?.model ?? '', before?.region ?? ''];
    const own = findFor(asked, known);
    // A changed price may be for another model or region than it was for; and no sum tells the regions of other calls.
    const changed = own !== undefined && !group.priceId.startsWith(overridePriceId(own.override));
    const unsure =
      (changed && own !== findFor('', '')) ||
      (known === '' && [...regions].some((region) => findFor(asked, region) !== own));
    if (own?.machinePico !== undefined) {
      const priceId = overridePriceId(own.override);
      if (priceId === group.priceId) return { priceId, costPico: group.costPico, estimate: unsure };
      return { priceId, costPico: own.machinePico(group.durationNs), estimate: true };
    }
    const context = CONTEXT_TAG.exec(group.priceId)?.[1];
    const mean = Math.round(group.usage.inputTokens / Math.max(1, group.calls));
    const inputTokens = context === undefined ? mean : Number(context) + 1;
    const listedAt = (timestampNs: bigint): RateCard | undefined =>
      entry && selectRateCard(entry, { ...group, timestampNs, region: '', inputTokens });
    const cardAt = (timestampNs: bigint): RateCard | undefined =>
      own === undefined ? listedAt(timestampNs) : own.card(listedAt(timestampNs), { timestampNs, inputTokens });
    const isSame = (card: RateCard | undefined): boolean =>
      card !== undefined && entryOf(card.priceId) === entryOf(group.priceId);
    const first = cardAt(group.timestampNs + startOfHours(group.priceId));
    const hourly = own?.override.hours !== undefined || (entry !== undefined && changesWithinDays(entry));
    const card =
      hourly && !isSame(first)
        ? (DAY_TIMES.map((offset) => cardAt(group.timestampNs + offset)).find(isSame) ?? first)
        : first;
    // What the instrumentation of these calls claimed would be their cost then; the sum does not know it.
    if (card === undefined) return { priceId: '', costPico: 0n, estimate: group.priceId !== '' || unsure };
    const isCounted = group.usage.inputTokens + group.usage.outputTokens > 0 || card.insteadOfTokens !== undefined;
    if (isSame(card) || (group.priceId === '' && !isCounted))
      return { priceId: group.priceId, costPico: group.costPico, estimate: unsure };
    const tiered =
      entry?.validities.some(({ allDay }) => allDay.contexts.length > 1) === true || own?.override.tiers !== undefined;
    return priceWith(card, group, listedAt(group.timestampNs), hourly || tiered || unsure);
  };
}

/**
 * The list entry of the calls. Sums name the model that answered alone; where it tells no entry, or less than the model asked for did
 * (Bedrock's regions), the old price entry does.
 */
function entryOfGroup(
  book: PriceBook,
  match: MatchModel,
  { provider, model, priceId }: CallGroup
): PriceEntry | undefined {
  const found = match(provider, model, '');
  if (found !== undefined && found.provider !== 'aws') return found;
  const [, seller = '', id = ''] = LIST_ID.exec(priceId) ?? [];
  const named = book.find(seller, id.toLowerCase().replace(/^regional\./, ''));
  return named?.model === id ? named : found;
}

/** Where in the day the calls of a price id were, if it says so: 0 when it does not. */
function startOfHours(priceId: string): bigint {
  const [, hour, minute] = HOURS_TAG.exec(priceId) ?? [];
  return hour === undefined ? 0n : BigInt(Number(hour) * 60 + Number(minute)) * NS_PER_MINUTE;
}

function changesWithinDays({ validities }: PriceEntry): boolean {
  return validities.some(({ hours, validFrom }) => hours.length > 0 || validFrom.includes('T'));
}

/** Without what the call itself decides: tier, length of context, region. */
function entryOf(priceId: string): string {
  return priceId.split('#', 1)[0]!;
}

function priceWith(card: RateCard, group: CallGroup, listed: RateCard | undefined, perCall: boolean): GroupPrice {
  const { usage, calls, requestPico, priceId } = group;
  if (NOT_SUMMED.includes(card.insteadOfTokens))
    return { priceId: card.priceId, costPico: inProportion(card, group, listed), estimate: true };
  const billed = { ...splitUsage(usage), request: calls };
  let scaled = 0n;
  for (const unit of PRICE_UNITS) scaled += BigInt(quantityOf(billed, unit)) * card.rates[unit];
  // Searches and the like were charged before; the sum does not count them.
  const fees = card.counts.length > 0 ? requestPico : 0n;
  const costPico = divideHalfEven(scaled, card.scale) + fees;
  const most = MAX_PICO * BigInt(calls);
  return {
    priceId: card.priceId,
    costPico: costPico < most ? costPico : most,
    estimate:
      card.scale !== 1n || card.rates.request > 0n || card.counts.length > 0 || perCall || priceId.includes('#'),
  };
}

/** As many seconds, pages or searches as before, whose list price is known; else as much money. */
function inProportion(card: RateCard, { costPico, priceId }: CallGroup, listed: RateCard | undefined): bigint {
  const unit = card.insteadOfTokens;
  if (unit === undefined || listed === undefined || entryOf(listed.priceId) !== entryOf(priceId)) return costPico;
  const before = listed.rates[unit];
  return before === 0n ? costPico : divideHalfEven(costPico * card.rates[unit] * listed.scale, card.scale * before);
}
