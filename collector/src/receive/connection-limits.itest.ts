import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { ReceiveLimits } from './receive-limits.ts';
import { callGrpc, TRACES } from './testing/grpc-client.ts';
import { exchange, until } from './testing/http-client.ts';
import { sampleJson, sampleProtobuf, sampleSpan } from './testing/sample-traces.ts';
import { startReceivers, type Receivers } from './testing/start-receivers.ts';

const BODY = sampleJson([sampleSpan(1)]).toString();
const HALF_A_HEAD = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nX-Slow: ';
const HALF_A_BODY =
  'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
const request = (connection: string): string =>
  `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: ${connection}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const TRANSPORTS = ['http', 'grpc'] as const;

/** Nothing is cut off for being slow while the test is. */
const PATIENT = { idleTimeoutMs: 300_000, headersTimeoutMs: 300_000, requestTimeoutMs: 300_000 };

let receivers: Receivers;
const sockets: Socket[] = [];
const start = async (limits: Partial<ReceiveLimits>): Promise<void> => {
  receivers = await startReceivers({ limits });
};
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await receivers.close();
});

const portOf = (transport: (typeof TRANSPORTS)[number]): number =>
  transport === 'http' ? receivers.httpPort : Number(receivers.grpcAddress.split(':')[1]);

/** A connection that the system has made; the receiver takes them in the same order. `got` = all that it sent, `closed` = it is over. */
async function open(port: number): Promise<{ socket: Socket; got: () => string; closed: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let got = '';
  socket.on('error', () => undefined).on('data', (chunk) => (got += chunk.toString('latin1')));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await once(socket, 'connect');
  return { socket, got: () => got, closed };
}
const openMany = (port: number, count: number) => Promise.all(Array.from({ length: count }, () => open(port)));

/** What an ordinary sender gets; 0 = it was not let in. */
const send = (transport: (typeof TRANSPORTS)[number]): Promise<number> =>
  transport === 'http'
    ? exchange(receivers.httpPort, request('close')).then(
        (answer) => Number(answer.split(' ')[1] ?? 0),
        () => 0
      )
    : callGrpc(receivers.grpcAddress, TRACES, sampleProtobuf([sampleSpan(1)])).then(({ code }) =>
        code === 'OK' ? 200 : 0
      );

async function untilServed(transport: (typeof TRANSPORTS)[number]): Promise<void> {
  while ((await send(transport)) !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each(TRANSPORTS)('connections by %s', (transport) => {
  test('beyond the limit are closed at once and counted, those within it are served, and one that leaves makes room', async () => {
    await start({ ...PATIENT, maxConnections: 200 });
    const idle = await openMany(portOf(transport), 200);
    const beyond = await openMany(portOf(transport), 300);
    await Promise.all(beyond.map(({ closed }) => closed));
    expect(beyond.map(({ got }) => got())).toEqual(beyond.map(() => ''));
    expect(receivers.counted).toEqual(beyond.map(() => `aborted ${transport}`));
    expect(idle.filter(({ socket }) => socket.destroyed)).toEqual([]);
    if (transport === 'http') {
      idle[7]!.socket.write(request('keep-alive'));
      await until(() => idle[7]!.got().startsWith('HTTP/1.1 200 OK'));
    }
    idle[3]!.socket.destroy();
    await untilServed(transport);
  });

  test('on which nothing moves are closed', async () => {
    await start({ ...PATIENT, idleTimeoutMs: 100 });
    const idle = await openMany(portOf(transport), 20);
    await Promise.all(idle.map(({ closed }) => closed));
  });
});

test('senders that stop half-way, or go on a byte at a time, hold every place no longer than their time, and then others are served', async () => {
  await start({ maxConnections: 20, headersTimeoutMs: 1_000, requestTimeoutMs: 2_000 });
  const slow = await openMany(receivers.httpPort, 20);
  slow.forEach(({ socket }, at) => socket.write(at % 2 === 0 ? HALF_A_HEAD : HALF_A_BODY));
  const drip = setInterval(() => slow.forEach(({ socket }) => socket.writable && socket.write('x')), 50);
  try {
    await untilServed('http');
    await Promise.all(slow.map(({ closed }) => closed));
  } finally {
    clearInterval(drip);
  }
  expect(new Set(slow.map(({ got }) => got().split('\r\n')[0]))).toEqual(new Set(['HTTP/1.1 408 timeout']));
  await until(() => receivers.budget.inUse() === 0);
  expect(receivers.taken).toHaveLength(1);
});

test('gRPC calls that stop half-way are bounded over all connections, told and counted, and then others are served', async () => {
  await start({ maxCallsReceiving: 30, maxStreamsPerConnection: 10, requestTimeoutMs: 5_000 });
  const sessions = [1, 2, 3].map(() => connectHttp2(`http://${receivers.grpcAddress}`));
  try {
    for (const session of sessions) await once(session, 'remoteSettings');
    expect(sessions.map(({ remoteSettings }) => remoteSettings.maxConcurrentStreams)).toEqual([10, 10, 10]);
    const ends = sessions.flatMap((session) =>
      Array.from({ length: 10 }, () => {
        const stream = session.request({
          ':method': 'POST',
          ':path': TRACES,
          'content-type': 'application/grpc',
          te: 'trailers',
        });
        stream.on('error', () => undefined).write(Buffer.from([0, 0, 0, 0, 9, 1]));
        return new Promise((resolve) => stream.on('response', (headers) => resolve(headers['grpc-status'])));
      })
    );
    const DEADLINE_EXCEEDED = '4';
    let refused = await callGrpc(receivers.grpcAddress, TRACES, sampleProtobuf([sampleSpan(1)]));
    while (refused.code === 'OK')
      refused = await callGrpc(receivers.grpcAddress, TRACES, sampleProtobuf([sampleSpan(1)]));
    expect([refused.code, refused.details.includes('RetryInfo')]).toEqual([14, true]);
    expect(receivers.counted).toContain('refused grpc overloaded');
    expect(await Promise.all(ends)).toEqual(ends.map(() => DEADLINE_EXCEEDED));
    expect(receivers.counted.filter((line) => line === 'refused grpc timeout')).toHaveLength(30);
    await untilServed('grpc');
  } finally {
    for (const session of sessions) session.destroy();
  }
});
