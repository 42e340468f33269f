import fc from 'fast-check';
import { parseJson } from './parse-json.ts';

/** What parseJson may change in a tree: nothing but unsafe integers and halves of surrogate pairs. */
function expected(value: unknown): unknown {
  if (typeof value === 'string') return Buffer.from(value).toString();
  // JSON has no -0.
  if (typeof value === 'number') return /^-?\d{16,}$/.test(String(value)) ? String(value) : value + 0;
  if (Array.isArray(value)) return value.map(expected);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [expected(key), expected(item)]));
  }
  return value;
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  // Halves of pairs, quotes and backslashes at every distance.
  fc
    .array(fc.constantFrom('\\', '"', '\\"', '\ud83d', '\ude00', '\u0000', 'x', '1234567890123456', '{', ']'), {
      maxLength: 60,
    })
    .map((parts) => parts.join(''))
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.constantFrom(null, true, 1e15, 1e16, -1e16, 1e20, 1e21, 1e-7),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 })
  ),
}));

test('a tree comes back as it went in, compact and with spaces', () => {
  fc.assert(
    fc.property(tree, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
      expect(parseJson(Buffer.from(JSON.stringify(value, null, space)))).toEqual(expected(value));
    }),
    { numRuns: 2000 }
  );
});

test('integers of any length keep their digits, in every place', () => {
  const digits = '9'.repeat(30);
  expect(
    parseJson(
      Buffer.from(
        `[${digits},-${digits}, ${digits} ,{"a":${digits}},"${digits}",999999999999999,1.${digits},${digits}e2]`
      )
    )
  ).toEqual([digits, `-${digits}`, digits, { a: digits }, digits, 999999999999999, 2, 1e32]);
});

test('the bytes given are left alone', () => {
  const body = Buffer.from(
    String.raw`{"a":"\ud800 and so on, for long enough to be searched","b":12345678901234567890}`
  );
  const before = Buffer.from(body);
  parseJson(body);
  expect(body.equals(before)).toBe(true);
});

test('text that never ends is not valid, whatever it ends with', () => {
  const long = 'x'.repeat(100);
  for (const end of ['', '\\', '\\"', '\\\\', '\\u', '\\ud', '\\ud8', '\\ud83', '\\ud83d', '\\ud83d\\']) {
    for (const start of ['"', `"${long}`]) {
      expect(() => parseJson(Buffer.from(start + end))).toThrow('the body is not valid JSON');
    }
  }
});
