// The payload of the benches: requests of 100 spans of 1.6 kB with message content, as an official instrumentation writes them.

/** Spans of a request. */
export const SPANS = 100;

const varint = (value) => {
  const bytes = [];
  let rest = BigInt(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
};
const integer = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field, value) => {
  const buffer = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(buffer.length), buffer]);
};
const message = (field, ...fields) => bytes(field, Buffer.concat(fields));
const fixed64 = (field, value) => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return Buffer.concat([varint(field * 8 + 1), buffer]);
};
const double = (field, value) => {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), buffer]);
};

const text = 'The ledger of what an application did is kept in the order in which it happened. '
  .repeat(6)
  .slice(0, 430);
const messages = (role) => JSON.stringify([{ role, parts: [{ type: 'text', content: text }] }]);
const attributes = (index) => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
  'gen_ai.response.id': `chatcmpl-${String(index).padStart(24, '0')}`,
  'gen_ai.usage.input_tokens': 1200 + (index % 1000),
  'gen_ai.usage.output_tokens': 300 + (index % 1000),
  'gen_ai.usage.cache_read.input_tokens': 1024,
  'gen_ai.request.temperature': 0.2,
  'gen_ai.request.max_tokens': 512,
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.agent.name': 'support-triage',
  'user.id': `user-${index % 50}`,
  'gen_ai.input.messages': messages('user'),
  'gen_ai.output.messages': messages('assistant'),
});

const protobufValue = (value) => {
  if (typeof value === 'string') return bytes(1, value);
  if (Array.isArray(value)) return message(5, ...value.map((item) => message(1, protobufValue(item))));
  return Number.isInteger(value) ? integer(3, value) : double(4, value);
};
const jsonValue = (value) => {
  if (typeof value === 'string') return { stringValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(jsonValue) } };
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
};

const DURATION_NS = 1_000_000_000n;
const traceId = (index) => (index * 7919 + 1).toString(16).padStart(32, 'a');
const spanId = (index) => (index + 1).toString(16).padStart(16, 'b');

/** A request of `SPANS` spans in both encodings; `first` numbers them, `startNs` is when they began. */
export function makeBodies({ first = 0, startNs = 1_795_254_246_534_930_400n } = {}) {
  const indexes = Array.from({ length: SPANS }, (_, index) => first + index);
  const protobufSpans = indexes.map((index) =>
    message(
      2,
      bytes(1, Buffer.from(traceId(index), 'hex')),
      bytes(2, Buffer.from(spanId(index), 'hex')),
      bytes(5, 'chat gpt-4o-mini'),
      integer(6, 3),
      fixed64(7, startNs),
      fixed64(8, startNs + DURATION_NS),
      ...Object.entries(attributes(index)).map(([key, value]) =>
        message(9, bytes(1, key), message(2, protobufValue(value)))
      ),
      message(15, integer(3, 1))
    )
  );
  const jsonSpans = indexes.map((index) => ({
    traceId: traceId(index),
    spanId: spanId(index),
    name: 'chat gpt-4o-mini',
    kind: 3,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + DURATION_NS),
    attributes: Object.entries(attributes(index)).map(([key, value]) => ({ key, value: jsonValue(value) })),
    status: { code: 1 },
  }));
  const resource = message(1, message(1, bytes(1, 'service.name'), message(2, bytes(1, 'shop'))));
  const scope = message(1, bytes(1, 'opentelemetry.instrumentation.openai_v2'), bytes(2, '2.4b0'));
  return {
    protobuf: message(1, resource, message(2, scope, ...protobufSpans)),
    json: Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: jsonSpans }] }] })),
  };
}
