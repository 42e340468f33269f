import { compressionAlgorithms } from '@grpc/grpc-js';
import { connect as connectHttp2 } from 'node:http2';
import { createAuthenticate } from './keys/authenticate.ts';
import { MessageWriter, spanMessage } from './testing/encode-otlp-protobuf.ts';
import { callGrpc, LOGS, METRICS, TRACES, type GrpcAnswer } from './testing/grpc-client.ts';
import { statusText, until } from './testing/http-client.ts';
import { protobufOf, sampleProtobuf, sampleSpan } from './testing/sample-traces.ts';
import { startReceivers, type ReceiverOptions, type Receivers } from './testing/start-receivers.ts';

const GZIP = { channel: { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip } };
const OK: GrpcAnswer = { code: 'OK', body: Buffer.alloc(0), message: '', details: '', trailers: {} };
const spans = [sampleSpan(1), sampleSpan(2)];

let receivers: Receivers;
const start = async (options: ReceiverOptions = {}): Promise<void> => {
  receivers = await startReceivers(options);
};
afterEach(() => receivers.close());
const send = (body: Buffer, options?: Parameters<typeof callGrpc>[3]): Promise<GrpcAnswer> =>
  callGrpc(receivers.grpcAddress, TRACES, body, options);

test('the three services answer with an empty message, with and without gzip', async () => {
  await start();
  expect(await send(sampleProtobuf(spans))).toEqual(OK);
  expect(await send(sampleProtobuf(spans), GZIP)).toEqual(OK);
  const point = new MessageWriter().message(1, new MessageWriter().varint(6, 1));
  const metric = new MessageWriter().text(1, 'tokens').message(7, point);
  const metrics = new MessageWriter().message(
    1,
    new MessageWriter().message(2, new MessageWriter().message(2, metric))
  );
  expect(await callGrpc(receivers.grpcAddress, METRICS, metrics.finish())).toEqual(OK);
  const record = new MessageWriter().message(2, new MessageWriter().text(12, 'gen_ai.evaluation.result'));
  const logs = new MessageWriter().message(1, new MessageWriter().message(2, record));
  expect(await callGrpc(receivers.grpcAddress, LOGS, logs.finish())).toEqual(OK);
  expect(receivers.counted).toEqual([
    'accepted grpc traces protobuf 2 0',
    'accepted grpc traces protobuf 2 0',
    'accepted grpc metrics protobuf 1 0',
    'accepted grpc logs protobuf 1 0',
  ]);
  expect(receivers.taken.slice(0, 2)).toEqual(
    [1, 2].map(() => ({ workspace: 'default', request: { spans, rejected: { count: 0, message: '' } } }))
  );
  expect(receivers.budget.inUse()).toBe(0);
});

test('an empty message succeeds and never reaches the intake', async () => {
  await start();
  expect(await send(Buffer.alloc(0))).toEqual(OK);
  expect(receivers.taken).toEqual([]);
});

test('invalid spans are refused one by one', async () => {
  await start();
  const hexInBytes = new MessageWriter()
    .text(1, sampleSpan(1).traceId)
    .bytes(2, Buffer.from(sampleSpan(1).spanId, 'hex'));
  const { body } = await send(protobufOf([spanMessage(spans[0]!), hexInBytes, spanMessage(spans[1]!)]));
  const message = 'span 1 of the request: trace_id must be 16 bytes (in JSON 32 hex digits) and not all zero';
  const partial = Buffer.from([0x08, 1, 0x12, message.length, ...Buffer.from(message)]);
  expect(body).toEqual(Buffer.from([0x0a, partial.length, ...partial]));
  expect(receivers.counted).toEqual(['accepted grpc traces protobuf 3 1']);
});

test('an undecodable message: INVALID_ARGUMENT with BadRequest', async () => {
  await start();
  const answer = await send(sampleProtobuf(spans).subarray(0, -1));
  expect([answer.code, answer.message]).toEqual([
    3,
    'the body cannot be decoded: the body ends in the middle of a field',
  ]);
  expect(answer.details).toContain('type.googleapis.com/google.rpc.BadRequest');
  expect(receivers.counted).toEqual(['refused grpc undecodable']);
});

test('keys from both headers: UNAUTHENTICATED and PERMISSION_DENIED', async () => {
  const keys = {
    find: (key: string) =>
      key === 'sender' || key === 'reader'
        ? { workspace: 'shop', role: key === 'sender' ? ('ingest' as const) : ('read' as const), keyId: key }
        : undefined,
  };
  await start({ authenticate: createAuthenticate({ keys, pepper: 'p' }) });
  const codes: unknown[] = [];
  for (const headers of [
    {},
    { authorization: 'Bearer nobody' },
    { 'x-api-key': 'reader' },
    { 'x-api-key': 'sender' },
    { authorization: 'Bearer sender' },
  ]) {
    const { code, details } = await send(sampleProtobuf(spans), { headers });
    codes.push([code, details]);
  }
  expect(codes).toEqual([
    [16, statusText(16, 'an ingest key is required')],
    [16, statusText(16, 'the key is not valid')],
    [7, statusText(7, 'the key may not send telemetry')],
    ['OK', ''],
    ['OK', ''],
  ]);
  expect(receivers.taken.map(({ workspace }) => workspace)).toEqual(['shop', 'shop']);
});

test('messages over the limit, also after inflation: RESOURCE_EXHAUSTED without RetryInfo', async () => {
  await start({ limits: { maxBodyBytes: 100_000 } });
  const plain = await send(Buffer.alloc(100_001));
  const bomb = await send(Buffer.alloc(20_000_000), GZIP);
  expect([plain.code, plain.details, bomb.code, bomb.details]).toEqual([8, '', 8, '']);
  expect(receivers.taken).toEqual([]);
  await until(() => receivers.counted.length === 2);
  expect(receivers.counted).toEqual(['aborted grpc', 'aborted grpc']);
});

test('overload, here or behind: UNAVAILABLE with RetryInfo', async () => {
  const retryInfo = (seconds: number): string =>
    `type.googleapis.com/google.rpc.RetryInfo\u0012\u0004\n\u0002\b${String.fromCharCode(seconds)}`;
  await start({ limits: { maxBytesInFlight: 10, retryAfterSeconds: 7 } });
  const full = await send(sampleProtobuf(spans));
  expect([full.code, full.details.endsWith(retryInfo(7))]).toEqual([14, true]);
  await receivers.close();
  await start({
    outcome: () => Promise.resolve({ kind: 'overloaded', retryAfterSeconds: 30, message: 'the ledger is full' }),
  });
  const behind = await send(sampleProtobuf(spans));
  expect([behind.code, behind.message, behind.details.endsWith(retryInfo(30))]).toEqual([
    14,
    'the ledger is full',
    true,
  ]);
  await receivers.close();
  await start({ limits: { maxCallsReceiving: 0 } });
  expect((await send(sampleProtobuf(spans))).code).toBe(14);
});

test('a crash behind the receiver: INTERNAL without its words', async () => {
  await start({ outcome: () => Promise.reject(new Error('secret prompt')) });
  expect(await send(sampleProtobuf(spans))).toEqual({
    code: 13,
    body: Buffer.alloc(0),
    message: 'internal error',
    details: statusText(13, 'internal error'),
    trailers: {},
  });
});

test('other services are not implemented', async () => {
  await start();
  expect((await callGrpc(receivers.grpcAddress, '/some.Service/Export', Buffer.alloc(0))).code).toBe(12);
});

/** Opens a call by hand and never ends it. */
function openCall(body: Buffer): { trailers: Promise<unknown>; leave: () => void } {
  const session = connectHttp2(`http://${receivers.grpcAddress}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': TRACES,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.write(body);
  stream.on('error', () => undefined);
  const trailers = new Promise((resolve) => stream.on('response', (headers) => resolve(headers['grpc-status'])));
  return { trailers, leave: () => session.destroy() };
}

test('a call that does not arrive in time is cut off', async () => {
  await start({ limits: { requestTimeoutMs: 50 } });
  const call = openCall(Buffer.from([0, 0, 0, 0, 9, 1]));
  expect(await call.trailers).toBe('4');
  call.leave();
  expect(receivers.counted).toEqual(['refused grpc timeout']);
});

test('a sender that leaves in the middle frees its place', async () => {
  await start({ limits: { maxCallsReceiving: 1 } });
  const call = openCall(Buffer.from([0, 0, 0, 0, 9, 1]));
  while ((await send(sampleProtobuf(spans))).code === 'OK');
  call.leave();
  await until(() => receivers.counted.includes('aborted grpc'));
  expect(await send(sampleProtobuf(spans))).toEqual(OK);
});

test('a corrupt gzip message is permanent and harmless', async () => {
  await start();
  const session = connectHttp2(`http://${receivers.grpcAddress}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': TRACES,
    'content-type': 'application/grpc',
    'grpc-encoding': 'gzip',
    te: 'trailers',
  });
  stream.end(Buffer.from([1, 0, 0, 0, 3, 1, 2, 3]));
  const status = await new Promise((resolve) => stream.on('response', (headers) => resolve(headers['grpc-status'])));
  session.destroy();
  expect(status).toBe('13');
  expect(receivers.taken).toEqual([]);
});
