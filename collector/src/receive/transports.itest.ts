import { gzipSync } from 'node:zlib';
import type { DecodedTraces, OtlpSpan } from '../otlp.ts';
import { MessageWriter, spanMessage } from './testing/encode-otlp-protobuf.ts';
import { callGrpc, TRACES } from './testing/grpc-client.ts';
import { post } from './testing/http-client.ts';
import { readCaptures } from './testing/read-captures.ts';
import { protobufOf, sampleJson, sampleSpan } from './testing/sample-traces.ts';
import { startReceivers, type Receivers } from './testing/start-receivers.ts';

let receivers: Receivers;
beforeEach(async () => {
  receivers = await startReceivers();
});
afterEach(() => receivers.close());

const good = [
  sampleSpan(1),
  sampleSpan(2, { name: '', kind: 0, attributes: new Map([['__proto__', 1]]), parentSpanId: sampleSpan(1).spanId }),
  sampleSpan(3, {
    attributes: new Map([['nested', new Map([['big', 2n ** 60n]])]]),
    events: [{ timeUnixNano: 2n ** 63n, name: 'event', attributes: new Map([['ok', [true, 'NUL \u0000 😀', null]]]) }],
    statusCode: 2,
    statusMessage: 'boom',
  }),
];
/** The same faults can be written in both encodings. */
const bad = (span: OtlpSpan): readonly OtlpSpan[] => [
  { ...span, traceId: '0'.repeat(32) },
  { ...span, spanId: '' },
  { ...span, traceId: span.traceId.slice(2) },
  { ...span, parentSpanId: span.spanId.slice(2) },
];

test('the same batch with good and bad spans: equal spans and equal counts in protobuf, JSON and gRPC', async () => {
  const batch = [good[0]!, ...bad(good[0]!), good[1]!, good[2]!];
  const model = good[0]!;
  const scopeSpans = new MessageWriter().message(1, new MessageWriter().text(1, model.scope.name).text(2, '1'));
  for (const span of batch) scopeSpans.message(2, spanMessage(span));
  const resource = new MessageWriter().attributes(1, model.resource.attributes);
  const protobuf = new MessageWriter()
    .message(1, new MessageWriter().message(1, resource).message(2, scopeSpans))
    .finish();

  const overHttp = await post(`${receivers.url}/v1/traces`, { 'content-type': 'application/x-protobuf' }, protobuf);
  const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const overJson = await post(`${receivers.url}/v1/traces`, gzip, gzipSync(sampleJson(batch)));
  const overGrpc = await callGrpc(receivers.grpcAddress, TRACES, protobuf);

  const message = 'span 1 of the request: trace_id must be 16 bytes (in JSON 32 hex digits) and not all zero';
  expect(JSON.parse(overJson.body)).toEqual({ partialSuccess: { rejectedSpans: '4', errorMessage: message } });
  expect(overGrpc.body.toString('latin1')).toBe(overHttp.body);
  const expected: DecodedTraces = { spans: good, rejected: { count: 4, message } };
  expect(receivers.taken).toEqual([1, 2, 3].map(() => ({ workspace: 'default', request: expected })));
  expect(receivers.counted).toEqual([
    'accepted http traces protobuf 7 4',
    'accepted http traces json 7 4',
    'accepted grpc traces protobuf 7 4',
  ]);
});

test('a batch of bad spans only: success, all of them counted', async () => {
  const body = protobufOf(bad(good[0]!).map(spanMessage));
  expect((await post(`${receivers.url}/v1/traces`, { 'content-type': 'application/x-protobuf' }, body)).status).toBe(
    200
  );
  expect((await callGrpc(receivers.grpcAddress, TRACES, body)).code).toBe('OK');
  expect(receivers.counted).toEqual(['accepted http traces protobuf 4 4', 'accepted grpc traces protobuf 4 4']);
});

test('every recorded request is accepted as it came over the wire, without a rejected item', async () => {
  const answers: unknown[] = [];
  for (const { signal, encoding, gzipped, wire } of readCaptures().flatMap((capture) => capture.requests)) {
    const headers = {
      'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      ...(gzipped ? { 'content-encoding': 'gzip' } : {}),
    };
    const { status, body } = await post(`${receivers.url}/v1/${signal}`, headers, wire);
    if (status !== 200 || (body !== '' && body !== '{}')) answers.push([status, body]);
  }
  expect(answers).toEqual([]);
  expect(receivers.taken.length).toBeGreaterThan(200);
});
