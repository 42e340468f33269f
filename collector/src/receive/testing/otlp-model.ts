import fc from 'fast-check';
import type { AttributeValue, OtlpLogRecord, OtlpResource, OtlpScope, OtlpSpan } from '../../otlp.ts';

/** A request before it is encoded; items point to the resource and scope they stand in, as decoded ones do. */
export interface RequestModel<Item> {
  readonly resource: OtlpResource;
  readonly scopes: readonly { readonly scope: OtlpScope; readonly items: readonly Item[] }[];
}

const uint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const int64 = fc
  .oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(
      2n ** 53n,
      2n ** 53n - 1n,
      -(2n ** 53n),
      -(2n ** 53n) + 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 31n,
      2n ** 32n
    ),
    fc.bigInt({ min: -1000n, max: 1000n })
  )
  .map((value): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value));

/** Whole characters only: half a pair has no UTF-8 form. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 80 }),
  fc.constantFrom(
    'gen_ai.request.model',
    'gpt-4o',
    '__proto__',
    'toString',
    'constructor',
    '\u0000',
    '"\\',
    '1544712660300000123'
  )
);

const attributes = (value: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Map<string, AttributeValue>> =>
  fc.array(fc.tuple(text, value), { maxLength: 4 }).map((pairs) => new Map(pairs));

const { any: value } = fc.letrec<{ any: AttributeValue }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    int64,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 9 }),
    fc.array(tie('any'), { maxLength: 3 }),
    attributes(tie('any'))
  ),
}));

const id = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...Array.from('0123456789abcdef')), minLength: digits, maxLength: digits })
    .map((hex) => (/^0*$/.test(hex) ? 'f'.repeat(digits) : hex));

const requests = <Item>(
  item: (resource: OtlpResource, scope: OtlpScope) => fc.Arbitrary<Item>
): fc.Arbitrary<readonly RequestModel<Item>[]> =>
  fc.array(
    fc.record({ attributes: attributes(value) }).chain((resource) =>
      fc.record({
        resource: fc.constant(resource),
        scopes: fc.array(
          fc
            .record({ name: text, version: text, attributes: attributes(value) })
            .chain((scope) =>
              fc.record({ scope: fc.constant(scope), items: fc.array(item(resource, scope), { maxLength: 3 }) })
            ),
          { maxLength: 2 }
        ),
      })
    ),
    { maxLength: 2 }
  );

/** Any valid trace request. */
export const tracesModel = requests<OtlpSpan>((resource, scope) =>
  fc.record({
    resource: fc.constant(resource),
    scope: fc.constant(scope),
    traceId: id(32),
    spanId: id(16),
    parentSpanId: fc.oneof(fc.constant(''), id(16)),
    name: text,
    kind: fc.integer({ min: 0, max: 5 }),
    startTimeUnixNano: uint64,
    endTimeUnixNano: uint64,
    attributes: attributes(value),
    events: fc.array(fc.record({ timeUnixNano: uint64, name: text, attributes: attributes(value) }), { maxLength: 2 }),
    statusCode: fc.integer({ min: 0, max: 2 }),
    statusMessage: text,
  })
);

/** Any valid logs request. */
export const logsModel = requests<OtlpLogRecord>((resource, scope) =>
  fc.record({
    resource: fc.constant(resource),
    scope: fc.constant(scope),
    timeUnixNano: uint64,
    observedTimeUnixNano: uint64,
    severityNumber: fc.integer({ min: 0, max: 24 }),
    eventName: text,
    body: value,
    attributes: attributes(value),
    traceId: fc.oneof(fc.constant(''), id(32)),
    spanId: fc.oneof(fc.constant(''), id(16)),
  })
);

/** What a decoder should make of the request. */
export const itemsOf = <Item>(request: readonly RequestModel<Item>[]): readonly Item[] =>
  request.flatMap((part) => part.scopes.flatMap((scope) => scope.items));
