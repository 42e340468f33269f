// How fast a request body becomes spans: 100 spans of 1.6 kB with message content, protobuf and JSON, one core.
//   npm run build && node bench/decode.mjs
import { pathToFileURL } from 'node:url';
import { decodeTracesJson } from '../collector/dist/receive/decode-traces-json.js';
import { decodeTracesProtobuf } from '../collector/dist/receive/decode-traces-protobuf.js';

const SPANS = 100;
const ROUNDS = 5;
const ROUND_SECONDS = 0.3;

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
  'gen_ai.usage.input_tokens': 1200 + index,
  'gen_ai.usage.output_tokens': 300 + index,
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

const START = 1_795_254_246_534_930_400n;
const END = START + 1_000_000_000n;
const traceId = (index) => (index * 7919 + 1).toString(16).padStart(32, 'a');
const spanId = (index) => (index + 1).toString(16).padStart(16, 'b');

/** A request in both encodings. */
export function makeBodies() {
  const indexes = Array.from({ length: SPANS }, (_, index) => index);
  const protobufSpans = indexes.map((index) =>
    message(
      2,
      bytes(1, Buffer.from(traceId(index), 'hex')),
      bytes(2, Buffer.from(spanId(index), 'hex')),
      bytes(5, 'chat gpt-4o-mini'),
      integer(6, 3),
      fixed64(7, START),
      fixed64(8, END),
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
    startTimeUnixNano: String(START),
    endTimeUnixNano: String(END),
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

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Median of some rounds, spans per second of CPU, garbage collection included: other work on the machine does not count. */
function spansPerSecond(decode, body) {
  for (let index = 0; index < 300; index += 1) decode(body);
  const rates = Array.from({ length: ROUNDS }, () => {
    const start = cpuSeconds();
    let spans = 0;
    while (cpuSeconds() - start < ROUND_SECONDS) {
      for (let index = 0; index < 10; index += 1) spans += decode(body).spans.length;
    }
    return spans / (cpuSeconds() - start);
  });
  return Math.round(rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]);
}

export function run() {
  const { protobuf, json } = makeBodies();
  return [
    { name: 'decode protobuf', value: spansPerSecond(decodeTracesProtobuf, protobuf), unit: 'spans/s per core' },
    { name: 'decode protobuf, size of a span', value: protobuf.length / SPANS, unit: 'bytes' },
    { name: 'decode JSON', value: spansPerSecond(decodeTracesJson, json), unit: 'spans/s per core' },
    { name: 'decode JSON, size of a span', value: json.length / SPANS, unit: 'bytes' },
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of run()) process.stdout.write(`${name}: ${value} ${unit}\n`);
}
