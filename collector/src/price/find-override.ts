import type { GenAiSpan } from '../span.ts';
import { MAX_MODEL_CHARS, normaliseModelId } from './model-id.ts';
import { createOverrideTerms } from './override-terms.ts';
import type { OverrideTerms } from './override-terms.ts';
import type { PriceEntry } from './price-entry.ts';
import type { PriceOverride } from './price-override.ts';
import { rememberByNames } from './remember-by-names.ts';

/** What of a call decides which override holds for it. */
export type OverrideFacts = Pick<
  GenAiSpan,
  'workspace' | 'provider' | 'requestModel' | 'responseModel' | 'region' | 'serviceTier' | 'timestampNs'
>;

/** The override that holds for a call, if any. `entry` gives the list entry of the call; it is asked only when there are overrides. */
export type FindOverride = (facts: OverrideFacts, entry: () => PriceEntry | undefined) => OverrideTerms | undefined;

/** For installations without prices of their own. */
export const noOverrides: FindOverride = () => undefined;

interface Candidate {
  readonly terms: OverrideTerms;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Triples of models whose overrides are remembered: an installation has few. */
const MAX_REMEMBERED = 4096;

/** Far beyond any time a span may have. */
const OPEN_NS = 2n ** 63n;

/**
 * Makes the look-up over some overrides. Texts are compared as a whole, without regard to case; the model is the one that answered, the
 * entry of the price list it belongs to, or the one asked for. Of several that hold, the more specific wins: its own workspace before
 * all, then its own model (in the order above), provider, service tier, region, then the later valid_from, then the later version.
 */
export function createFindOverride(overrides: readonly PriceOverride[]): FindOverride {
  if (overrides.length === 0) return noOverrides;
  const byModel = new Map<string, Candidate[]>();
  for (const override of [...overrides].sort(bySpecificity)) {
    const key = normaliseModelId(override.model);
    const candidates = byModel.get(key) ?? [];
    byModel.set(key, [...candidates, { terms: createOverrideTerms(override), ...validityOf(override) }]);
  }
  const listsOf = rememberByNames(
    MAX_REMEMBERED,
    MAX_MODEL_CHARS,
    (responseModel, listedModel, requestModel): readonly (readonly Candidate[])[] => {
      const names = [normaliseModelId(responseModel), listedModel.toLowerCase(), normaliseModelId(requestModel)];
      const models = new Set(names.filter((name) => name !== ''));
      return [...models, ''].map((name) => byModel.get(name) ?? []).filter((candidates) => candidates.length > 0);
    }
  );
  return (facts, entry) => {
    let found: OverrideTerms | undefined;
    for (const candidates of listsOf(facts.responseModel, entry()?.model ?? '', facts.requestModel)) {
      const first = candidates.find((candidate) => holds(candidate, facts))?.terms;
      if (first !== undefined && first.override.workspace !== '') return first;
      found ??= first;
    }
    return found;
  };
}

function holds({ terms: { override }, fromNs, toNs }: Candidate, facts: OverrideFacts): boolean {
  return (
    (override.workspace === '' || override.workspace === facts.workspace) &&
    same(override.provider, facts.provider) &&
    same(override.serviceTier, facts.serviceTier) &&
    same(override.region, facts.region) &&
    facts.timestampNs >= fromNs &&
    facts.timestampNs < toNs
  );
}

function same(wanted: string, found: string): boolean {
  return wanted === '' || wanted.toLowerCase() === found.trim().toLowerCase();
}

function validityOf({ validFrom, validTo }: PriceOverride): { readonly fromNs: bigint; readonly toNs: bigint } {
  const ns = (day: string): bigint => BigInt(Date.parse(`${day}T00:00:00Z`)) * 1_000_000n;
  return { fromNs: validFrom === '' ? -OPEN_NS : ns(validFrom), toNs: validTo === '' ? OPEN_NS : ns(validTo) };
}

function bySpecificity(a: PriceOverride, b: PriceOverride): number {
  for (const field of ['workspace', 'provider', 'serviceTier', 'region'] as const) {
    const difference = Number(a[field] === '') - Number(b[field] === '');
    if (difference !== 0) return difference;
  }
  const order = (left: string, right: string): number => (left === right ? 0 : left > right ? -1 : 1);
  return order(a.validFrom, b.validFrom) || order(a.version, b.version) || order(a.id, b.id);
}
