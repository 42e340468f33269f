import type { CheckedSpan, GenAiSpan } from '../span.ts';
import { defaultGuardPolicy } from './guard-policy.ts';
import { createGuard } from './guard-span.ts';
import { checkSpan, checkWith, sampleFinding as finding, silent } from './testing/check-span.ts';
import { makeFragment, makePricedSpan } from './testing/make-span.ts';
import { sampleSecrets } from './testing/sample-secrets.ts';
import { readTexts, textFields } from './text-fields.ts';

const SECRET = sampleSecrets['openai-api-key'] ?? '';
const MARKER = '[REDACTED:openai-api-key]';

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
