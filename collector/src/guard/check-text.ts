import type { FindingLocation, GuardAction } from '../span.ts';
import type { GuardPolicy } from './guard-policy.ts';
import { createTextInspector, strongerAction, type TextInspector, type Verdict } from './inspect-text.ts';
import { redact } from './redact.ts';
import type { TextContext } from './rule-scope.ts';
import { createValueToken } from './value-token.ts';
import { withheldMarker } from './withhold.ts';

/** What to do with a text before it is used: `block` = a rule drops it, or it cannot be checked. */
export type TextVerdict = 'allow' | 'flag' | 'redact' | 'block';

export interface CheckedText {
  readonly verdict: TextVerdict;
  readonly findings: readonly Verdict[];
  /** The text as it may be used; a marker in its place when it is blocked. */
  readonly redacted: string;
}

export interface TextCheck {
  readonly policy: GuardPolicy;
  readonly workspace: string;
  readonly text: string;
  readonly context: TextContext;
  /** Whether the content models are asked, whatever the policy says. */
  readonly models: boolean;
}

const VERDICTS: Readonly<Record<GuardAction, TextVerdict>> = {
  none: 'allow',
  flag: 'flag',
  redact: 'redact',
  drop: 'block',
};
const MODEL_THRESHOLDS = { injection: 0.5, toxicity: 0.5 };

/** Where findings of a message are said to be. */
export function locationOfRole(role: string): FindingLocation {
  if (role === 'system' || role === 'developer') return 'system';
  if (role === 'assistant' || role === 'model') return 'output';
  return role === 'tool' || role === 'function' ? 'tool' : 'input';
}

/** Checks texts one at a time, for callers who ask before they use a text. Keeps nothing of them. Never throws. */
export function createCheckText(): (check: TextCheck) => CheckedText {
  const plain = new WeakMap<GuardPolicy, TextInspector>();
  const withModels = new WeakMap<GuardPolicy, TextInspector>();

  const inspectorOf = (policy: GuardPolicy, models: boolean): TextInspector => {
    const ready = models ? withModels : plain;
    const known = ready.get(policy);
    if (known !== undefined) return known;
    const { content = MODEL_THRESHOLDS, ...withoutModels } = policy;
    const made = createTextInspector(models ? { ...policy, content } : withoutModels);
    ready.set(policy, made);
    return made;
  };

  return ({ policy, workspace, text, context, models }) => {
    try {
      const inspector = inspectorOf(policy, models);
      if (!inspector.mayHold(text, context.location)) return { verdict: 'allow', findings: [], redacted: text };
      const findings = inspector.inspect(text, { steps: 0 }, context);
      const action = findings.reduce<GuardAction>((most, finding) => strongerAction(most, finding.action), 'none');
      const dropping = findings.find((finding) => finding.action === 'drop');
      if (dropping !== undefined)
        return { verdict: 'block', findings, redacted: withheldMarker(dropping.detector.rule) };
      if (action !== 'redact') return { verdict: VERDICTS[action], findings, redacted: text };
      const { tokenKey } = policy;
      const tokenOf = tokenKey === undefined ? undefined : createValueToken(tokenKey);
      const redactions = findings
        .filter((finding) => finding.action === 'redact')
        .map(({ start, end, value, detector: { rule } }) => ({
          start,
          end,
          rule,
          ...(tokenOf !== undefined && value !== '' && { token: tokenOf(workspace, rule, value) }),
        }));
      const redacted = redact(text, redactions);
      if (redacted === undefined) throw new Error('the text cannot be redacted');
      return { verdict: 'redact', findings, redacted };
    } catch {
      return { verdict: 'block', findings: [], redacted: withheldMarker('guard-error') };
    }
  };
}
