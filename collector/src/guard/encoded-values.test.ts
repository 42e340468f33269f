import { defaultGuardPolicy } from './guard-policy.ts';
import { createTextInspector } from './inspect-text.ts';
import { redact } from './redact.ts';
import { contextAt } from './rule-scope.ts';
import { encodings, sensitiveSamples } from './testing/sensitive-samples.ts';

const { version, detectors, actions } = defaultGuardPolicy;
const inspector = createTextInspector({ version, detectors, actions });

/** The text as it may be stored. */
function clean(text: string, token?: string): string {
  if (!inspector.mayHold(text, 'attribute')) return text;
  const redactions = inspector
    .inspect(text, { steps: 0 }, contextAt('attribute'))
    .filter(({ action }) => action === 'redact')
    .map(({ start, end, detector: { rule } }) => ({ start, end, rule, ...(token !== undefined && { token }) }));
  return redact(text, redactions) ?? 'withheld';
}

const cases = Object.entries(sensitiveSamples).flatMap(([kind, value]) =>
  Object.entries(encodings).map(([encoding, encode]) => [kind, encoding, encode(`use ${value} now`)] as const)
);

describe('a value that must not be stored', () => {
  it.each(cases)('%s, written as %s, is redacted, once', (kind, _encoding, text) => {
    const redacted = clean(text);
    const secret = sensitiveSamples[kind]!.replace(/@.*/, '').split(/[ :=]/).at(-1)!;
    expect(redacted).toMatch(/\[REDACTED:[a-z0-9-]+\]/);
    expect(decodeAll(redacted)).not.toContain(secret.slice(-8));
    expect(clean(redacted)).toBe(redacted);
    // What a token stands for is not found again either.
    const tokens = clean(text, 'aB3dE6gH9jK2mN5p');
    expect(clean(tokens, 'another')).toBe(tokens);
  });

  it('leaves percent signs of ordinary texts as they are', () => {
    for (const text of [
      '100% of 5%20 items',
      '%',
      '%%41',
      'a%',
      '{"url":"https://x.example/?q=caf%C3%A9%20au%20lait"}',
    ])
      expect(clean(text)).toBe(text);
  });
});

function decodeAll(text: string): string {
  let decoded = text;
  for (let level = 0; level < 3; level += 1)
    decoded = decoded.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16))
    );
  return decoded;
}
