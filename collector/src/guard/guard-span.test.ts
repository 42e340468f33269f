import type { CheckedSpan, Finding, GenAiSpan } from '../span.ts';
import type { Detector } from './detector.ts';
import { defaultGuardPolicy, type GuardPolicy } from './guard-policy.ts';
import { createGuard, type GuardInput } from './guard-span.ts';
import { MAX_CHARACTERS_PER_SPAN, MAX_FINDINGS_PER_SPAN, type GuardMetrics } from './inspection.ts';
import { makeFragment, makePricedSpan } from './testing/make-span.ts';
import { sampleSecrets } from './testing/sample-secrets.ts';
import { readTexts, textFields } from './text-fields.ts';

const SECRET = sampleSecrets['openai-api-key'] ?? '';
const MARKER = '[REDACTED:openai-api-key]';

const silent: GuardMetrics = {
  spansChecked: () => undefined,
  findingMade: () => undefined,
  findingOmitted: () => undefined,
  contentWithheld: () => undefined,
};

function checkWith(
  policy: GuardPolicy,
  input: Partial<GuardInput>,
  metrics = silent
): ReturnType<ReturnType<typeof createGuard>['check']> {
  return createGuard(policy, metrics).check({ spans: [], others: [], fragments: [], scores: [], ...input });
}

function checkSpan(
  changes: Partial<GenAiSpan>,
  policy: GuardPolicy = defaultGuardPolicy,
  metrics = silent
): CheckedSpan {
  const [checked] = checkWith(policy, { spans: [makePricedSpan(changes)] }, metrics).spans;
  if (checked === undefined) throw new Error('the guard lost the span');
  return checked;
}

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

const finding: Finding = {
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

describe('the guard', () => {
  it('hands a clean span on as it is', () => {
    const priced = makePricedSpan({ fragments: [makeFragment('[{"role":"user","parts":[]}]')] });
    const checked = checkWith(defaultGuardPolicy, { spans: [priced] });
    expect(checked).toEqual({
      spans: [{ ...priced, guardAction: 'none', guardRules: [], findings: [] }],
      others: [],
      fragments: [],
      scores: [],
      findings: [],
    });
    expect(checked.spans[0]?.span).toBe(priced.span);
  });

  it('redacts a secret in content and says where it was, without its value', () => {
    const fragment = makeFragment(`[{"role":"user","parts":[{"type":"text","content":"my key:\\n${SECRET}"}]}]`);
    expect(checkSpan({ fragments: [fragment] })).toEqual({
      ...makePricedSpan({
        fragments: [
          { ...fragment, body: `[{"role":"user","parts":[{"type":"text","content":"my key:\\n${MARKER}"}]}]` },
        ],
      }),
      guardAction: 'redact',
      guardRules: ['openai-api-key'],
      findings: [finding],
    });
  });

  it('reads the text fields in their order', () => {
    const named = Object.fromEntries(textFields.map(([field]) => [field, field]));
    expect(readTexts(makePricedSpan(named).span)).toEqual(textFields.map(([field]) => field));
  });

  it.each(textFields)('redacts a secret in %s (location %s)', (field, location) => {
    const checked = checkSpan({ [field]: `x ${SECRET}` });
    expect(checked.span).toEqual(makePricedSpan({ [field]: `x ${MARKER}` }).span);
    expect(checked.findings).toEqual([{ ...finding, location }]);
  });

  it('redacts secrets in finish reasons, attribute keys and attribute values', () => {
    const attributes = new Map([
      [SECRET, 'in the key'],
      [`${SECRET} `, 'another'],
      ['gen_ai.tool.call.arguments', `{"header":"${SECRET}"}`],
      ['exception.stacktrace', `at ${SECRET}`],
    ]);
    const checked = checkSpan({ attributes, finishReasons: ['stop', SECRET] });
    expect([...checked.span.attributes]).toEqual([
      [MARKER, 'in the key'],
      [`${MARKER} `, 'another'],
      ['gen_ai.tool.call.arguments', `{"header":"${MARKER}"}`],
      ['exception.stacktrace', `at ${MARKER}`],
    ]);
    expect(checked.span.finishReasons).toEqual(['stop', MARKER]);
    expect(checked.findings.map(({ location }) => location)).toEqual([
      'attribute',
      'attribute',
      'attribute',
      'tool',
      'error',
    ]);
  });

  it('keeps both values when two attribute keys become the same', () => {
    const other = sampleSecrets['openai-api-key']?.replace('aB3', 'cD4') ?? '';
    const checked = checkSpan({
      attributes: new Map([
        [SECRET, 'one'],
        [other, 'two'],
      ]),
    });
    expect([...checked.span.attributes]).toEqual([
      [MARKER, 'one'],
      [`${MARKER}#1`, 'two'],
    ]);
  });

  it('redacts in fragments of log events, in other spans and in scores', () => {
    const { workspace, traceId, spanId, timestampNs } = finding;
    const fragment = { ...makeFragment(`["${SECRET}"]`, 'output_messages'), workspace, retentionDays: 400 };
    const other = {
      workspace,
      timestampNs,
      durationNs: 5,
      traceId,
      spanId,
      parentSpanId: '',
      spanName: `GET /?key=${SECRET}`,
      serviceName: 'checkout',
      kind: 3,
      status: 'ok' as const,
    };
    const score = {
      workspace,
      timestampNs,
      traceId,
      spanId,
      responseId: '',
      conversationId: '',
      name: 'helpfulness',
      source: 'human' as const,
      value: 0.5,
      label: SECRET,
      comment: `leaks ${SECRET}`,
      experiment: '',
      variant: '',
      id: 'score-1',
    };
    expect(checkWith(defaultGuardPolicy, { fragments: [fragment], others: [other], scores: [score] })).toEqual({
      spans: [],
      fragments: [{ ...fragment, body: `["${MARKER}"]` }],
      others: [{ ...other, spanName: `GET /?key=${MARKER}` }],
      scores: [{ ...score, label: MARKER, comment: `leaks ${MARKER}` }],
      findings: [
        { ...finding, location: 'attribute' },
        { ...finding, location: 'output' },
        { ...finding, location: 'attribute' },
        { ...finding, location: 'attribute' },
      ],
    });
  });

  it('flags an e-mail address and leaves it', () => {
    const checked = checkSpan({ errorMessage: 'no mailbox for ada@example.org' });
    expect(checked.span.errorMessage).toBe('no mailbox for ada@example.org');
    expect(checked.guardAction).toBe('flag');
    expect(checked.findings).toEqual([
      {
        ...finding,
        rule: 'email',
        category: 'pii',
        severity: 'medium',
        action: 'flag',
        location: 'error',
        maskedSample: 'a…(15)',
      },
    ]);
  });

  it('lets a policy strengthen, weaken and switch off a rule', () => {
    const withAction = (action: 'none' | 'flag' | 'redact' | 'drop'): CheckedSpan =>
      checkSpan(
        { errorMessage: 'ada@example.org', fragments: [makeFragment('["hello"]')] },
        { ...defaultGuardPolicy, actions: new Map([['email', action]]) }
      );
    expect(withAction('none').findings).toEqual([]);
    expect(withAction('redact').span.errorMessage).toBe('[REDACTED:email]');
    const dropped = withAction('drop');
    expect(dropped.guardAction).toBe('drop');
    expect(dropped.span.errorMessage).toBe('[WITHHELD:email]');
    expect(dropped.span.fragments.map(({ body }) => body)).toEqual([
      '[{"role":"user","parts":[{"type":"text","content":"[WITHHELD:email]"}]}]',
    ]);
  });

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

  it('replaces the user by a keyed token, also where an attribute repeats it', () => {
    const policy = { ...defaultGuardPolicy, userIdKey: Buffer.from('a key of the operator') };
    const attributes = new Map([
      ['enduser.id', 'user-42'],
      ['other', 'user-43'],
    ]);
    const guard = createGuard(policy, silent);
    const check = (changes: Partial<GenAiSpan>): GenAiSpan | undefined =>
      guard.check({ spans: [makePricedSpan({ attributes, ...changes })], others: [], fragments: [], scores: [] })
        .spans[0]?.span;
    const first = check({});
    expect(first?.userId).toMatch(/^user-[A-Za-z0-9_-]{22}$/);
    expect([...(first?.attributes ?? [])]).toEqual([
      ['enduser.id', first?.userId],
      ['other', 'user-43'],
    ]);
    expect(check({})?.userId).toBe(first?.userId);
    expect(check({ workspace: 'another' })?.userId).not.toBe(first?.userId);
    expect(check({ userId: '' })?.userId).toBe('');
  });
});
