import { createGuard } from './guard-span.ts';
import { createTextInspector } from './inspect-text.ts';
import { policyFromData } from './policy-from-data.ts';
import type { GuardPolicy } from './guard-policy.ts';
import { contextAt } from './rule-scope.ts';
import { makeFragment, makePricedSpan } from './testing/make-span.ts';

const silent = {
  spansChecked: () => undefined,
  findingMade: () => undefined,
  findingOmitted: () => undefined,
  contentWithheld: () => undefined,
};

function policyOf(data: object): GuardPolicy {
  const result = policyFromData({ version: '7', ...data });
  if ('faults' in result) throw new Error(result.faults.join('; '));
  return result.policy;
}

function rulesIn(policy: GuardPolicy, text: string): readonly string[] {
  return createTextInspector(policy)
    .inspect(text, { steps: 0 }, contextAt('input'))
    .map(({ detector }) => detector.rule);
}

describe('a policy made from data', () => {
  it('is the default one when nothing is said', () => {
    expect(rulesIn(policyOf({}), 'write to ada@example.org')).toEqual(['email']);
  });

  it('finds keywords in any case as whole words, in any script', () => {
    const policy = policyOf({
      custom: [
        { name: 'projects', keywords: ['Blue Heron', 'heron'], severity: 'high', action: 'redact' },
        { name: 'orte', keywords: ['Überlingen'] },
      ],
    });
    expect(rulesIn(policy, 'about BLUE HERON and herons')).toEqual(['projects']);
    expect(rulesIn(policy, 'nach überlingen')).toEqual(['orte']);
  });

  it('runs patterns in linear time and keeps them inside of a JSON string', () => {
    const policy = policyOf({
      custom: [
        { name: 'ticket', pattern: 'TCK-[0-9]{4}' },
        { name: 'slow', pattern: '(?:a+)+x' },
      ],
    });
    expect(rulesIn(policy, 'see TCK-1234')).toEqual(['ticket']);
    expect(rulesIn(policy, 'a'.repeat(20_000))).toEqual([]);
    const greedy = policyOf({ custom: [{ name: 'greedy', pattern: 'b.*', action: 'redact' }] });
    const [span] = createGuard(greedy, silent).check({
      spans: [makePricedSpan({ fragments: [makeFragment('["a b c","d"]')] })],
      others: [],
      fragments: [],
      scores: [],
    }).spans;
    expect(span?.span.fragments[0]?.body).toBe('["a [REDACTED:greedy]","d"]');
    expect(span?.findings[0]?.policyVersion).toBe('7');
  });

  it('applies a rule only in its scope', () => {
    const policy = policyOf({
      rules: { email: { scope: { environments: ['production'], agents: ['support-*'] } } },
      custom: [{ name: 'word', keywords: ['heron'], scope: { locations: ['output'] } }],
    });
    const rules = (environment: string): readonly string[] | undefined =>
      createGuard(policy, silent).check({
        spans: [makePricedSpan({ environment, fragments: [makeFragment('["heron ada@example.org"]')] })],
        others: [],
        fragments: [],
        scores: [],
      }).spans[0]?.guardRules;
    expect(rules('production')).toEqual(['email']);
    expect(rules('staging')).toEqual([]);
  });

  it('applies a scoped rule where the span is not at hand: nobody knows that it is out of scope', () => {
    const policy = policyOf({ rules: { email: { action: 'redact', scope: { agents: ['support-*'] } } } });
    const fragment = { ...makeFragment('["ada@example.org"]'), workspace: 'default', retentionDays: 30 };
    const checked = createGuard(policy, silent).check({ spans: [], others: [], fragments: [fragment], scores: [] });
    expect(checked.fragments[0]?.body).toBe('["[REDACTED:email]"]');
  });

  it('leaves out matches below the threshold of a rule, and asks the models when it is told to', () => {
    const text = 'call +1 415 555 2671 please';
    const [score] = createTextInspector(policyOf({})).inspect(text, { steps: 0 }, contextAt('input'));
    expect(score?.detector.rule).toBe('phone');
    const above = Math.min(0.999, (score?.score ?? 0) + 0.0005);
    const below = (score?.score ?? 0) - 0.0005;
    expect(rulesIn(policyOf({ rules: { phone: { threshold: below } } }), text)).toEqual(['phone']);
    if ((score?.score ?? 1) < 1)
      expect(rulesIn(policyOf({ rules: { phone: { threshold: above } } }), text)).toEqual([]);
    const off = policyFromData({ version: '1' }, {});
    const on = policyFromData(
      { version: '1', thresholds: { toxicity: 0.7 }, rules: { toxicity: { severity: 'low' } } },
      {}
    );
    if ('faults' in off || 'faults' in on) throw new Error('faults');
    expect(off.policy.content).toBeUndefined();
    expect(on.policy.content).toEqual({ injection: 0.5, toxicity: 0.7 });
    expect(on.policy.contentRules?.toxicity.severity).toBe('low');
  });

  it('finds keywords of scripts that put no spaces between words', () => {
    const policy = policyOf({ custom: [{ name: 'project', keywords: ['蒼鷺計画', 'heron'] }] });
    expect(rulesIn(policy, 'これは蒼鷺計画です')).toEqual(['project']);
    expect(rulesIn(policy, 'herons')).toEqual([]);
  });

  it('switches rules off and lets values pass', () => {
    expect(rulesIn(policyOf({ rules: { email: { action: 'none' } } }), 'ada@example.org')).toEqual([]);
    expect(rulesIn(policyOf({ allow: ['@Example.org'] }), 'ada@example.org, bob@example.com')).toEqual(['email']);
    expect(rulesIn(policyOf({ custom: [{ name: 'off', keywords: ['heron'], enabled: false }] }), 'heron')).toEqual([]);
  });

  it('replaces equal values by equal tokens when there is a key', () => {
    const result = policyFromData(
      { version: '1', rules: { email: { action: 'redact' } }, tokens: { values: true } },
      { tokenKey: Buffer.from('key') }
    );
    if ('faults' in result) throw new Error('faults');
    const [span] = createGuard(result.policy, silent).check({
      spans: [makePricedSpan({ errorMessage: 'ada@example.org and ada@example.org' })],
      others: [],
      fragments: [],
      scores: [],
    }).spans;
    expect(span?.span.errorMessage).toMatch(/^(\[EMAIL:tok_[\w-]{16}\]) and \1$/);
  });

  it('names everything that is wrong', () => {
    expect(
      policyFromData({
        rules: { emial: {}, phone: { action: 'shout' } },
        thresholds: { toxicity: 2 },
        custom: [
          { name: 'Bad Name' },
          { name: 'both', keywords: ['a'], pattern: 'b' },
          { name: 'open', pattern: '(a' },
          { name: 'empty', pattern: 'a*' },
          { name: 'email', keywords: ['a'] },
          { name: 'back', pattern: '(a)\\1' },
        ],
        extra: 1,
      })
    ).toEqual({
      faults: [
        'policy.extra: is not known',
        'version: must be a text',
        'rules.emial: is not the name of a rule',
        'rules.phone.action: must be one of none, flag, redact, drop',
        'thresholds.toxicity: must be a number between 0 and 1',
        'custom[0].name: must be 1 to 64 small letters, digits and dashes',
        'custom[1]: give keywords or a pattern, not both',
        expect.stringMatching(/^custom\[2\]: not a pattern in RE2 syntax: /),
        'custom[3]: the pattern matches the empty text, so it would match everywhere',
        'custom[4].name: is taken by another rule',
        expect.stringMatching(/^custom\[5\]: not a pattern in RE2 syntax: /),
      ],
    });
  });
});
