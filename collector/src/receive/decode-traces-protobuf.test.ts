import { MAX_ITEMS_PER_REQUEST, MAX_STRING_BYTES, MAX_VALUE_DEPTH } from './decode-limits.ts';
import { DecodeError } from './decode-error.ts';
import { decodeTracesProtobuf } from './decode-traces-protobuf.ts';
import { anyValue, keyValue, MessageWriter, spanMessage, varint } from './testing/encode-otlp-protobuf.ts';
import { protobufOf, sampleProtobuf, sampleSpan } from './testing/sample-traces.ts';

const TRACE_ID = Buffer.from(sampleSpan(1).traceId, 'hex');
const SPAN_ID = Buffer.from(sampleSpan(1).spanId, 'hex');
const withIds = (traceId: Uint8Array, spanId: Uint8Array, parent?: Uint8Array): MessageWriter => {
  const span = new MessageWriter().bytes(1, traceId).bytes(2, spanId);
  return parent ? span.bytes(4, parent) : span;
};
const decodeSpan = (span: MessageWriter): ReturnType<typeof decodeTracesProtobuf> =>
  decodeTracesProtobuf(protobufOf([span]));

function errorOf(body: Buffer): unknown {
  try {
    return decodeTracesProtobuf(body);
  } catch (error) {
    return error instanceof DecodeError ? [error.code, error.message] : error;
  }
}

describe('ids', () => {
  const traceIdReason = 'trace_id must be 16 bytes (in JSON 32 hex digits) and not all zero';
  const spanIdReason = 'span_id must be 8 bytes (in JSON 16 hex digits) and not all zero';
  const parentReason = 'parent_span_id must be empty or 8 bytes (in JSON 16 hex digits)';

  test.each([
    ['no trace id', withIds(Buffer.alloc(0), SPAN_ID), traceIdReason],
    ['a trace id of zeros', withIds(Buffer.alloc(16), SPAN_ID), traceIdReason],
    ['a trace id of 15 bytes', withIds(TRACE_ID.subarray(1), SPAN_ID), traceIdReason],
    ['a trace id of 17 bytes', withIds(Buffer.concat([TRACE_ID, SPAN_ID.subarray(7)]), SPAN_ID), traceIdReason],
    ['a trace id in hex', withIds(Buffer.from(TRACE_ID.toString('hex')), SPAN_ID), traceIdReason],
    ['no span id', withIds(TRACE_ID, Buffer.alloc(0)), spanIdReason],
    ['a span id of zeros', withIds(TRACE_ID, Buffer.alloc(8)), spanIdReason],
    ['a span id in hex', withIds(TRACE_ID, Buffer.from(SPAN_ID.toString('hex'))), spanIdReason],
    ['a parent id of 7 bytes', withIds(TRACE_ID, SPAN_ID, SPAN_ID.subarray(1)), parentReason],
    ['a parent id in hex', withIds(TRACE_ID, SPAN_ID, Buffer.from(SPAN_ID.toString('hex'))), parentReason],
  ])('%s costs the span and nothing else', (_name, bad, reason) => {
    const good = sampleSpan(7);
    expect(decodeTracesProtobuf(protobufOf([spanMessage(good), bad, bad]))).toMatchObject({
      spans: [{ spanId: good.spanId }],
      rejected: { count: 2, message: `span 1 of the request: ${reason}` },
    });
  });

  test('a parent of zeros is a root', () => {
    expect(decodeSpan(withIds(TRACE_ID, SPAN_ID, Buffer.alloc(8))).spans[0]?.parentSpanId).toBe('');
  });
});

test('an otherwise empty span is valid', () => {
  expect(decodeSpan(withIds(TRACE_ID, SPAN_ID))).toEqual({
    spans: [
      {
        resource: { attributes: new Map() },
        scope: { name: '', version: '', attributes: new Map() },
        traceId: sampleSpan(1).traceId,
        spanId: sampleSpan(1).spanId,
        parentSpanId: '',
        name: '',
        kind: 0,
        startTimeUnixNano: 0n,
        endTimeUnixNano: 0n,
        attributes: new Map(),
        events: [],
        statusCode: 0,
        statusMessage: '',
      },
    ],
    rejected: { count: 0, message: '' },
  });
});

test('fields in any order: the resource and the scope after the spans, twice', () => {
  const scope = (name: string): MessageWriter => new MessageWriter().text(1, name).attributes(3, new Map([[name, 1]]));
  const resource = (key: string): MessageWriter => new MessageWriter().attributes(1, new Map([[key, 'r']]));
  const scopeSpans = new MessageWriter()
    .message(2, withIds(TRACE_ID, SPAN_ID))
    .message(1, scope('a'))
    .message(1, scope('b'));
  const body = new MessageWriter().message(
    1,
    new MessageWriter().message(2, scopeSpans).message(1, resource('x')).message(1, resource('y'))
  );
  expect(decodeTracesProtobuf(body.finish()).spans[0]).toMatchObject({
    resource: {
      attributes: new Map([
        ['x', 'r'],
        ['y', 'r'],
      ]),
    },
    scope: {
      name: 'b',
      version: '',
      attributes: new Map([
        ['a', 1],
        ['b', 1],
      ]),
    },
  });
});

test('a repeated attribute key: the last wins; names of prototypes are data', () => {
  const span = withIds(TRACE_ID, SPAN_ID);
  for (const [key, value] of [
    ['__proto__', 1],
    ['toString', 'x'],
    ['', true],
    ['__proto__', 2],
  ] as const) {
    span.message(9, keyValue(key, value));
  }
  span.message(9, new MessageWriter().text(1, 'no value'));
  const [decoded] = decodeSpan(span).spans;
  expect([...decoded!.attributes]).toEqual([
    ['__proto__', 2],
    ['toString', 'x'],
    ['', true],
    ['no value', null],
  ]);
});

test('kinds and status codes outside the enum are unspecified', () => {
  const span = withIds(TRACE_ID, SPAN_ID).varint(6, 6).message(15, new MessageWriter().varint(3, -1));
  expect(decodeSpan(span).spans[0]).toMatchObject({ kind: 0, statusCode: 0 });
});

describe('text', () => {
  const nameOf = (bytes: Uint8Array): string | undefined =>
    decodeSpan(withIds(TRACE_ID, SPAN_ID).bytes(5, bytes)).spans[0]?.name;

  test('NUL stays, invalid UTF-8 becomes U+FFFD', () => {
    expect(nameOf(Buffer.from([0x61, 0, 0x62]))).toBe('a\u0000b');
    expect(nameOf(Buffer.from([0x61, 0xff, 0x62, 0xc3]))).toBe('a\ufffdb\ufffd');
    expect(nameOf(Buffer.from([0xed, 0xa0, 0x80]))).toBe('\ufffd\ufffd\ufffd');
  });

  test('a long text is cut between characters and says how much is missing', () => {
    const euros = '€'.repeat(MAX_STRING_BYTES / 2);
    const fitting = Math.floor(MAX_STRING_BYTES / 3);
    const missing = (MAX_STRING_BYTES / 2 - fitting) * 3;
    expect(nameOf(Buffer.from(euros))).toBe(`${'€'.repeat(fitting)}…[truncated ${missing} bytes]`);
    expect(nameOf(Buffer.alloc(MAX_STRING_BYTES, 'x'))).toBe('x'.repeat(MAX_STRING_BYTES));
    expect(nameOf(Buffer.alloc(MAX_STRING_BYTES + 9, 0x80))?.endsWith('…[truncated 12 bytes]')).toBe(true);
  });

  test('16 MiB in one attribute leave the rest of the request whole', () => {
    const span = withIds(TRACE_ID, SPAN_ID)
      .message(9, keyValue('text', 'x'.repeat(16 * MAX_STRING_BYTES)))
      .message(9, keyValue('bytes', Buffer.alloc(2 * MAX_STRING_BYTES)))
      .message(9, keyValue('small', 1));
    expect([...decodeSpan(span).spans[0]!.attributes]).toEqual([
      ['text', `${'x'.repeat(MAX_STRING_BYTES)}…[truncated ${15 * MAX_STRING_BYTES} bytes]`],
      ['bytes', `…[truncated ${2 * MAX_STRING_BYTES} bytes]`],
      ['small', 1],
    ]);
  });
});

describe('unknown fields', () => {
  const tag = (field: number, type: number): Buffer => varint((BigInt(field) << 3n) | BigInt(type));

  test('of every wire type are passed over, groups too', () => {
    const inner = Buffer.concat([tag(5, 3), tag(1, 0), varint(300n), tag(5, 4)]);
    const span = spanMessage(sampleSpan(1)).raw(
      Buffer.concat([
        tag(100, 0),
        varint(2n ** 64n - 1n),
        tag(101, 1),
        Buffer.alloc(8),
        tag(102, 2),
        varint(3n),
        Buffer.alloc(3),
      ]),
      Buffer.concat([
        tag(103, 5),
        Buffer.alloc(4),
        tag(104, 3),
        inner,
        tag(2, 2),
        varint(1n),
        Buffer.alloc(1),
        tag(104, 4),
      ]),
      Buffer.concat([tag(536_870_911, 0), varint(0n)])
    );
    expect(decodeSpan(span).spans).toMatchObject([{ spanId: sampleSpan(1).spanId, statusCode: 1 }]);
  });

  test.each([
    [
      'a known field of a wrong wire type',
      new MessageWriter().fixed64(1, 1n),
      'bad_wire_type',
      'wrong wire type 1 for field 1',
    ],
    ['wire type 6', new MessageWriter().raw(tag(90, 6)), 'bad_wire_type', 'wire type 6 cannot stand here'],
    ['the end of no group', new MessageWriter().raw(tag(90, 4)), 'bad_wire_type', 'wire type 4 cannot stand here'],
    [
      'the end of another group',
      new MessageWriter().raw(tag(90, 3), tag(91, 4)),
      'bad_tag',
      'end of a group that is not open',
    ],
    ['field 0', new MessageWriter().raw(tag(0, 0), varint(1n)), 'bad_tag', 'field number out of range'],
    ['a field number over 2^29', new MessageWriter().raw(tag(2 ** 29, 0)), 'bad_tag', 'field number out of range'],
    [
      'a varint of eleven bytes',
      new MessageWriter().raw(tag(90, 0), Buffer.alloc(11, 0x80)),
      'bad_tag',
      'varint of more than ten bytes',
    ],
    [
      'a length over the end',
      new MessageWriter().raw(tag(90, 2), varint(2n ** 62n)),
      'truncated',
      'the body ends in the middle of a field',
    ],
    [
      'nested groups',
      new MessageWriter().raw(Buffer.alloc(21_000, 0x1b)),
      'too_deep',
      `groups nested deeper than ${MAX_VALUE_DEPTH}`,
    ],
  ])('%s refuses the request', (_name, span, code, message) => {
    expect(errorOf(protobufOf([span]))).toEqual([code, message]);
  });

  test('logs that are sent to the path of traces are refused', () => {
    const record = new MessageWriter().fixed64(1, 1n).text(3, 'INFO');
    expect(errorOf(protobufOf([record]))).toEqual(['bad_wire_type', 'wrong wire type 1 for field 1']);
  });
});

describe('bounds', () => {
  const nested = (levels: number): MessageWriter => {
    let value = anyValue('deep');
    for (let level = 1; level < levels; level += 1)
      value = new MessageWriter().message(5, new MessageWriter().message(1, value));
    return withIds(TRACE_ID, SPAN_ID).message(9, new MessageWriter().text(1, 'k').message(2, value));
  };

  test(`values nest ${MAX_VALUE_DEPTH} levels and no more`, () => {
    expect(decodeSpan(nested(MAX_VALUE_DEPTH)).spans).toHaveLength(1);
    expect(errorOf(protobufOf([nested(MAX_VALUE_DEPTH + 1)]))).toEqual([
      'too_deep',
      `values nested deeper than ${MAX_VALUE_DEPTH}`,
    ]);
    expect(errorOf(protobufOf([nested(2_000)]))).toEqual(['too_deep', `values nested deeper than ${MAX_VALUE_DEPTH}`]);
  });

  test('a small body cannot fill the heap with empty events', () => {
    const events = Buffer.alloc(2 * (MAX_ITEMS_PER_REQUEST + 1));
    for (let index = 0; index < events.length; index += 2) events[index] = 0x5a;
    expect(errorOf(protobufOf([withIds(TRACE_ID, SPAN_ID).raw(events)]))).toEqual([
      'too_many_items',
      `more than ${MAX_ITEMS_PER_REQUEST} spans, events and attributes`,
    ]);
  });

  test('every truncation of a request throws DecodeError or leaves off whole fields', () => {
    const body = sampleProtobuf([sampleSpan(1), sampleSpan(2)]);
    for (let end = 1; end < body.length; end += 1)
      expect(errorOf(body.subarray(0, end))).toEqual(['truncated', 'the body ends in the middle of a field']);
    expect(decodeTracesProtobuf(Buffer.alloc(0))).toEqual({ spans: [], rejected: { count: 0, message: '' } });
  });
});
