import fc from 'fast-check';
import { RE2JS } from 're2js';
import { findPattern, MAX_MATCHES } from './find-pattern.ts';
import { MAX_STEPS } from './spend-steps.ts';

const HOSTILE_LENGTH = 1_000_000;

function search(pattern: string, text: string): { readonly steps: number; readonly matches: readonly string[] } {
  const meter = { steps: 0 };
  const matches = findPattern(RE2JS.compile(pattern))(text, [0], meter);
  return { steps: meter.steps, matches: matches.map(({ start, end }) => text.slice(start, end)) };
}

/** Letters a and b without a rhythm. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state > 0x3fffffff ? 'a' : 'b';
  }).join('');
}

describe("a pattern of somebody's own", () => {
  it.each([
    ['(a+)+$', `${'a'.repeat(HOSTILE_LENGTH)}!`],
    ['(a|aa)+$', `${'a'.repeat(HOSTILE_LENGTH)}!`],
    ['(?i)(x+x+)+y', 'x'.repeat(HOSTILE_LENGTH)],
    ['(?i)[a-z]{3,20}-[0-9]{6}', 'lorem ipsum '.repeat(HOSTILE_LENGTH / 12)],
    ['(?:.*a){12}!', 'a'.repeat(HOSTILE_LENGTH)],
  ])('that explodes elsewhere costs a few steps for each character here: %s', (pattern, text) => {
    const { steps, matches } = search(pattern, text);
    expect(steps).toBeLessThan(MAX_STEPS);
    expect(matches.length).toBeLessThanOrEqual(text.length / 512);
  });

  it('that no table can hold is charged for its worst case and stopped', () => {
    const meter = { steps: 0 };
    const find = findPattern(RE2JS.compile('(?:a|b)*a[ab]{100}[xy]'));
    expect(() => find(noise(HOSTILE_LENGTH), [0], meter)).toThrow('used up');
    expect(meter.steps).toBeLessThan(MAX_STEPS * 1.1);
  });

  it('is walked by a table when it is an ordinary one: a few steps for each character', () => {
    const text = 'see the ticket of yesterday, or write to us. '.repeat(1000);
    expect(search('(?i)tck-[0-9]{4,8}', text).steps).toBeLessThan(text.length * 4);
  });

  it('finds every match, also when there are many, and never stops to redact', () => {
    const text = 'id 4711, '.repeat(3 * MAX_MATCHES);
    const covered = new Uint8Array(text.length);
    for (const { start, end } of findPattern(RE2JS.compile('[0-9]+'))(text, [0], { steps: 0 }))
      covered.fill(1, start, end);
    const left = Array.from(text, (character, at) => (covered[at] === 1 ? '' : character)).join('');
    expect(left).not.toMatch(/[0-9]/);
  });

  it('finds in long texts what a plain search finds', () => {
    const word = fc.constantFrom('TCK-1234', 'tck', 'x', '"', ' ', 'TCK-', '99', 'lorem ipsum dolor sit amet ');
    fc.assert(
      fc.property(fc.array(word, { minLength: 200, maxLength: 600 }), (words) => {
        const text = words.join('');
        expect(search('TCK-[0-9]{1,6}', text).matches).toEqual(text.match(/TCK-[0-9]{1,6}/g) ?? []);
      }),
      { numRuns: 50 }
    );
  });
});
