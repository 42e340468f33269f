import fc from 'fast-check';
import { defaultGuardPolicy } from './guard-policy.ts';
import { createGuard } from './guard-span.ts';
import { contextAt } from './rule-scope.ts';
import { createTextInspector } from './inspect-text.ts';
import { makeFragment, makePricedSpan } from './testing/make-span.ts';
import { sampleSecrets } from './testing/sample-secrets.ts';

/** Steps a text may cost, per character and on top: the promise that the guard is linear. */
const STEPS_PER_CHARACTER = 32;
/** Put together from parts so that this file holds no armour line in a piece. */
const PRIVATE = 'PRIVATE';
/** Long enough that anything but linear work would show by orders of magnitude. */
const HOSTILE_LENGTH = 250_000;

const guard = createGuard(defaultGuardPolicy, {
  spansChecked: () => undefined,
  findingMade: () => undefined,
  findingOmitted: () => undefined,
  contentWithheld: () => undefined,
});

function checkBody(body: string): string {
  const [checked] = guard.check({
    spans: [makePricedSpan({ fragments: [makeFragment(body)] })],
    others: [],
    fragments: [],
    scores: [],
  }).spans;
  return checked?.span.fragments[0]?.body ?? '';
}

/** JSON text in whose strings some characters are written as hexadecimal escapes and slashes may be escaped. */
function writeEscaped(json: string, escapeEvery: number): string {
  let insideString = false;
  let insideEscape = false;
  return Array.from(json)
    .map((character, index) => {
      const escaped = insideEscape;
      insideEscape = !escaped && character === '\\';
      if (character === '"' && !escaped) insideString = !insideString;
      if (escaped || !insideString || index % escapeEvery !== 0) return character;
      if (!/[A-Za-z0-9_/:@.-]/.test(character)) return character;
      return character === '/' ? '\\/' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    })
    .join('');
}

/** All strings of a JSON value; strings that are JSON themselves are opened. */
function allStrings(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    try {
      const inner: unknown = JSON.parse(value);
      return typeof inner === 'object' || typeof inner === 'string' ? [value, ...allStrings(inner)] : [value];
    } catch {
      return [value];
    }
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...allStrings(key), ...allStrings(inner)]);
}

const surroundings = fc.stringMatching(/^[ -~é漢\n"\\]{0,40}$/).map((text) => text.replace(/[A-Za-z0-9_%-]$/, ''));
const secret = fc.constantFrom(...Object.values(sampleSecrets));

describe('the guard, whatever the text', () => {
  it('leaves no secret in any spelling at any depth of JSON, and JSON stays JSON', () => {
    fc.assert(
      fc.property(
        secret,
        surroundings,
        surroundings,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        (value, before, after, depth, escapeEvery, inKey) => {
          const text = `${before} ${value} ${after}`;
          let content: unknown = inKey ? { [text]: 1 } : { role: 'user', content: text };
          for (let level = 0; level < depth; level += 1)
            content = { arguments: writeEscaped(JSON.stringify(content), escapeEvery) };
          const plain = JSON.stringify([content]);
          for (const body of [plain, writeEscaped(plain, escapeEvery)]) {
            expect(() => JSON.parse(body) as unknown).not.toThrow();
            const redacted = checkBody(body);
            const strings = allStrings(JSON.parse(redacted)).join('\n');
            expect(strings).not.toContain(value);
            expect(redacted).not.toContain(value);
            expect(strings).toContain('[REDACTED:');
          }
        }
      ),
      { numRuns: 300 }
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(secret, surroundings), { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (parts, escapeEvery) => {
          const once = checkBody(
            writeEscaped(JSON.stringify([{ role: 'user', content: parts.join(' ') }]), escapeEvery)
          );
          expect(checkBody(once)).toBe(once);
        }
      ),
      { numRuns: 300 }
    );
  });

  it('leaves text without any keyword as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!/[@\-_/=~A-Z.:0-9]/.test(text) && !text.includes('\\'));
        const body = JSON.stringify([text]);
        fc.pre(!body.includes('\\u00'));
        expect(checkBody(body)).toBe(body);
      })
    );
  });

  it.each([
    'sk-',
    'sk-a1B2-',
    '@',
    'a@a.',
    'a@a.bc ',
    '://',
    'a://b:c@',
    'a://b:c',
    'pwd=',
    ';pwd=aaaa',
    'eyJ',
    ' eyJ.eyJ',
    '-----BEGIN ',
    `-----BEGIN ${PRIVATE} KEY-----`,
    `-----BEGIN ${PRIVATE} KEY-----${'aB3d'.repeat(11)}`,
    'AKIA',
    ' AKIAQ7ZL2MN4XK5VRT3W',
    'aws_secret',
    'JQQJ9',
    'a8Q~',
    'api-key: ',
    'AccountKey=',
    '\\u0073k-',
    '\\u005c',
    '\\',
    '\\/',
    ' ghp_a1B2',
    '%2sk-a1',
    'a-_A/=~@.',
    '::',
    '1.1.1.1 ',
    '4111 1111 ',
    'token=',
    'password: ',
    'bearer ',
    'curl -u ',
    'passport ',
    'kind: Secret\n',
    'wallet 1',
  ])('takes work linear in the length of %j', (unit) => {
    const text = unit.repeat(Math.ceil(HOSTILE_LENGTH / unit.length)).slice(0, HOSTILE_LENGTH);
    for (const hostile of [`a${text}aB3dE6gH9jK2mN5pQ8rS1tV4wX7yZ0cF3hJ6kL9n`]) {
      const meter = { steps: 0 };
      createTextInspector(defaultGuardPolicy).inspect(hostile, meter, contextAt('input'));
      expect(meter.steps).toBeGreaterThanOrEqual(hostile.length);
      expect(meter.steps).toBeLessThanOrEqual(STEPS_PER_CHARACTER * hostile.length);
    }
  });
});
