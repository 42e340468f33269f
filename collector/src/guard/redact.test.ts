import { redact } from './redact.ts';

describe('redact', () => {
  it('replaces stretches of plain text', () => {
    expect(
      redact('a SECRET b SECRET', [
        { start: 2, end: 8, rule: 'x' },
        { start: 11, end: 17, rule: 'y' },
      ])
    ).toBe('a [REDACTED:x] b [REDACTED:y]');
  });

  it('keeps JSON valid: inside of strings, keys and for numbers', () => {
    const text = '{"SECRET":["a SECRET",-4111111111111111.5e3,"\\"SECRET"]}';
    const redactions = [...text.matchAll(/SECRET|4111111111111111/g)].map(({ index, 0: value }) => ({
      start: index,
      end: index + value.length,
      rule: 'x',
    }));
    expect(redact(text, redactions)).toBe('{"[REDACTED:x]":["a [REDACTED:x]","[REDACTED:x]","\\"[REDACTED:x]"]}');
  });

  it('does not change the bytes of what it leaves', () => {
    const text = '{"b":1.0,"a":12345678901234567890,"a":2, "k":"SECRET"}';
    const start = text.indexOf('SECRET');
    expect(redact(text, [{ start, end: start + 6, rule: 'x' }])).toBe(
      '{"b":1.0,"a":12345678901234567890,"a":2, "k":"[REDACTED:x]"}'
    );
  });

  it('refuses when the result would be no JSON', () => {
    expect(redact('["a","b"]', [{ start: 2, end: 5, rule: 'x' }])).toBeUndefined();
  });

  it('treats JSON that was cut as text', () => {
    expect(redact('["a SECRET', [{ start: 4, end: 10, rule: 'x' }])).toBe('["a [REDACTED:x]');
  });
});
