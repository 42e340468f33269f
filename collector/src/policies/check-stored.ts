import type { GuardPolicy } from '../guard/guard-policy.ts';
import { createGuard } from '../guard/guard-span.ts';
import { strongerAction } from '../guard/inspect-text.ts';
import type { GuardMetrics } from '../guard/inspection.ts';
import { textFields } from '../guard/text-fields.ts';
import type { FindingRow } from '../rows/finding-columns.ts';
import type { CheckedSpan, Cost, Finding, PricedSpan } from '../span.ts';
import type { SpanRow } from '../span-row.ts';
import type { StoredFinding, StoredFragment, StoredSpan } from './read-stored.ts';

/** What another look at a stored span found that is not stored yet. */
export interface StoredChange {
  readonly before: SpanRow;
  /** The next revision; undefined when the span's own row stays as it is. */
  readonly after: SpanRow | undefined;
  /** Fragments that give way, and those that take their place. */
  readonly removed: readonly StoredFragment[];
  readonly added: readonly StoredFragment[];
  /** New findings, and stored ones whose action is another one now. */
  readonly findings: readonly FindingRow[];
}

export interface CheckedStored {
  /** Every finding of this look, stored before or not. */
  readonly findings: readonly Finding[];
  /** Undefined when nothing changes, or the span could not be checked. */
  readonly change: StoredChange | undefined;
  /** The guard itself failed or ran out of steps: what is stored stays, for a failure is no reason to destroy it. */
  readonly failed: boolean;
}

/** The look is no ingest: nothing of it is counted as such. */
const SILENT: GuardMetrics = {
  spansChecked: () => undefined,
  findingMade: () => undefined,
  findingOmitted: () => undefined,
  contentWithheld: () => undefined,
};
const FAILURES = ['guard-error', 'guard-budget'];
/** The guard hands costs through unread. */
const NO_COST: Cost = {
  state: 'not_billable',
  priceId: '',
  totalPico: 0n,
  inputPico: 0n,
  outputPico: 0n,
  cacheReadPico: 0n,
  cacheWritePico: 0n,
  requestPico: 0n,
  cacheSavingsPico: 0n,
  reportedPico: 0n,
  clamped: false,
};

function toPricedSpan({ row, fragments }: StoredSpan): PricedSpan {
  const { usageState: state, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens } = row;
  const { reasoningTokens, audioInputTokens, audioOutputTokens } = row;
  const usage = {
    ...{ state, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens },
    ...{ reasoningTokens, audioInputTokens, audioOutputTokens },
  };
  return { span: { ...row, usage, reportedCostUsd: '', region: '', fragments }, cost: NO_COST };
}

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index]);

function sameMap(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a === b || sameList([...a].flat(), [...b].flat());
}

function nextRow(before: SpanRow, { span, guardAction, guardRules }: CheckedSpan): SpanRow | undefined {
  const texts = textFields.flatMap(([field]) =>
    field in before && span[field] !== before[field as keyof SpanRow] ? [field] : []
  );
  const rules = [...new Set([...before.guardRules, ...guardRules])];
  const after: SpanRow = {
    ...before,
    ...Object.fromEntries(texts.map((field) => [field, span[field]])),
    finishReasons: span.finishReasons,
    attributes: span.attributes,
    guardAction: strongerAction(before.guardAction, guardAction),
    guardRules: rules,
    revision: before.revision + 1,
  };
  const same =
    texts.length === 0 &&
    sameList(rules, before.guardRules) &&
    after.guardAction === before.guardAction &&
    sameList(after.finishReasons, before.finishReasons) &&
    sameMap(after.attributes, before.attributes);
  return same ? undefined : after;
}

/** The i-th finding of a kind is the i-th stored one of that kind: only what is new or acts otherwise is a row. */
function newFindings(row: SpanRow, found: readonly Finding[], stored: readonly StoredFinding[]): FindingRow[] {
  const kindOf = ({ rule, location, maskedSample }: Pick<Finding, 'rule' | 'location' | 'maskedSample'>): string =>
    JSON.stringify([rule, location, maskedSample]);
  const waiting = new Map<string, StoredFinding[]>();
  for (const each of stored) waiting.set(kindOf(each), [...(waiting.get(kindOf(each)) ?? []), each]);
  let ordinal = stored.reduce((most, each) => Math.max(most, each.ordinal + 1), 0);
  return found.flatMap((finding) => {
    const known = waiting.get(kindOf(finding))?.shift();
    if (known?.action === finding.action) return [];
    const shared = { context: row, retentionDays: row.retentionDays };
    if (known === undefined) return [{ finding, ordinal: ordinal++, ...shared, ingestedAtMs: 0 }];
    // The same key as the stored row, so that this one takes its place.
    const replaced = { ...finding, policyVersion: known.policyVersion };
    return [{ finding: replaced, ordinal: known.ordinal, ...shared, ingestedAtMs: 0 }];
  });
}

/**
 * Returns the function that looks at a stored span once more, by a policy. Looking again after its changes were stored finds
 * nothing more to change. `ingestedAtMs` of the findings is for the writer to set. Never throws.
 */
export function createCheckStored(policy: GuardPolicy): (stored: StoredSpan) => CheckedStored {
  // A stored user_id may be a token already.
  const withoutUsers: GuardPolicy = { ...policy };
  Reflect.deleteProperty(withoutUsers, 'userIdKey');
  const guard = createGuard(withoutUsers, SILENT);
  return (stored) => {
    const { row } = stored;
    const [checked] = guard.check({ spans: [toPricedSpan(stored)], others: [], fragments: [], scores: [] }).spans;
    if (checked === undefined || checked.guardRules.some((rule) => FAILURES.includes(rule))) {
      return { findings: [], change: undefined, failed: true };
    }
    const kept = new Set<object>(checked.span.fragments);
    const removed = stored.fragments.filter((fragment) => !kept.has(fragment));
    const old = new Set<object>(stored.fragments);
    const added = checked.span.fragments.filter((fragment) => !old.has(fragment)) as StoredFragment[];
    const after = nextRow(row, checked);
    const findings = newFindings(row, checked.findings, stored.findings);
    const changes = after !== undefined || removed.length > 0 || findings.length > 0;
    const change = changes ? { before: row, after, removed, added, findings } : undefined;
    return { findings: checked.findings, change, failed: false };
  };
}
