import fc from 'fast-check';
import { splitRows } from './split-rows.ts';

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}

const text = fc
  .string({ maxLength: 200 })
  .map((value) => Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]));
const fixed = (length: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes));
const list = (item: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc.array(item, { maxLength: 5 }).map((items) => Buffer.concat([varint(items.length), ...items]));
const both = (...parts: fc.Arbitrary<Buffer>[]): fc.Arbitrary<Buffer> =>
  fc.tuple(...parts).map((items) => Buffer.concat(items));

const COLUMNS: readonly [string, fc.Arbitrary<Buffer>][] = [
  ['LowCardinality(String)', text],
  ["DateTime64(9, 'UTC')", fixed(8)],
  ['UInt64', fixed(8)],
  ["Enum8('a(,)' = 0, 'it\\'s' = 1)", fixed(1)],
  ['Decimal(18, 12)', fixed(8)],
  ['Decimal(38, 12)', fixed(16)],
  ['Array(LowCardinality(String))', list(text)],
  ['Map(LowCardinality(String), String)', list(both(text, text))],
  [
    'Nullable(UInt32)',
    fc.oneof(
      fc.constant(Buffer.from([1])),
      fixed(4).map((bytes) => Buffer.concat([Buffer.from([0]), bytes]))
    ),
  ],
  ['Tuple(a UInt8, b Array(Float64))', both(fixed(1), list(fixed(8)))],
  ['SimpleAggregateFunction(sum, UInt64)', fixed(8)],
  ['FixedString(16)', fixed(16)],
  ['Bool', fixed(1)],
];

const columns = COLUMNS.map(([type], index) => ({ name: `c${index}`, type }));
const row = both(...COLUMNS.map(([, value]) => value));

describe('splitting RowBinary into rows', () => {
  it('gives back exactly the rows that were joined, for every type the tables use', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        expect(splitRows(columns, Buffer.concat(rows), rows.length)?.map((bytes) => Buffer.from(bytes))).toEqual(rows);
      })
    );
  });

  it('gives nothing when bytes are missing, left over, or a type is unknown', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 3 }), fc.nat(), (rows, cut) => {
        const bytes = Buffer.concat(rows);
        expect(splitRows(columns, bytes.subarray(0, cut % bytes.length), rows.length)).toBeUndefined();
        expect(splitRows(columns, Buffer.concat([bytes, Buffer.from([0])]), rows.length)).toBeUndefined();
      })
    );
    expect(splitRows([{ name: 'c', type: 'Dynamic' }], Buffer.from([0]), 1)).toBeUndefined();
  });
});
