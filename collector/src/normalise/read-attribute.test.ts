import fc from 'fast-check';
import type { AttributeValue } from '../otlp.ts';
import {
  MAX_JSON_DEPTH,
  parseJson,
  readBoolean,
  readCount,
  readJson,
  readNumber,
  readString,
  readStringList,
  toJsonText,
  toPlainJson,
  toText,
} from './read-attribute.ts';

function one(value: AttributeValue): ReadonlyMap<string, AttributeValue> {
  return new Map([['key', value]]);
}

const attributeValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 8 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')), { maxLength: 4 })
      .map((entries) => new Map(entries))
  ),
})).value;

describe('readers of attributes', () => {
  test.each<[AttributeValue, number | undefined]>([
    [37, 37],
    ['37', 37],
    [' 37 ', 37],
    ['37.0', 37],
    [12, 12],
    [0, 0],
    [-1, undefined],
    ['-1', undefined],
    [1.5, undefined],
    [Number.NaN, undefined],
    ['NaN', undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['Infinity', undefined],
    ['', undefined],
    ['0x10', undefined],
    [null, undefined],
    [true, undefined],
    [[37], undefined],
    [2n ** 60n, Number.MAX_SAFE_INTEGER],
    [-(2n ** 60n), undefined],
    [1e20, Number.MAX_SAFE_INTEGER],
  ])('count of %p is %p', (value, expected) => {
    expect(readCount(one(value), 'key')).toBe(expected);
  });

  test.each<[AttributeValue, number | undefined]>([
    [0.25, 0.25],
    ['1.5e-3', 0.0015],
    ['-2', -2],
    ['abc', undefined],
    [Number.NaN, undefined],
    ['9'.repeat(400), undefined],
  ])('number of %p is %p', (value, expected) => {
    expect(readNumber(one(value), 'key')).toBe(expected);
  });

  test.each<[AttributeValue, boolean | undefined]>([
    [true, true],
    ['True', true],
    ['False', false],
    ['1', true],
    [0, false],
    ['yes', undefined],
    [null, undefined],
  ])('flag of %p is %p', (value, expected) => {
    expect(readBoolean(one(value), 'key')).toBe(expected);
  });

  test.each<[AttributeValue, readonly string[] | undefined]>([
    [
      ['stop', 'length'],
      ['stop', 'length'],
    ],
    ['["stop"]', ['stop']],
    ["['stop', 'length']", ['stop', 'length']],
    ['stop', ['stop']],
    ['', undefined],
    ['[]', undefined],
    [[], undefined],
    ['[broken', ['[broken']],
    [[1, null, ''], ['1']],
  ])('list of %p is %p', (value, expected) => {
    expect(readStringList(one(value), 'key')).toEqual(expected);
  });

  test('an empty or structured value lets the next key speak', () => {
    const attributes = new Map<string, AttributeValue>([
      ['first', ''],
      ['second', new Map()],
      ['third', 7],
    ]);
    expect(readString(attributes, 'absent', 'first', 'second', 'third')).toBe('7');
  });

  test('JSON is read from text and from structures, and text that is none is undefined', () => {
    expect(readJson(one('{"a":[1,"x"]}'), 'key')).toEqual({ a: [1, 'x'] });
    expect(JSON.stringify(readJson(one(new Map<string, AttributeValue>([['a', [1, 2n ** 60n]]])), 'key'))).toBe(
      '{"a":[1,"1152921504606846976"]}'
    );
    expect(readJson(one('plain words'), 'key')).toBeUndefined();
    expect(readJson(one('{"a":'), 'key')).toBeUndefined();
  });

  test('depth is cut, not followed', () => {
    const depth = (value: unknown): number => (Array.isArray(value) && value.length > 0 ? 1 + depth(value[0]) : 0);
    expect(depth(parseJson('['.repeat(5000) + ']'.repeat(5000)))).toBeLessThanOrEqual(MAX_JSON_DEPTH);
    let nested: AttributeValue = 'x';
    for (let level = 0; level < 5000; level++) nested = [nested];
    expect(depth(toPlainJson(nested))).toBeLessThanOrEqual(MAX_JSON_DEPTH);
  });

  test('keys such as __proto__ stay keys', () => {
    const json = toPlainJson(new Map<string, AttributeValue>([['__proto__', 'x']]));
    expect(JSON.stringify(json)).toBe('{"__proto__":"x"}');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('text of any value keeps all digits', () => {
    expect([toText('a'), toText(7), toText(2n ** 63n), toText(null), toText(['a', 1]), toJsonText('a')]).toEqual([
      'a',
      '7',
      '9223372036854775808',
      '',
      '["a",1]',
      '"a"',
    ]);
  });

  test('no value makes a reader throw, and JSON text is always JSON', () => {
    fc.assert(
      fc.property(attributeValue, (value) => {
        const attributes = one(value);
        readString(attributes, 'key');
        readCount(attributes, 'key');
        readNumber(attributes, 'key');
        readBoolean(attributes, 'key');
        readStringList(attributes, 'key');
        readJson(attributes, 'key');
        expect(typeof toText(value)).toBe('string');
        expect(() => JSON.parse(toJsonText(value)) as unknown).not.toThrow();
      })
    );
  });
});

describe('bytes in an attribute', () => {
  it('are the text they spell, and else only a number of bytes', () => {
    const text = Buffer.from('héllo');
    expect([toPlainJson(text), toPlainJson(text.subarray(0, 2)), toPlainJson(Uint8Array.of(0xff, 0xfe))]).toEqual([
      'héllo',
      'h',
      '[2 bytes]',
    ]);
  });
});
