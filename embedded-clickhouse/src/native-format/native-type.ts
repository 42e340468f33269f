/** How the values of a column lie in a Native block; enough to find where the column ends. */
export type NativeType =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'nullable'; readonly inner: NativeType }
  | { readonly kind: 'low-cardinality'; readonly inner: NativeType }
  | { readonly kind: 'array'; readonly inner: NativeType }
  | { readonly kind: 'tuple'; readonly elements: readonly NativeType[] };

const FIXED: Readonly<Record<string, number>> = {
  UInt8: 1, UInt16: 2, UInt32: 4, UInt64: 8, UInt128: 16, UInt256: 32,
  Int8: 1, Int16: 2, Int32: 4, Int64: 8, Int128: 16, Int256: 32,
  BFloat16: 2, Float32: 4, Float64: 8, Bool: 1, Nothing: 1, UUID: 16, IPv4: 4, IPv6: 16,
  Date: 2, Date32: 4, DateTime: 4, DateTime32: 4, DateTime64: 8, Time: 4, Time64: 8,
  Enum8: 1, Enum16: 2, Decimal32: 4, Decimal64: 8, Decimal128: 16, Decimal256: 32,
}; // prettier-ignore
const FLOAT: NativeType = { kind: 'fixed', bytes: 8 };
const POINT: NativeType = { kind: 'tuple', elements: [FLOAT, FLOAT] };
const LINE: NativeType = { kind: 'array', inner: POINT };
const AREA: NativeType = { kind: 'array', inner: LINE };
const GEO: Readonly<Record<string, NativeType>> = {
  Point: POINT,
  Ring: LINE,
  LineString: LINE,
  Polygon: AREA,
  MultiLineString: AREA,
  MultiPolygon: { kind: 'array', inner: AREA },
};
/** Deepest nesting that is followed; ClickHouse itself stops far earlier in practice. */
const MOST_NESTING = 64;

/**
 * Reads the name of a type. Undefined for types whose layout depends on their values or on a state of the writer (JSON,
 * Object, Variant, Dynamic, AggregateFunction, QBit, unknown ones): they cannot be followed.
 */
export function parseNativeType(name: string, depth = 0): NativeType | undefined {
  if (depth > MOST_NESTING) return undefined;
  const inner = (text: string): NativeType | undefined => parseNativeType(text, depth + 1);
  const open = name.indexOf('(');
  const head = open < 0 ? name : name.slice(0, open);
  const fixed = Object.hasOwn(FIXED, head) ? FIXED[head] : head.startsWith('Interval') ? 8 : undefined;
  if (fixed !== undefined) return { kind: 'fixed', bytes: fixed };
  if (name === 'String') return { kind: 'string' };
  if (Object.hasOwn(GEO, name)) return GEO[name];
  if (open < 0 || !name.endsWith(')')) return undefined;
  const inside = splitArguments(name.slice(open + 1, -1));
  return parseWithArguments(head, inside, inner);
}

function parseWithArguments(
  head: string,
  inside: readonly string[],
  inner: (text: string) => NativeType | undefined
): NativeType | undefined {
  const first = inside[0] ?? '';
  switch (head) {
    case 'FixedString':
      return { kind: 'fixed', bytes: Number(first) };
    case 'Decimal':
      return { kind: 'fixed', bytes: decimalBytes(Number(first)) };
    case 'Nullable':
    case 'LowCardinality':
    case 'Array':
      return wrap(
        ({ Nullable: 'nullable', LowCardinality: 'low-cardinality', Array: 'array' } as const)[head],
        inner(first)
      );
    case 'SimpleAggregateFunction':
      return inner(inside.slice(1).join(', '));
    case 'Tuple':
      return tuple(inside, inner);
    case 'Map':
      return wrap('array', tuple(inside, inner));
    case 'Nested':
      return wrap('array', tuple(inside, inner));
    default:
      return undefined;
  }
}

function wrap(kind: 'nullable' | 'low-cardinality' | 'array', inner: NativeType | undefined): NativeType | undefined {
  return inner === undefined ? undefined : { kind, inner };
}

function tuple(inside: readonly string[], inner: (text: string) => NativeType | undefined): NativeType | undefined {
  // An empty tuple holds one byte a row.
  if (inside.length === 0) return { kind: 'fixed', bytes: 1 };
  const elements: NativeType[] = [];
  for (const text of inside) {
    const element = inner(text) ?? inner(text.replace(/^(?:`(?:[^`\\]|\\.|``)*`|[A-Za-z_][A-Za-z0-9_]*) /, ''));
    if (element === undefined) return undefined;
    elements.push(element);
  }
  return { kind: 'tuple', elements };
}

function decimalBytes(precision: number): number {
  return precision <= 9 ? 4 : precision <= 18 ? 8 : precision <= 38 ? 16 : 32;
}

/** Splits `a, b(c, d), 'e,f'` at the commas outside brackets and quotes. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const found of text.matchAll(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[(),]/gs)) {
    if (found[0] === '(') depth += 1;
    else if (found[0] === ')') depth -= 1;
    else if (found[0] === ',' && depth === 0) {
      parts.push(text.slice(start, found.index).trim());
      start = found.index + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' ? parts : [...parts, last];
}
