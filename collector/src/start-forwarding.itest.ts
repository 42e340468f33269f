import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { insertTableRows } from '../test/support/insert-table-rows.ts';
import { selectRows } from '../test/support/select-rows.ts';
import { startMigratedStore } from '../test/support/start-migrated-store.ts';
import type { Store } from '../test/support/start-store.ts';
import { MAX_LAG_MS } from './forward/create-forward.ts';
import type { OtlpSpan } from './otlp.ts';
import { decodeTracesProtobuf } from './receive/decode-traces-protobuf.ts';
import { createEncoders } from './rows/encoders.ts';
import { checkedSpan } from './rows/testing/checked-span.ts';
import { toSpanRow } from './rows/to-span-row.ts';
import type { SpanRow } from './span-row.ts';

const CHILD = join(process.cwd(), 'collector/test/support/forward-child.mjs');

const NOW_MS = Date.now();
const MINUTE_MS = 60_000;

describe('forwarding', () => {
  let store: Store;
  let server: Server;
  let url: string;
  /** Answers of the target, in order; the last one stays. */
  let statuses: number[];
  /** Body of its answers. */
  let reply: Buffer;
  let got: { readonly spans: readonly OtlpSpan[]; readonly key: string | undefined; readonly path: string }[];
  let counted: Record<string, number>;
  let clockMs: number;
  let term = 0;
  const encoders = createEncoders();

  beforeAll(async () => {
    store = await startMigratedStore();
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const status = statuses.length > 1 ? statuses.shift()! : statuses[0]!;
        response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end(reply);
        if (status !== 200) return;
        const { spans } = decodeTracesProtobuf(gunzipSync(Buffer.concat(chunks)));
        got.push({ spans, key: request.headers['x-key']?.toString(), path: request.url! });
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/otlp`;
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await store.stop();
  });
  beforeEach(() => {
    statuses = [200];
    reply = Buffer.alloc(0);
    got = [];
    counted = {};
    clockMs = NOW_MS;
  });

  const row = (number: number, minutesAgo: number, changes: Partial<SpanRow> = {}): SpanRow => ({
    ...toSpanRow(checkedSpan(), Math.trunc(NOW_MS - minutesAgo * MINUTE_MS)),
    spanId: number.toString(16).padStart(16, '0'),
    timestampNs: BigInt(NOW_MS - minutesAgo * MINUTE_MS) * 1_000_000n,
    ...changes,
  });
  const write = (rows: readonly SpanRow[]) => insertTableRows(store, 'genai', [encoders.spans.encode(rows)!]);
  /** As if the last holder had come so far. */
  const standAt = (ms: number) => {
    term += 1_000;
    return store.client.insert({
      table: 'genai.leases',
      format: 'JSONEachRow',
      values: [
        {
          name: 'forward',
          term,
          holder: 'before',
          released: 1,
          position: JSON.stringify({ at: ms, after: ['', '', ''] }),
        },
      ],
    });
  };
  /** A collector that forwards, as far as forwarding goes. */
  const open = (target: string) => {
    const child = fork(CHILD, {
      env: { ...process.env, TARGET: target, STORE: store.url, NOW_MS: String(clockMs) },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const command = async (name: 'run' | 'stop' | 'none'): Promise<void> => {
      const answered = once(child, 'message') as Promise<[{ counted: Record<string, number> }]>;
      child.send({ command: name, nowMs: clockMs });
      const [answer] = await answered;
      if (name === 'stop')
        for (const [outcome, spans] of Object.entries(answer.counted))
          counted[outcome] = (counted[outcome] ?? 0) + spans;
    };
    return { stands: () => command('none'), runNow: () => command('run'), stop: () => command('stop') };
  };
  const received = () => got.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));

  it('sends what is settled, once, with cost and verdict, and goes on there after a restart', async () => {
    await write([row(1, 20), row(2, 20), row(3, 10, { guardAction: 'redact', guardRules: ['email'] }), row(4, 1)]);
    await standAt(NOW_MS - 30 * MINUTE_MS);
    const first = open(url);
    await first.runNow();
    await first.stop();
    expect(received()).toEqual([1, 2, 3].map((number) => number.toString(16).padStart(16, '0')));
    expect(new Set(got.map(({ key, path }) => `${key} ${path}`))).toEqual(new Set(['k /otlp/v1/traces']));
    const span = got.flatMap(({ spans }) => spans)[2]!;
    expect({
      name: span.name,
      traceId: span.traceId,
      parent: span.parentSpanId,
      nanoseconds: span.endTimeUnixNano - span.startTimeUnixNano,
      service: span.resource.attributes.get('service.name'),
      status: span.statusCode,
      tokens: Number(span.attributes.get('gen_ai.usage.input_tokens')),
      cost: span.attributes.get('spanledger.cost_usd'),
      action: span.attributes.get('spanledger.guard_action'),
      rules: span.attributes.get('spanledger.guard_rules'),
      kept: span.attributes.get('server.address'),
    }).toEqual({
      name: 'chat gpt-4o',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parent: '00f067aa0ba902b7',
      nanoseconds: 1_234_567_890n,
      service: 'support-bot',
      status: 2,
      tokens: 1200,
      cost: 0.0048,
      action: 'redact',
      rules: ['email'],
      kept: 'api.openai.com',
    });
    // Two minutes later the fourth is settled too, and another collector goes on.
    clockMs += 2 * MINUTE_MS;
    const second = open(url);
    await second.runNow();
    await second.stop();
    expect(received().slice(3)).toEqual(['0000000000000004']);
    expect(counted).toEqual({ sent: 4 });
  });

  it('loses nothing while the target is dead, and passes over what it refuses for good', async () => {
    await standAt(NOW_MS - 30 * MINUTE_MS);
    // Nobody listens on port 9 of this machine.
    const dead = open('http://127.0.0.1:9');
    await dead.runNow();
    await dead.stop();
    expect(counted).toEqual({ failed: 2 });
    statuses = [400, 200];
    const alive = open(url);
    await alive.runNow();
    await alive.stop();
    expect([counted, received()]).toEqual([{ failed: 2, refused: 2, sent: 1 }, ['0000000000000003']]);
  });

  it('counts what the target rejects of a batch (partial success), and sends less at once when a body is too large', async () => {
    await standAt(NOW_MS - 30 * MINUTE_MS);
    // partial_success { rejected_spans: 1 }
    reply = Buffer.from([0x0a, 0x02, 0x08, 0x01]);
    statuses = [413, 200];
    const target = open(url);
    await target.runNow();
    await target.stop();
    // Two spans in one minute were too large together; each of the three batches then had one rejected.
    expect([counted, received().length]).toEqual([{ refused: 3 }, 3]);
  });

  it.each([401, 429, 502, 503])('tries again after %d', async (status) => {
    await standAt(NOW_MS - 30 * MINUTE_MS);
    statuses = [status];
    const refusing = open(url);
    await refusing.runNow();
    await refusing.stop();
    expect([counted, received()]).toEqual([{ failed: 2 }, []]);
    statuses = [200];
    const target = open(url);
    await target.runNow();
    await target.stop();
    expect([counted, received().length]).toEqual([{ failed: 2, sent: 3 }, 3]);
  });

  it('counts what it has to cut because the store will not keep it', async () => {
    await write([row(10, MAX_LAG_MS / MINUTE_MS + 60), row(11, MAX_LAG_MS / MINUTE_MS - 60)]);
    await standAt(NOW_MS - MAX_LAG_MS - 120 * MINUTE_MS);
    statuses = [503];
    const late = open(url);
    await late.runNow();
    await late.stop();
    expect(counted).toEqual({ cut: 1, failed: 1 });
  });

  it('is done by one collector at a time', async () => {
    await standAt(NOW_MS - 30 * MINUTE_MS);
    const both = [open(url), open(url)];
    await Promise.all(both.map(({ runNow }) => runNow()));
    await Promise.all(both.map(({ stop }) => stop()));
    expect(received()).toHaveLength(3);
    const holders = await selectRows(
      store,
      `SELECT uniqExact(holder) AS holders FROM genai.leases WHERE term > ${term}`
    );
    expect(holders).toEqual([{ holders: '1' }]);
  });

  it('begins with what comes in after its very first start, however late its first run is', async () => {
    await store.client.command({ query: 'TRUNCATE TABLE genai.leases' });
    const target = open(url);
    // Answered when the process has started.
    await target.stands();
    await write([row(20, -1), row(21, 1)]);
    clockMs += 10 * MINUTE_MS;
    await target.runNow();
    await target.stop();
    expect([counted, received()]).toEqual([{ sent: 1 }, [(20).toString(16).padStart(16, '0')]]);
  });
});
