import { createRateLimit } from './rate-limit.ts';
import { callGrpc, TRACES } from './testing/grpc-client.ts';
import { sampleJson, sampleProtobuf, sampleSpan } from './testing/sample-traces.ts';
import { startReceivers } from './testing/start-receivers.ts';

const RESOURCE_EXHAUSTED = 8;
const HOUR_MS = 3_600_000;
const NOW_MS = 500_000 * HOUR_MS + 600_000;
const spans = [sampleSpan(1), sampleSpan(2), sampleSpan(3)];

describe('a key over its limit', () => {
  const start = (limit: number, outcome: 'accepted' | 'overloaded' = 'accepted') =>
    startReceivers({
      rateLimit: createRateLimit({ limit, now: () => NOW_MS }),
      outcome: () =>
        Promise.resolve(
          outcome === 'accepted'
            ? { kind: 'accepted', rejected: 0, message: '' }
            : { kind: 'overloaded', retryAfterSeconds: 5, message: 'full' }
        ),
    });
  const post = async (url: string) => {
    const answer = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(Buffer.from(sampleJson(spans))),
    });
    const header = (name: string) => answer.headers.get(name);
    return {
      status: answer.status,
      limit: header('x-ratelimit-limit'),
      remaining: header('x-ratelimit-remaining'),
      reset: header('x-ratelimit-reset'),
      retryAfter: header('retry-after'),
      body: await answer.text(),
    };
  };
  const reset = String((500_001 * HOUR_MS) / 1000);

  it('gets 429 with the headers, a Status and nothing stored', async () => {
    const receivers = await start(5);
    const first = await post(receivers.url);
    const second = await post(receivers.url);
    await receivers.close();
    expect(first).toEqual({ status: 200, limit: '5', remaining: '2', reset, retryAfter: null, body: '{}' });
    const message = 'the key may send 5 events (spans and log records) an hour; 2 are left until the hour ends';
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3000s' }];
    const body = JSON.stringify({ code: 8, message, details });
    expect(second).toEqual({ status: 429, limit: '5', remaining: '2', reset, retryAfter: '3000', body });
    expect([receivers.taken.length, receivers.counted]).toEqual([
      1,
      ['accepted http traces json 3 0', 'refused http rate_limited'],
    ]);
  });

  it('gets RESOURCE_EXHAUSTED with RetryInfo by gRPC, and the same numbers in the trailers of each answer', async () => {
    const receivers = await start(5);
    const send = () => callGrpc(receivers.grpcAddress, TRACES, sampleProtobuf(spans));
    const answers = [await send(), await send()];
    await receivers.close();
    const trailers = { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': reset };
    expect(answers.map(({ code, trailers: sent }) => [code, sent])).toEqual([
      ['OK', trailers],
      [RESOURCE_EXHAUSTED, trailers],
    ]);
    expect(answers[1]!.details).toContain('google.rpc.RetryInfo');
  });

  it('gets no such trailers when there is no limit', async () => {
    const receivers = await startReceivers();
    const { code, trailers } = await callGrpc(receivers.grpcAddress, TRACES, sampleProtobuf(spans));
    await receivers.close();
    expect([code, trailers]).toEqual(['OK', {}]);
  });

  it('has nothing counted against it that the ledger could not take', async () => {
    const receivers = await start(5, 'overloaded');
    const statuses = [await post(receivers.url), await post(receivers.url), await post(receivers.url)];
    await receivers.close();
    expect(statuses.map(({ status }) => status)).toEqual([503, 503, 503]);
  });
});
