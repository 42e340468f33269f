import { gzipSync } from 'node:zlib';
import { exchange, post as postTo, readAnswer, statusText, until, type HttpAnswer } from './testing/http-client.ts';
import { sampleJson, sampleSpan } from './testing/sample-traces.ts';
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

describe('limits', () => {
  test('bodies over the limit, said, chunked or inflated: 413', async () => {
    await start({ limits: { maxBodyBytes: 100_000 } });
    const big = Buffer.alloc(100_001);
    expect((await post('/v1/traces', PROTOBUF, big)).status).toBe(413);
    const bomb = await post(
      '/v1/traces',
      { ...PROTOBUF, 'content-encoding': 'gzip' },
      gzipSync(Buffer.alloc(50_000_000))
    );
    expect(bomb).toEqual({
      status: 413,
      type: 'application/x-protobuf',
      body: statusText(8, 'the body is larger than this receiver accepts'),
    });
    const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
    const head =
      'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunked = await exchange(receivers.httpPort, `${head}${chunk.repeat(5)}0\r\n\r\n`);
    expect(chunked.split('\r\n')[0]).toBe('HTTP/1.1 413 Payload Too Large');
    expect(receivers.counted).toEqual(Array.from({ length: 3 }, () => 'refused http too_large'));
    expect(receivers.budget.inUse()).toBe(0);
  });

  test('no room for the bytes in flight: 503 with Retry-After and RetryInfo', async () => {
    await start({ limits: { maxBytesInFlight: 10, retryAfterSeconds: 7 } });
    const response = await fetch(`${receivers.url}/v1/traces`, {
      method: 'POST',
      headers: JSON_UTF8,
      body: '{"a":         1}',
    });
    expect(response.headers.get('retry-after')).toBe('7');
    const answer = await readAnswer(response);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      503,
      {
        code: 14,
        message: 'overloaded; try again later',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }],
      },
    ]);
  });

  test('an overloaded intake: 503 with its own time', async () => {
    await start({
      outcome: () => Promise.resolve({ kind: 'overloaded', retryAfterSeconds: 30, message: 'the ledger is full' }),
    });
    const response = await fetch(`${receivers.url}/v1/traces`, {
      method: 'POST',
      headers: JSON_UTF8,
      body: sampleJson(spans).toString(),
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
    expect(await response.json()).toMatchObject({ code: 14, message: 'the ledger is full' });
  });

  test('a crash behind the receiver: 500 without its words, and the process lives', async () => {
    await start({ outcome: () => Promise.reject(new Error('secret prompt')) });
    const answer = await post('/v1/traces', JSON_UTF8, sampleJson(spans));
    expect([answer.status, JSON.parse(answer.body)]).toEqual([500, { code: 13, message: 'internal error' }]);
    expect(receivers.counted).toEqual(['refused http crashed']);
    expect((await fetch(`${receivers.url}/healthz`)).status).toBe(200);
  });

  test('a sender that is too slow is told so and cut off', async () => {
    await start({ limits: { requestTimeoutMs: 200, headersTimeoutMs: 100 } });
    const slowHeaders = await exchange(receivers.httpPort, 'POST /v1/traces HTTP/1.1\r\nHost: x\r\n');
    expect(slowHeaders.split('\r\n')[0]).toBe('HTTP/1.1 408 timeout');
    const head = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n';
    const slowBody = await exchange(receivers.httpPort, `${head}{`);
    expect(slowBody.split('\r\n')[0]).toBe('HTTP/1.1 408 timeout');
    expect(slowBody.split('\r\n\r\n')[1]).toBe('{"code":4,"message":"the request took too long to arrive"}');
    await until(() => receivers.counted.length > 0);
    expect(receivers.counted).toEqual(['aborted http']);
    expect(receivers.budget.inUse()).toBe(0);
  });

  test('a sender that leaves in the middle of a body leaves nothing behind', async () => {
    await start();
    const head =
      'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';
    await exchange(receivers.httpPort, `${head}{"resourceSpans":`, { end: true });
    await until(() => receivers.counted.length > 0);
    expect(receivers.counted).toEqual(['aborted http']);
    expect(receivers.taken).toEqual([]);
    expect(receivers.budget.inUse()).toBe(0);
  });

  test('what is not HTTP is answered and closed', async () => {
    await start();
    const answer = await exchange(receivers.httpPort, '\u0016\u0003\u0001 hello\r\n\r\n');
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 400 bad_request');
    expect(answer.split('\r\n\r\n')[1]).toBe('{"code":3,"message":"the request is not valid HTTP"}');
    const header = await exchange(receivers.httpPort, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(header.split('\r\n')[0]).toBe('HTTP/1.1 431 headers_too_large');
  });
});
