import { Refusal } from '../sql/refusal.ts';
import { createNativeRewriter, emptyNativeBlock } from './native-rewriter.ts';
import { parseNativeType } from './native-type.ts';
import { readVarUInt, skipColumn } from './skip-column.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const text = (value: string): string => Buffer.from([value.length, ...Buffer.from(value)]).toString('hex');
const INFO = '010002ffffffff00';

/** What chDB 3.4 gives for SELECT of these columns over two rows, FORMAT Native. */
const COLUMNS: [string, string][] = [
  ['UInt8', '0102'],
  ['String', '0161 020102'],
  ['FixedString(3)', '616263 646566'],
  ['Nullable(UInt16)', '0001 0100 0000'],
  ['Decimal(38, 12)', '00'.repeat(32)],
  ["Enum8('a,)' = 1, 'b' = 2)", '0102'],
  ["DateTime64(9, 'UTC')", '00'.repeat(16)],
  ['IntervalDay', '00'.repeat(16)],
  ['Array(UInt8)', '0100000000000000 0300000000000000 010203'],
  ['Array(String)', '00'.repeat(16)],
  ['Map(String, UInt8)', '0100000000000000 0100000000000000 016b 01'],
  ['Tuple(a UInt8, `b c` String)', '0101 0161 0161'],
  ['Tuple()', '3030'],
  ['Point', '00'.repeat(32)],
  ['LowCardinality(String)', '0100000000000000 0006000000000000 0200000000000000 00 0161 0200000000000000 0101'],
  [
    'LowCardinality(Nullable(String))',
    '0100000000000000 0006000000000000 0200000000000000 00 00 0200000000000000 0000',
  ],
  [
    'Array(LowCardinality(String))',
    '0100000000000000 0100000000000000 0200000000000000 0006000000000000 0200000000000000 00 0178 0200000000000000 0101',
  ],
  ['SimpleAggregateFunction(sum, Decimal(38, 12))', '00'.repeat(32)],
  ['Nested(a UInt8)', '0100000000000000 0100000000000000 07'],
  ['Nothing', '3030'],
];
const block = (rows: string, columns: [string, string][]): Buffer =>
  hex(
    columns.length.toString(16).padStart(2, '0') +
      rows +
      columns.map(([type, data]) => text('c') + text(type) + data).join('')
  );
const rewritten = (columns: [string, string][]): Buffer =>
  hex(
    INFO +
      columns.length.toString(16).padStart(2, '0') +
      '02' +
      columns.map(([type, data]) => text('c') + text(type) + '00' + data).join('')
  );

describe('createNativeRewriter', () => {
  test.each(COLUMNS)('finds the end of a column of type %s', (type, data) => {
    const source = block('02', [
      [type, data],
      ['UInt8', '0909'],
    ]);
    expect(Buffer.concat(createNativeRewriter(54_460).push(source))).toEqual(
      rewritten([
        [type, data],
        ['UInt8', '0909'],
      ])
    );
  });
  test('takes blocks that come in any pieces', () => {
    const source = Buffer.concat([block('02', COLUMNS), block('02', COLUMNS)]);
    for (const size of [1, 7, 100, source.length]) {
      const rewriter = createNativeRewriter(54_460);
      const pieces: Buffer[] = [];
      for (let at = 0; at < source.length; at += size) pieces.push(...rewriter.push(source.subarray(at, at + size)));
      rewriter.end();
      expect(Buffer.concat(pieces)).toEqual(Buffer.concat([rewritten(COLUMNS), rewritten(COLUMNS)]));
    }
  });
  test('gives older clients the block info only, and none to those without a revision', () => {
    const source = block('02', COLUMNS.slice(0, 2));
    expect(Buffer.concat(createNativeRewriter(54_405).push(source))).toEqual(Buffer.concat([hex(INFO), source]));
    const plain = createNativeRewriter(0);
    expect(plain.push(source)).toEqual([source]);
    plain.end();
  });
  test.each([
    'JSON',
    "Object('json')",
    'Variant(String, UInt8)',
    'Dynamic',
    'AggregateFunction(sum, UInt64)',
    'Array(JSON)',
    'Tuple(a Dynamic)',
    'Map(String, Variant(UInt8))',
    'QBit(Float32, 8)',
    'Geometry',
    'toString',
    '__proto__',
  ])('refuses %s with 48 and the name of the column', (type) => {
    const push = (): unknown => createNativeRewriter(54_460).push(block('02', [[type, '00']]));
    expect(push).toThrow(Refusal);
    expect(push).toThrow(/Column `c` of type/);
  });
  test('an answer that ends within a block is an error', () => {
    const rewriter = createNativeRewriter(54_460);
    rewriter.push(block('02', [['UInt8', '01']]));
    expect(() => rewriter.end()).toThrow('within a block');
  });
  test('an empty block keeps names and types, also long ones', () => {
    const name = 'n'.repeat(200);
    const empty = emptyNativeBlock([
      { name, type: 'UInt8' },
      { name: 'b', type: 'LowCardinality(String)' },
    ]);
    expect(empty.subarray(0, 4)).toEqual(Buffer.from([2, 0, 0xc8, 1]));
    expect(Buffer.concat(createNativeRewriter(54_460).push(empty)).length).toBe(empty.length + 8 + 2);
  });
});

test('a type nested beyond the bound, a shared dictionary and an endless number are refused', () => {
  expect(parseNativeType(`${'Array('.repeat(70)}UInt8${')'.repeat(70)}`)).toBeUndefined();
  expect(() =>
    skipColumn(
      { bytes: hex('0100000000000000 0001000000000000'), at: 0 },
      { kind: 'low-cardinality', inner: { kind: 'string' } },
      1
    )
  ).toThrow('shared dictionary');
  expect(() => readVarUInt({ bytes: Buffer.alloc(11, 0xff), at: 0 })).toThrow('ten bytes');
});
