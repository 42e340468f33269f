import { contextAt } from '../rule-scope.ts';
import { createTextInspector } from '../inspect-text.ts';
import { defaultGuardPolicy } from '../guard-policy.ts';
import { sampleSecrets } from '../testing/sample-secrets.ts';

const inspector = createTextInspector(defaultGuardPolicy);

function found(text: string): readonly { rule: string; value: string }[] {
  if (!inspector.mayHold(text, 'attribute')) return [];
  return inspector
    .inspect(text, { steps: 0 }, contextAt('attribute'))
    .map(({ detector, start, end }) => ({ rule: detector.rule, value: text.slice(start, end) }));
}

describe('keys with a prefix', () => {
  it.each(Object.entries(sampleSecrets))('finds %s whole and nothing else', (rule, secret) => {
    expect(found(`export TOKEN="${secret}"; run`)).toEqual([{ rule, value: secret }]);
    expect(found(secret)).toEqual([{ rule, value: secret }]);
    expect(found(`see (${secret})`)).toEqual([{ rule, value: secret }]);
  });

  it.each([
    'a task-specific and risk-free desk-bound disk-Based3 approach',
    'sk-your-api-key-here',
    'sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'OPENAI_API_KEY=sk-...',
    'class sk-circle-fade-dot-animation-container',
    'AKIAIOSFODNN7EXAMPLE',
    'hf_servingcellpriorityparametersdescription_h_pr',
    'commit 3fa9c07be2d418563fa9c07be2d418563fa9c07b',
    'eyJub3QgYSB0b2tlbg.eyJmb28iOiJiYXIifQ.c2lnbmF0dXJl',
    'npm_config_registry and npm_lifecycle_event',
    'the key-value store, ghp_ is the prefix of tokens',
  ])('does not take %s for a key', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('takes all parts of a key, the secret one above all', () => {
    const part = (length: number): string =>
      'aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0cF3hJ6kL9nP2qR5sT8uW1vY4zA7bD0eG3iM6oU9x'.slice(0, length);
    const capitals = (length: number): string => part(length).toUpperCase();
    const keys = [
      ['SG', part(22), part(43)].join('.'),
      ['dt0c01', capitals(24), capitals(64)].join('.'),
      `${['ATATT3x', part(60)].join('')}=1A2B3C4D`,
      `${['glpat', part(20)].join('-')}.01.cgp4snEmP`,
      [Buffer.from('12345678901234567').toString('base64url'), 'GSwJyi', part(38)].join('.'),
      `${'3fa9c07be2d41856'.repeat(2)}-us13`,
      Buffer.from(`-----BEGIN PRIVATE KEY-----\n${part(64)}\n`)
        .toString('base64')
        .replaceAll('=', ''),
    ];
    for (const key of keys) expect(found(`see (${key})`).map(({ value }) => value)).toEqual([key]);
    const certificate = Buffer.from(`-----BEGIN CERTIFICATE-----\n${part(64)}\n`).toString('base64');
    expect(found(`see (${certificate})`)).toEqual([]);
  });

  it('gives a GitHub token with a right checksum the full score and one with a wrong one less', () => {
    // The checksum `214jvX` was computed with another program (Python's zlib).
    const random = `${'A'.repeat(15)}b1C2d3E4f5G6h7I`;
    const score = (token: string): readonly number[] =>
      inspector.inspect(token, { steps: 0 }, contextAt('attribute')).map((each) => each.score);
    expect(score(['ghp', `${random}214jvX`].join('_'))).toEqual([1]);
    expect(score(['ghp', `${random}214jvY`].join('_'))).toEqual([0.8]);
  });
});
