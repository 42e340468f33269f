import { gzipSync } from 'node:zlib';
import type { DecodedTraces } from '../otlp.ts';
import { createAuthenticate } from './keys/authenticate.ts';
import { exchange, post as postTo, readAnswer, statusText, type HttpAnswer } from './testing/http-client.ts';
import { sampleJson, sampleProtobuf, sampleSpan } from './testing/sample-traces.ts';
import { startReceivers, type ReceiverOptions, type Receivers } from './testing/start-receivers.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_UTF8 = { 'content-type': 'application/json; charset=utf-8' };
const spans = [sampleSpan(1), sampleSpan(2)];

let receivers: Receivers;
const start = async (options: ReceiverOptions = {}): Promise<void> => {
  receivers = await startReceivers(options);
};
afterEach(() => receivers.close());

const post = (path: string, headers: Record<string, string>, body: Buffer | string): Promise<HttpAnswer> =>
  postTo(receivers.url + path, headers, body);
const takenSpans = (): unknown[] => receivers.taken.map(({ request }) => (request as DecodedTraces).spans);

describe('success', () => {
  test('protobuf: no bytes, the same content type', async () => {
    await start();
    const answer = await post('/v1/traces', PROTOBUF, sampleProtobuf(spans));
    expect(answer).toEqual({ status: 200, type: 'application/x-protobuf', body: '' });
    expect(receivers.taken).toEqual([
      { workspace: 'default', request: { spans, rejected: { count: 0, message: '' } } },
    ]);
    expect(receivers.counted).toEqual(['accepted http traces protobuf 2 0']);
    expect(receivers.budget.inUse()).toBe(0);
  });

  test('JSON: {}, the same content type with its parameters', async () => {
    await start();
    const answer = await post('/v1/traces', JSON_UTF8, sampleJson(spans));
    expect(answer).toEqual({ status: 200, type: 'application/json; charset=utf-8', body: '{}' });
    expect(takenSpans()).toEqual([spans]);
  });

  test('the paths that Langfuse SDKs fix, gzip, and the three signals', async () => {
    await start();
    const gzip = { ...PROTOBUF, 'content-encoding': 'gzip' };
    expect((await post('/api/public/otel/v1/traces', gzip, gzipSync(sampleProtobuf(spans)))).status).toBe(200);
    const metrics = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ sum: { dataPoints: [{}, {}] } }] }] }] };
    expect((await post('/api/public/otel/v1/metrics', JSON_UTF8, JSON.stringify(metrics))).status).toBe(200);
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hello' } }] }] }] };
    expect((await post('/v1/logs', JSON_UTF8, JSON.stringify(logs))).status).toBe(200);
    expect(receivers.counted).toEqual([
      'accepted http traces protobuf 2 0',
      'accepted http metrics json 2 0',
      'accepted http logs json 1 0',
    ]);
  });

  test('a request without telemetry succeeds and never reaches the intake', async () => {
    await start();
    for (const body of ['{}', '{"resourceSpans":[]}', '{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}', '']) {
      expect(await post('/v1/traces', JSON_UTF8, body)).toEqual({
        status: 200,
        type: JSON_UTF8['content-type'],
        body: '{}',
      });
    }
    expect(await post('/v1/traces', PROTOBUF, '')).toEqual({ status: 200, type: 'application/x-protobuf', body: '' });
    expect(receivers.taken).toEqual([]);
  });

  test('ten connections at once and pipelined requests are all answered', async () => {
    await start();
    const parallel = await Promise.all(
      Array.from({ length: 10 }, () => post('/v1/traces', PROTOBUF, sampleProtobuf(spans)))
    );
    expect(parallel.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 200));
    const body = sampleJson(spans).toString();
    const head = (connection: string): string =>
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: ${connection}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const answer = await exchange(
      receivers.httpPort,
      head('keep-alive') + body + head('keep-alive') + body + head('close') + body
    );
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(3);
    expect(receivers.taken).toHaveLength(13);
  });
});

describe('partial success', () => {
  test('invalid spans are refused one by one, counted, and the rest is accepted', async () => {
    await start();
    const bad = sampleSpan(3, { traceId: '0'.repeat(32) });
    const json = await post('/v1/traces', JSON_UTF8, sampleJson([spans[0]!, bad, spans[1]!]));
    const message = 'span 1 of the request: trace_id must be 16 bytes (in JSON 32 hex digits) and not all zero';
    expect(JSON.parse(json.body)).toEqual({ partialSuccess: { rejectedSpans: '1', errorMessage: message } });
    const protobuf = await post('/v1/traces', PROTOBUF, sampleProtobuf([spans[0]!, bad, spans[1]!]));
    const fields = Buffer.concat([Buffer.from([0x08, 1, 0x12, message.length]), Buffer.from(message)]);
    expect(protobuf.body).toBe(Buffer.concat([Buffer.from([0x0a, fields.length]), fields]).toString('latin1'));
    expect(takenSpans()).toEqual([spans, spans]);
  });

  test('what the intake refuses is added, and its warning alone is passed on', async () => {
    const outcomes = [
      { kind: 'accepted', rejected: 2, message: 'too old' },
      { kind: 'accepted', rejected: 0, message: 'clock is wrong' },
    ] as const;
    let call = 0;
    await start({ outcome: () => Promise.resolve(outcomes[call++]!) });
    const bad = sampleSpan(3, { spanId: '' });
    const first = await post('/v1/traces', JSON_UTF8, sampleJson([...spans, bad]));
    expect(JSON.parse(first.body)).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage:
          'span 2 of the request: span_id must be 8 bytes (in JSON 16 hex digits) and not all zero; too old',
      },
    });
    const second = await post('/v1/traces', JSON_UTF8, sampleJson(spans));
    expect(JSON.parse(second.body)).toEqual({
      partialSuccess: { rejectedSpans: '0', errorMessage: 'clock is wrong' },
    });
  });
});

describe('every error is a google.rpc.Status in the encoding of the request', () => {
  const status = (code: number, message: string, details?: object[]): object => ({
    code,
    message,
    ...(details ? { details } : {}),
  });

  test('undecodable bodies: 400 with BadRequest, without a word of the body', async () => {
    await start();
    const json = await post('/v1/traces', JSON_UTF8, '{"secret prompt');
    expect({ ...json, body: JSON.parse(json.body) as unknown }).toEqual({
      status: 400,
      type: JSON_UTF8['content-type'],
      body: status(3, 'the body cannot be decoded: the body is not valid JSON', [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'body', description: 'invalid_json: the body is not valid JSON' }],
        },
      ]),
    });
    const protobuf = await post('/v1/traces', PROTOBUF, sampleProtobuf(spans).subarray(0, -1));
    expect(protobuf).toMatchObject({ status: 400, type: 'application/x-protobuf' });
    expect(protobuf.body.startsWith('\b\u0003\u0012')).toBe(true);
    expect(protobuf.body).toContain('type.googleapis.com/google.rpc.BadRequest');
    expect(receivers.taken).toEqual([]);
    expect(receivers.counted).toEqual(['refused http undecodable', 'refused http undecodable']);
  });

  test.each([
    ['truncated gzip', gzipSync(sampleProtobuf(spans)).subarray(0, -9)],
    ['a plain body that is called gzip', sampleProtobuf(spans)],
  ])('%s: 400', async (_name, body) => {
    await start();
    const answer = await post('/v1/traces', { ...PROTOBUF, 'content-encoding': 'gzip' }, body);
    expect(answer).toEqual({
      status: 400,
      type: 'application/x-protobuf',
      body: statusText(3, 'the body is not valid gzip'),
    });
    expect(receivers.taken).toEqual([]);
    expect(receivers.budget.inUse()).toBe(0);
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('%s on a telemetry path: 405 with Allow', async (method) => {
    await start();
    const response = await fetch(`${receivers.url}/v1/traces`, { method, headers: PROTOBUF });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await readAnswer(response)).toEqual({
      status: 405,
      type: 'application/x-protobuf',
      body: statusText(12, 'telemetry is sent with POST'),
    });
  });

  test('an unknown path: 404, whatever the type of the body', async () => {
    await start();
    const body = status(5, 'unknown path; telemetry goes to /v1/traces, /v1/logs or /v1/metrics');
    for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': 'text/html' }]) {
      const answer = await post('/v2/traces', headers, '{"broken');
      expect({ ...answer, body: JSON.parse(answer.body) as unknown }).toEqual({
        status: 404,
        type: 'application/json',
        body,
      });
    }
    expect((await fetch(`${receivers.url}/%zz`)).status).toBe(400);
  });

  test.each(['/api/v1/%E0%A4%A', '/api/v1/%zz?a=b'])('but of the REST API, %s: problem+json', async (path) => {
    await start();
    const answer = await readAnswer(await fetch(receivers.url + path));
    expect({ ...answer, body: JSON.parse(answer.body) as unknown }).toEqual({
      status: 400,
      type: 'application/problem+json',
      body: {
        type: 'about:blank',
        title: 'The URL cannot be read',
        status: 400,
        detail: 'A part of its path is longer than any name may be, or its percent signs are no UTF-8.',
      },
    });
    expect(receivers.counted).toEqual(['refused http bad_request']);
  });

  test('types and encodings that OTLP does not have: 415', async () => {
    await start();
    const message = 'Content-Type must be application/x-protobuf or application/json';
    for (const headers of [{ 'content-type': 'text/plain' }, { 'content-type': ';;;' }]) {
      const answer = await post('/v1/traces', headers, 'x');
      expect({ ...answer, body: JSON.parse(answer.body) as unknown }).toEqual({
        status: 415,
        type: 'application/json',
        body: status(3, message),
      });
    }
    const zstd = await post('/v1/traces', { ...JSON_UTF8, 'content-encoding': 'zstd' }, 'x');
    expect(zstd.status).toBe(415);
    expect(JSON.parse(zstd.body)).toEqual(status(3, 'Content-Encoding must be gzip or identity'));
  });

  test('keys: 401 when missing or wrong, 403 for another role, before the body is read', async () => {
    const keys = {
      find: (key: string) =>
        key === 'reader' || key === 'sender'
          ? { workspace: 'shop', role: key === 'reader' ? ('read' as const) : ('ingest' as const), keyId: key }
          : undefined,
    };
    await start({ authenticate: createAuthenticate({ keys, pepper: 'p' }), limits: { maxBodyBytes: 10_000 } });
    const send = async (headers: Record<string, string>): Promise<unknown[]> => {
      const answer = await post('/v1/traces', { ...JSON_UTF8, ...headers }, '{"not": read');
      return [answer.status, answer.type, JSON.parse(answer.body) as unknown];
    };
    const type = JSON_UTF8['content-type'];
    expect(await send({})).toEqual([401, type, status(16, 'an ingest key is required')]);
    expect(await send({ authorization: 'Bearer nobody' })).toEqual([401, type, status(16, 'the key is not valid')]);
    expect(await send({ 'x-api-key': 'reader' })).toEqual([403, type, status(7, 'the key may not send telemetry')]);
    expect(receivers.taken).toEqual([]);
    const good = await post(
      '/v1/traces',
      { ...PROTOBUF, authorization: 'Bearer sender', 'x-scope-orgid': 'other' },
      sampleProtobuf(spans)
    );
    expect(good.status).toBe(200);
    expect(receivers.taken.map(({ workspace }) => workspace)).toEqual(['shop']);
  });
});

test('health, readiness and metrics', async () => {
  await start();
  const get = async (path: string): Promise<HttpAnswer> => readAnswer(await fetch(receivers.url + path));
  expect(await get('/healthz')).toEqual({ status: 200, type: 'text/plain; charset=utf-8', body: 'ok\n' });
  expect(await get('/readyz')).toEqual({
    status: 503,
    type: 'application/json',
    body: '{"ready":false,"state":"not ready","reasons":["the ledger is being read"]}',
  });
  expect(await get('/metrics')).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    body: 'spanledger_up 1\n',
  });
});
