import type { CheckedSpan, Finding, GenAiSpan } from '../../span.ts';
import { defaultGuardPolicy, type GuardPolicy } from '../guard-policy.ts';
import { createGuard, type GuardInput } from '../guard-span.ts';
import type { GuardMetrics } from '../inspection.ts';
import { makePricedSpan } from './make-span.ts';

/** Counts nothing. */
export const silent: GuardMetrics = {
  spansChecked: () => undefined,
  findingMade: () => undefined,
  findingOmitted: () => undefined,
  contentWithheld: () => undefined,
};

/** Runs a guard over a request. */
export function checkWith(
  policy: GuardPolicy,
  input: Partial<GuardInput>,
  metrics = silent
): ReturnType<ReturnType<typeof createGuard>['check']> {
  return createGuard(policy, metrics).check({ spans: [], others: [], fragments: [], scores: [], ...input });
}

/** Runs a guard over one span, in which `changes` replace fields. */
export function checkSpan(
  changes: Partial<GenAiSpan>,
  policy: GuardPolicy = defaultGuardPolicy,
  metrics = silent
): CheckedSpan {
  const [checked] = checkWith(policy, { spans: [makePricedSpan(changes)] }, metrics).spans;
  if (checked === undefined) throw new Error('the guard lost the span');
  return checked;
}

/** A finding of the sample OpenAI key in the span of `makePricedSpan`. */
export const sampleFinding: Finding = {
  workspace: 'default',
  timestampNs: 1_760_000_000_000_000_000n,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  rule: 'openai-api-key',
  category: 'secret',
  severity: 'critical',
  action: 'redact',
  score: 1,
  location: 'input',
  maskedSample: 'sk-p…(128)',
  policyVersion: '1',
};
