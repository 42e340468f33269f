import type { ContentFragment, Finding, FindingLocation, GuardAction } from '../span.ts';
import type { StepMeter } from './detector.ts';
import { strongerAction, type TextInspector, type Verdict } from './inspect-text.ts';
import { redact } from './redact.ts';
import { contextAt, type TextContext } from './rule-scope.ts';
import { withheldMarker, withholdFragments } from './withhold.ts';

/** Text of one span that is looked at; what comes after is withheld. */
export const MAX_CHARACTERS_PER_SPAN = 4_000_000;
/** Work on one span, in detector steps: about 32 per character of the largest span. */
const MAX_STEPS_PER_SPAN = 128_000_000;
/** Findings kept of one span; redaction goes on beyond it, and what is left out is counted. */
export const MAX_FINDINGS_PER_SPAN = 64;

/** What the guard counts. `rule` is a detector's name: bounded. */
export interface GuardMetrics {
  readonly spansChecked: (spans: number, characters: number) => void;
  readonly findingMade: (rule: string, action: GuardAction) => void;
  /** Findings beyond MAX_FINDINGS_PER_SPAN: acted upon, not listed. */
  readonly findingOmitted: (rule: string) => void;
  /** Content of one span or one fragment that was not stored. `rule`: guard-error, guard-budget or a rule that drops. */
  readonly contentWithheld: (rule: string) => void;
}

/** Whose text is inspected: copied into each finding. */
export type FindingSubject = Pick<Finding, 'workspace' | 'timestampNs' | 'traceId' | 'spanId'>;

/** Where a finding in a fragment is said to be. */
export const LOCATION_OF_KIND: Readonly<Record<ContentFragment['kind'], FindingLocation>> = {
  input_messages: 'input',
  output_messages: 'output',
  system_instructions: 'system',
  tool_definitions: 'tool',
};

/** Ascending numbers of the texts that the quick look found suspect; all others are clean. */
export type Suspects = readonly number[];

/** Says of texts in ascending order whether they are suspect. */
export function followSuspects(suspects: Suspects): (index: number) => boolean {
  let next = 0;
  return (index) => {
    while ((suspects[next] ?? index) < index) next += 1;
    return suspects[next] === index;
  };
}

interface InspectionTools {
  readonly inspector: TextInspector;
  readonly metrics: GuardMetrics;
  readonly policyVersion: string;
  /** Token of a redacted value, when the policy wants equal values to be recognisable. */
  readonly tokenOf?: (workspace: string, rule: string, value: string) => string;
}

/** The check of everything that belongs to one span (or to one fragment, score or other span on its own). */
export interface Inspection {
  /** The text as it may be stored; `suspect`: the quick look said so already. Never throws: what cannot be checked is withheld. */
  readonly checkText: (text: string, location: FindingLocation, suspect?: boolean) => string;
  /**
   * The fragments as they may be stored, the same array when nothing changed. With `suspects` (of each fragment the response id,
   * then the body) only those are looked at. Once anything of the subject could not be checked, none of the fragments is stored.
   */
  readonly checkFragments: <T extends ContentFragment>(fragments: readonly T[], suspects?: Suspects) => readonly T[];
  readonly findings: readonly Finding[];
  readonly rules: ReadonlySet<string>;
  readonly action: () => GuardAction;
}

export function createInspection(
  { inspector, metrics, policyVersion, tokenOf }: InspectionTools,
  { workspace, timestampNs, traceId, spanId }: FindingSubject,
  spanContext?: Omit<TextContext, 'location'>
): Inspection {
  const meter: StepMeter = { steps: 0 };
  const findings: Finding[] = [];
  const rules = new Set<string>();
  let action: GuardAction = 'none';
  let characters = 0;
  /** The rule for which content is withheld, once there is one. */
  let withheldFor = '';

  const addFinding = (finding: Omit<Finding, keyof FindingSubject | 'policyVersion'>): void => {
    rules.add(finding.rule);
    action = strongerAction(action, finding.action);
    metrics.findingMade(finding.rule, finding.action);
    if (findings.length >= MAX_FINDINGS_PER_SPAN) metrics.findingOmitted(finding.rule);
    else findings.push({ workspace, timestampNs, traceId, spanId, ...finding, policyVersion });
  };

  const withhold = (rule: string): string => {
    if (withheldFor === '') {
      withheldFor = rule;
      metrics.contentWithheld(rule);
    }
    return withheldMarker(rule);
  };

  const failClosed = (rule: 'guard-error' | 'guard-budget', location: FindingLocation): string => {
    if (!rules.has(rule)) {
      addFinding({ rule, category: 'custom', severity: 'high', action: 'drop', score: 1, location, maskedSample: '' });
    }
    return withhold(rule);
  };

  const applyVerdicts = (text: string, verdicts: readonly Verdict[], location: FindingLocation): string => {
    for (const { detector, action: taken, score, maskedSample } of verdicts) {
      const { rule, category, severity } = detector;
      addFinding({ rule, category, severity, action: taken, score, location, maskedSample });
    }
    const dropping = verdicts.find((verdict) => verdict.action === 'drop');
    if (dropping !== undefined) return withhold(dropping.detector.rule);
    const redactions = verdicts
      .filter((verdict) => verdict.action === 'redact')
      .map(({ start, end, detector, value }) => {
        const token = value === '' ? undefined : tokenOf?.(workspace, detector.rule, value);
        return { start, end, rule: detector.rule, ...(token !== undefined && { token }) };
      });
    if (redactions.length === 0) return text;
    return redact(text, redactions) ?? failClosed('guard-error', location);
  };

  const checkText = (text: string, location: FindingLocation, suspect = false): string => {
    characters += text.length;
    if (characters > MAX_CHARACTERS_PER_SPAN) return failClosed('guard-budget', location);
    try {
      if (!suspect && !inspector.mayHold(text, location)) return text;
      if (meter.steps > MAX_STEPS_PER_SPAN) return failClosed('guard-budget', location);
      return applyVerdicts(text, inspector.inspect(text, meter, { ...contextAt(location), ...spanContext }), location);
    } catch {
      return failClosed('guard-error', location);
    }
  };

  return {
    checkText,
    checkFragments: (fragments, suspects) => {
      let changed = false;
      let checked: typeof fragments = fragments;
      if (suspects === undefined || suspects.length > 0) {
        const isSuspect = suspects === undefined ? undefined : followSuspects(suspects);
        const check = (text: string, location: FindingLocation, index: number): string =>
          isSuspect === undefined || isSuspect(index) ? checkText(text, location, isSuspect !== undefined) : text;
        checked = fragments.map((fragment, index) => {
          const responseId = check(fragment.responseId, 'attribute', 2 * index);
          const body = check(fragment.body, LOCATION_OF_KIND[fragment.kind], 2 * index + 1);
          if (responseId === fragment.responseId && body === fragment.body) return fragment;
          changed = true;
          return { ...fragment, responseId, body };
        });
      }
      if (withheldFor !== '') return withholdFragments(checked, withheldFor);
      return changed ? checked : fragments;
    },
    findings,
    rules,
    action: () => action,
  };
}
