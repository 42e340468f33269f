import { DecodeError } from './decode-error.ts';
import { MAX_STRING_BYTES, MAX_VALUE_DEPTH } from './decode-limits.ts';
import { decodeTracesJson } from './decode-traces-json.ts';
import { sampleSpan } from './testing/sample-traces.ts';

const { traceId, spanId } = sampleSpan(1);
const decode = (text: string): ReturnType<typeof decodeTracesJson> => decodeTracesJson(Buffer.from(text));
/** A request of spans given as JSON text. */
const request = (...spans: string[]): string => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans.join(',')}]}]}]}`;
/** A valid span with further fields as JSON text. */
const span = (fields: string): string => `{"traceId":"${traceId}","spanId":"${spanId}"${fields ? `,${fields}` : ''}}`;
const value = (text: string): unknown => {
  const { spans, rejected } = decode(request(span(`"attributes":[{"key":"k","value":${text}}]`)));
  return rejected.count > 0 ? rejected.message : spans[0]!.attributes.get('k');
};

function errorOf(text: string): unknown {
  try {
    return decode(text);
  } catch (error) {
    return error instanceof DecodeError ? [error.code, error.message, error.field] : error;
  }
}

describe('values', () => {
  test.each([
    ['{"intValue":12}', 12],
    ['{"intValue":"12"}', 12],
    ['{"intValue":"-0"}', 0],
    ['{"intValue":1544712660300000123}', 1_544_712_660_300_000_123n],
    ['{"intValue": -9223372036854775808 }', -9_223_372_036_854_775_808n],
    ['{"intValue":"9007199254740991"}', 9_007_199_254_740_991],
    ['{"intValue":9007199254740993}', 9_007_199_254_740_993n],
    ['{"intValue":12.5}', 12.5],
    ['{"doubleValue":0.1}', 0.1],
    ['{"doubleValue":12345678901234567890}', 12_345_678_901_234_567_890],
    ['{"doubleValue":0.12345678901234567890}', 0.12345678901234568],
    ['{"doubleValue":"1.5e3"}', 1500],
    ['{"doubleValue":"NaN"}', NaN],
    ['{"doubleValue":"Infinity"}', Infinity],
    ['{"doubleValue":"-Infinity"}', -Infinity],
    ['{"doubleValue":1e308}', 1e308],
    ['{"doubleValue":null}', null],
    ['{}', null],
    ['null', null],
    ['{"boolValue":false}', false],
    ['{"stringValue":""}', ''],
    ['{"stringValue":"1544712660300000123"}', '1544712660300000123'],
    ['{"bytesValue":"AAH/"}', Uint8Array.from([0, 1, 255])],
    ['{"arrayValue":{}}', []],
    ['{"arrayValue":{"values":[{"intValue":1},{},{"stringValue":"x"}]}}', [1, null, 'x']],
    [
      '{"kvlistValue":{"values":[{"key":"__proto__","value":{"intValue":1}},{"key":"a"}]}}',
      new Map([
        ['__proto__', 1],
        ['a', null],
      ]),
    ],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  test.each([
    ['{"intValue":"9223372036854775808"}', 'intValue must be a 64-bit integer'],
    ['{"intValue":"abc"}', 'intValue must be a 64-bit integer'],
    ['{"intValue":true}', 'intValue must be a 64-bit integer'],
    ['{"doubleValue":"0x10"}', 'doubleValue must be a number'],
    ['{"stringValue":1}', 'stringValue must be a string'],
    ['{"boolValue":"true"}', 'boolValue must be true or false'],
    ['{"bytesValue":1}', 'bytesValue must be base64'],
    ['{"arrayValue":[]}', 'arrayValue must be an object'],
    ['"text"', 'value must be an object'],
  ])('%s costs the span', (text, reason) => {
    expect(value(text)).toBe(`span 0 of the request: ${reason}`);
  });

  test('escaped halves of surrogate pairs become U+FFFD, pairs stay, in keys too', () => {
    expect(value(String.raw`{"stringValue":"\ud83d\ude00 \ud83d \uDE00 \\ud83d \ud83d\ud83d\ude00"}`)).toBe(
      '😀 \ufffd \ufffd \\ud83d \ufffd😀'
    );
    const attributes = String.raw`"attributes":[{"key":"\udbff","value":{"stringValue":"\u0000"}}]`;
    expect(decode(request(span(attributes))).spans[0]!.attributes).toEqual(new Map([['\ufffd', '\u0000']]));
  });

  test('long texts are cut as in protobuf', () => {
    const fitting = Math.floor(MAX_STRING_BYTES / 3);
    const missing = (MAX_STRING_BYTES / 2 - fitting) * 3;
    expect(value(`{"stringValue":"${'€'.repeat(MAX_STRING_BYTES / 2)}"}`)).toBe(
      `${'€'.repeat(fitting)}…[truncated ${missing} bytes]`
    );
    expect(value(`{"stringValue":"${'x'.repeat(MAX_STRING_BYTES)}"}`)).toBe('x'.repeat(MAX_STRING_BYTES));
    const bytes = Buffer.alloc(MAX_STRING_BYTES + 1).toString('base64');
    expect(value(`{"bytesValue":"${bytes}"}`)).toBe(`…[truncated ${MAX_STRING_BYTES + 1} bytes]`);
  });
});

describe('ids', () => {
  test('are hex of any case and come out in lower case; a parent of zeros is a root', () => {
    const text = `{"traceId":"${traceId.toUpperCase()}","spanId":"${spanId.toUpperCase()}","parentSpanId":"0000000000000000"}`;
    expect(decode(request(text)).spans).toMatchObject([{ traceId, spanId, parentSpanId: '' }]);
  });

  const traceIdReason = 'trace_id must be 16 bytes (in JSON 32 hex digits) and not all zero';
  const spanIdReason = 'span_id must be 8 bytes (in JSON 16 hex digits) and not all zero';
  test.each([
    [`{"traceId":"${Buffer.from(traceId, 'hex').toString('base64')}","spanId":"${spanId}"}`, traceIdReason],
    [`{"traceId":"${traceId.slice(1)}","spanId":"${spanId}"}`, traceIdReason],
    [`{"traceId":"${'0'.repeat(32)}","spanId":"${spanId}"}`, traceIdReason],
    [`{"traceId":12,"spanId":"${spanId}"}`, traceIdReason],
    [`{"trace_id":"${traceId}","span_id":"${spanId}"}`, traceIdReason],
    [`{"traceId":"${traceId}","spanId":""}`, spanIdReason],
    [span('"parentSpanId":"abc"'), 'parent_span_id must be empty or 8 bytes (in JSON 16 hex digits)'],
    [span('"name":1'), 'name must be a string'],
    [span('"startTimeUnixNano":"-1"'), 'startTimeUnixNano must be an unsigned 64-bit integer'],
    [span('"endTimeUnixNano":18446744073709551616'), 'endTimeUnixNano must be an unsigned 64-bit integer'],
    [span('"attributes":{}'), 'attributes must be an array'],
    ['null', 'span must be an object'],
  ])('%s costs the span and nothing else', (bad, reason) => {
    expect(decode(request(span(''), bad, span('')))).toMatchObject({
      spans: [{ spanId }, { spanId }],
      rejected: { count: 1, message: `span 1 of the request: ${reason}` },
    });
  });
});

test('times are exact as strings and as numbers', () => {
  for (const quote of ['"', '']) {
    const fields = `"startTimeUnixNano":${quote}1544712660300000123${quote},"endTimeUnixNano":${quote}18446744073709551615${quote}`;
    expect(decode(request(span(fields))).spans).toMatchObject([
      { startTimeUnixNano: 1_544_712_660_300_000_123n, endTimeUnixNano: 18_446_744_073_709_551_615n },
    ]);
  }
});

test('enums are integers or official names; anything else is unspecified', () => {
  const enums = (kind: string, code: string): number[] => {
    const [decoded] = decode(request(span(`"kind":${kind},"status":{"code":${code}}`))).spans;
    return [decoded!.kind, decoded!.statusCode];
  };
  expect(enums('3', '2')).toEqual([3, 2]);
  expect(enums('"SPAN_KIND_CLIENT"', '"STATUS_CODE_ERROR"')).toEqual([3, 2]);
  expect(enums('"CLIENT"', '"ERROR"')).toEqual([0, 0]);
  expect(enums('6', '3')).toEqual([0, 0]);
  expect(enums('null', '1.5')).toEqual([0, 0]);
});

test('unknown keys, snake_case keys and `__proto__` are ignored and pollute nothing', () => {
  const text = `{"__proto__":{"spans":1},"resource_spans":[1],"resourceSpans":[{"__proto__":{"x":1},"scope_spans":1,"scopeSpans":[{"spans":[${span(
    '"start_time_unix_nano":"5","__proto__":{"name":"polluted"},"constructor":{}'
  )}]}]}]}`;
  expect(decode(text).spans).toMatchObject([{ name: '', startTimeUnixNano: 0n }]);
  expect(({} as Record<string, unknown>)['name']).toBeUndefined();
});

test('empty envelopes and null fields are an empty request', () => {
  for (const text of [
    '',
    '{}',
    '\ufeff{}',
    '{"resourceSpans":null}',
    '{"resourceSpans":[{}]}',
    '{"resourceSpans":[{"resource":null,"scopeSpans":[{"scope":{}}]}]}',
  ]) {
    expect(decode(text)).toEqual({ spans: [], rejected: { count: 0, message: '' } });
  }
});

describe('bodies that are refused whole', () => {
  const invalid = ['invalid_json', 'the body is not valid JSON', ''];
  test.each([
    ['{"resourceSpans":[', invalid],
    ['not json', invalid],
    ['{"a":01234567890123456789}', invalid],
    ['"\\u12', invalid],
    ['[]', ['bad_field', 'the request must be an object', 'the request']],
    ['12', ['bad_field', 'the request must be an object', 'the request']],
    ['{"resourceSpans":{}}', ['bad_field', 'resourceSpans must be an array', 'resourceSpans']],
    ['{"resourceSpans":[1]}', ['bad_field', 'resourceSpans must be an object', 'resourceSpans']],
    ['{"resourceSpans":[{"resource":[]}]}', ['bad_field', 'resource must be an object', 'resource']],
  ])('%s', (text, expected) => {
    expect(errorOf(text)).toEqual(expected);
  });

  test('too deep, in known and in unknown fields', () => {
    const nested = (levels: number): string =>
      `${'{"arrayValue":{"values":['.repeat(levels - 1)}{"intValue":1}${']}}'.repeat(levels - 1)}`;
    const lists = `${'{"kvlistValue":{"values":[{"value":'.repeat(MAX_VALUE_DEPTH - 1)}{}${'}]}}'.repeat(MAX_VALUE_DEPTH - 1)}`;
    expect(value(nested(MAX_VALUE_DEPTH))).toBeInstanceOf(Array);
    expect(value(lists)).toBeInstanceOf(Map);
    expect(errorOf(request(span(`"attributes":[{"value":${nested(MAX_VALUE_DEPTH + 1)}}]`)))).toEqual([
      'too_deep',
      `values nested deeper than ${MAX_VALUE_DEPTH}`,
      '',
    ]);
    expect(errorOf(`{"unknown":${'['.repeat(100_000)}`)).toEqual(['too_deep', 'JSON nested deeper than 270', '']);
  });

  test('more objects than a request may hold', () => {
    expect(errorOf(`{"unknown":[${'[],'.repeat(4_000_000)}[]]}`)).toEqual([
      'too_many_items',
      'more than 4000000 objects and arrays',
      '',
    ]);
  });
});
