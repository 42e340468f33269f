import type { Detector } from './detector.ts';
import { defaultGuardPolicy, type GuardPolicy } from './guard-policy.ts';
import { MAX_CHARACTERS_PER_SPAN, MAX_FINDINGS_PER_SPAN } from './inspection.ts';
import { checkSpan, sampleFinding as finding, silent } from './testing/check-span.ts';
import { makeFragment, makePricedSpan } from './testing/make-span.ts';
import { sampleSecrets } from './testing/sample-secrets.ts';

const SECRET = sampleSecrets['openai-api-key'] ?? '';
const MARKER = '[REDACTED:openai-api-key]';

function detector(changes: Partial<Detector>): Detector {
  return {
    rule: 'test-rule',
    category: 'custom',
    severity: 'low',
    action: 'redact',
    keywords: ['TRIGGER'],
    publicPrefix: 0,
    find: (_, hits) => hits.map((start) => ({ start, end: start + 7, score: 1 })),
    ...changes,
  };
}

function policyOf(...detectors: Detector[]): GuardPolicy {
  return { version: 'test', detectors, actions: new Map() };
}

describe('the guard at its limits', () => {
  it('stores numbers but no content when a rule fails', () => {
    const withheld: string[] = [];
    const failing = detector({
      find: () => {
        throw new Error('broken rule');
      },
    });
    const fragments = [
      makeFragment('["TRIGGER secret"]'),
      makeFragment('["clean"]'),
      makeFragment('["clean"]', 'system_instructions'),
    ];
    const checked = checkSpan({ fragments }, policyOf(failing), {
      ...silent,
      contentWithheld: (rule) => withheld.push(rule),
    });
    const priced = makePricedSpan({});
    expect(checked).toEqual({
      cost: priced.cost,
      span: {
        ...priced.span,
        fragments: [
          makeFragment('[{"role":"user","parts":[{"type":"text","content":"[WITHHELD:guard-error]"}]}]'),
          makeFragment('[{"type":"text","content":"[WITHHELD:guard-error]"}]', 'system_instructions'),
        ],
      },
      guardAction: 'drop',
      guardRules: ['guard-error'],
      findings: [
        {
          ...finding,
          rule: 'guard-error',
          category: 'custom',
          severity: 'high',
          action: 'drop',
          maskedSample: '',
          policyVersion: 'test',
        },
      ],
    });
    expect(withheld).toEqual(['guard-error']);
  });

  it('withholds a field in which a rule fails, and all content with it', () => {
    const failing = detector({
      find: () => {
        throw new Error('broken rule');
      },
    });
    const checked = checkSpan({ requestModel: 'TRIGGER', fragments: [makeFragment('["clean"]')] }, policyOf(failing));
    expect(checked.span.requestModel).toBe('[WITHHELD:guard-error]');
    expect(checked.span.fragments[0]?.body).toContain('[WITHHELD:guard-error]');
    expect(checked.span.usage).toEqual(makePricedSpan().span.usage);
  });

  it('withholds content beyond the budget of characters, and of steps', () => {
    const huge = makeFragment(`["${'a '.repeat(MAX_CHARACTERS_PER_SPAN / 2)}"]`);
    const overCharacters = checkSpan({ fragments: [huge] });
    expect(overCharacters.guardRules).toEqual(['guard-budget']);
    expect(overCharacters.span.fragments[0]?.body).toContain('[WITHHELD:guard-budget]');
    expect(overCharacters.span.requestModel).toBe('gpt-4o');

    const greedy = detector({
      find: (_, hits, meter) => {
        meter.steps = Number.MAX_SAFE_INTEGER;
        return hits.map((start) => ({ start, end: start + 7, score: 1 }));
      },
    });
    const fragments = [makeFragment('["TRIGGER"]'), makeFragment('["TRIGGER"]', 'output_messages')];
    expect(checkSpan({ fragments }, policyOf(greedy)).span.fragments.map(({ body }) => body)).toEqual([
      '[{"role":"user","parts":[{"type":"text","content":"[WITHHELD:guard-budget]"}]}]',
      '[{"role":"assistant","parts":[{"type":"text","content":"[WITHHELD:guard-budget]"}]}]',
    ]);
  });

  it('lists a bounded number of findings, redacts the rest too and counts what it leaves out', () => {
    let omitted = 0;
    const checked = checkSpan({ errorMessage: `${SECRET} `.repeat(MAX_FINDINGS_PER_SPAN + 3) }, defaultGuardPolicy, {
      ...silent,
      findingOmitted: () => (omitted += 1),
    });
    expect(checked.span.errorMessage).toBe(`${MARKER} `.repeat(MAX_FINDINGS_PER_SPAN + 3));
    expect(checked.findings).toHaveLength(MAX_FINDINGS_PER_SPAN);
    expect(omitted).toBe(3);
  });
});
