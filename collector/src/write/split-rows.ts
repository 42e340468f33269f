import type { TableColumns } from '../table-rows.ts';

/** Moves over one value and returns the offset behind it. */
type Skip = (bytes: Uint8Array, at: number) => number;

const FIXED_BYTES: Readonly<Record<string, number>> = {
  UInt8: 1,
  Int8: 1,
  Bool: 1,
  Enum8: 1,
  UInt16: 2,
  Int16: 2,
  Enum16: 2,
  Date: 2,
  UInt32: 4,
  Int32: 4,
  Float32: 4,
  Date32: 4,
  DateTime: 4,
  IPv4: 4,
  Decimal32: 4,
  UInt64: 8,
  Int64: 8,
  Float64: 8,
  DateTime64: 8,
  Decimal64: 8,
  UInt128: 16,
  Int128: 16,
  UUID: 16,
  IPv6: 16,
  Decimal128: 16,
  UInt256: 32,
  Int256: 32,
  Decimal256: 32,
};

function readVarint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let shift = 0; shift < 49; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined) throw new RangeError('the row ends early');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end: at };
  }
  throw new RangeError('a length is too large');
}

/** `Map(K, V)` → ['K', 'V'], minding nested parentheses and quoted enum names. */
function typeArguments(type: string): readonly string[] {
  const open = type.indexOf('(');
  if (open < 0) return [];
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = open + 1;
  for (let at = open + 1; at < type.length; at++) {
    const character = type[at];
    if (character === '\\' && quoted) at++;
    else if (character === "'") quoted = !quoted;
    else if (quoted) continue;
    else if (character === '(') depth++;
    else if ((character === ',' && depth === 0) || (character === ')' && depth-- === 0)) {
      parts.push(type.slice(start, at).trim());
      start = at + 1;
    }
  }
  return parts;
}

function skipBytes(length: number): Skip {
  return (_, at) => at + length;
}

function skipAll(skips: readonly Skip[]): Skip {
  return (bytes, at) => skips.reduce((offset, skip) => skip(bytes, offset), at);
}

function skipMany(item: Skip): Skip {
  return (bytes, at) => {
    const { value, end } = readVarint(bytes, at);
    let offset = end;
    for (let index = 0; index < value && offset <= bytes.length; index++) offset = item(bytes, offset);
    return offset;
  };
}

function decimalBytes(precision: number): number {
  if (precision <= 9) return 4;
  if (precision <= 18) return 8;
  return precision <= 38 ? 16 : 32;
}

function skipOf(type: string): Skip {
  const name = /^\w+/.exec(type)?.[0] ?? '';
  const parts = typeArguments(type);
  const inner = (index: number): Skip => skipOf(parts[index] ?? '');
  const fixed = FIXED_BYTES[name];
  if (fixed !== undefined) return skipBytes(fixed);
  switch (name) {
    case 'String':
      return (bytes, at) => {
        const { value, end } = readVarint(bytes, at);
        return end + value;
      };
    case 'FixedString':
      return skipBytes(Number(parts[0]));
    case 'Decimal':
      return skipBytes(decimalBytes(Number(parts[0])));
    case 'LowCardinality':
      return inner(0);
    case 'SimpleAggregateFunction':
      return inner(1);
    case 'Nullable': {
      const value = inner(0);
      return (bytes, at) => (bytes[at] === 0 ? value(bytes, at + 1) : at + 1);
    }
    case 'Array':
      return skipMany(inner(0));
    case 'Map':
      return skipMany(skipAll([inner(0), inner(1)]));
    case 'Tuple':
      return skipAll(parts.map((part) => skipOf(part.replace(/^\w+ (?=\w)/, ''))));
    default:
      throw new RangeError(`cannot measure type ${name}`);
  }
}

/**
 * Cuts RowBinary into single rows (views, in order), so that one bad row is found among the good ones of its request.
 * `undefined` when the bytes are not exactly `rows` rows of these columns, or a type is not known here.
 */
export function splitRows(
  columns: TableColumns['columns'],
  bytes: Uint8Array,
  rows: number
): readonly Uint8Array[] | undefined {
  try {
    const skipRow = skipAll(columns.map(({ type }) => skipOf(type)));
    const parts: Uint8Array[] = [];
    let at = 0;
    for (let row = 0; row < rows; row++) {
      const end = skipRow(bytes, at);
      if (end > bytes.length) return undefined;
      parts.push(bytes.subarray(at, end));
      at = end;
    }
    return at === bytes.length ? parts : undefined;
  } catch {
    return undefined;
  }
}
