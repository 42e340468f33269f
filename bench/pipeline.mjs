// The whole way, from HTTP requests to rows in the embedded store, against raw inserts of the same rows in the same run.
//   npm run build && node bench/pipeline.mjs [spans]
// 100 spans of 1.6 kB a request, protobuf without gzip, 8 connections, acknowledged after fsync, default guard policy. Both sides
// are warm. Raw: two streams of the same bytes into the same tables with the same settings, once in batches as large as those the
// pipeline made (the merges that follow from the size are then the same), once in the largest batches that the writer can make.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createGuard } from '../collector/dist/guard/guard-span.js';
import { defaultGuardPolicy } from '../collector/dist/guard/guard-policy.js';
import { createNormalise } from '../collector/dist/normalise/normalise.js';
import { DEFAULT_NORMALISE_LIMITS } from '../collector/dist/normalise/normalise-limits.js';
import { loadPriceData } from '../collector/dist/price/load-price-data.js';
import { createPriceBook } from '../collector/dist/price/price-book.js';
import { createPrice } from '../collector/dist/price/price-span.js';
import { decodeTracesProtobuf } from '../collector/dist/receive/decode-traces-protobuf.js';
import { createEncodeRows } from '../collector/dist/rows/encode-rows.js';
import { TABLE_COLUMNS } from '../collector/dist/rows/table-columns.js';
import { DEFAULT_BATCH_LIMITS } from '../collector/dist/write/batch-builder.js';
import { connect } from '../collector/dist/write/connect.js';
import { createInsertRows } from '../collector/dist/write/insert-rows.js';
import { createInsertSettings } from '../collector/dist/write/insert-settings.js';
import { migrate } from '../collector/dist/write/migrate.js';
import { makeBodies, SPANS } from './payload.mjs';

const DEFAULT_SPANS = 150_000;
/** Sent before the clock starts: compilers and caches are for the first seconds of a process that runs for months. */
export const WARM_UP_SPANS = 20_000;
const CONNECTIONS = 8;
/** Spans of the largest batches that the writer makes, with two fragments each. */
const LARGEST_BATCH = DEFAULT_BATCH_LIMITS.maxRows / 4;
const RAW_STREAMS = 2;
const POLL_MS = 20;

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quietGuard = { spansChecked() {}, findingMade() {}, findingOmitted() {}, contentWithheld() {} };

/** Starts a program and resolves with the line that says it is ready. */
async function start(program, args, environment, isReady) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => isReady(text) && resolve(text));
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { line, stop };
}

export function makeRequests(spans) {
  const startNs = BigInt(Date.now()) * 1_000_000n;
  return Array.from({ length: spans / SPANS }, (_, i) => makeBodies({ first: i * SPANS, startNs }).protobuf);
}

/** The same rows as the pipeline makes, joined into batches. */
async function makeBatches(bodies, batchSpans) {
  const normalise = createNormalise({
    now: Date.now,
    departmentKeys: ['department'],
    keepOtherSpans: true,
    retentionDays: 400,
    limits: DEFAULT_NORMALISE_LIMITS,
  });
  const price = createPrice(createPriceBook(await loadPriceData()));
  const guard = createGuard(defaultGuardPolicy, quietGuard);
  const encode = createEncodeRows({ now: Date.now });
  const batches = [];
  let current = new Map();
  let rows = 0;
  for (const body of bodies) {
    const normalised = normalise.traces('default', decodeTracesProtobuf(body).spans);
    const spans = normalised.spans.map((span) => ({ span, cost: price(span) }));
    for (const { table, bytes } of encode(guard.check({ ...normalised, spans }))) {
      current.set(table, [...(current.get(table) ?? []), bytes]);
    }
    rows += spans.length;
    if (rows >= batchSpans) {
      batches.push(current);
      current = new Map();
      rows = 0;
    }
  }
  if (current.size > 0) batches.push(current);
  return batches;
}

async function insertRaw(warmUp, batches, spans) {
  const directory = mkdtempSync(join(tmpdir(), 'spanledger-bench-'));
  const program = file('../embedded-clickhouse/bin/embedded-clickhouse.mjs');
  const store = await start(program, ['--data', directory, '--listen', '127.0.0.1:0'], {}, (text) =>
    text.startsWith('{')
  );
  const client = connect(JSON.parse(store.line).url);
  try {
    await migrate({ client, sqlDir: file('../sql/migrations'), database: 'genai' });
    const settings = createInsertSettings(client);
    const insert = createInsertRows({ client, database: 'genai', settings: settings.read });
    await settings.read();
    const insertBatch = async (batch, token) => {
      for (const [table, chunks] of batch) {
        const { columns } = TABLE_COLUMNS.get(table);
        const signal = AbortSignal.timeout(600_000);
        await insert({ table, columns, chunks, token: `${token}:${table}`, signal });
      }
    };
    for (const [number, batch] of warmUp.entries()) await insertBatch(batch, `warm-up:${number}`);
    const queue = batches.map((batch, number) => [batch, number]);
    const began = performance.now();
    const stream = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await insertBatch(next[0], next[1]);
    };
    await Promise.all(Array.from({ length: RAW_STREAMS }, stream));
    return spans / ((performance.now() - began) / 1000);
  } finally {
    await client.close();
    await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** One request on a connection that is kept; resolves with the status. */
function post(url, agent, body) {
  return new Promise((resolve, reject) => {
    const call = httpRequest(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length },
    });
    call.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)));
    call.on('error', reject);
    call.end(body);
  });
}

/** Through a collector of its own; `program` serves as `spanledger serve` does. */
export async function sendThrough(
  warmUp,
  bodies,
  spans,
  program = new URL('../collector/bin/spanledger.mjs', import.meta.url)
) {
  const directory = mkdtempSync(join(tmpdir(), 'spanledger-bench-'));
  const free = Object.fromEntries(['HTTP', 'GRPC', 'SQL'].map((name) => [`SPANLEDGER_${name}_LISTEN`, '127.0.0.1:0']));
  const environment = { ...free, SPANLEDGER_DATA_DIR: directory, SPANLEDGER_LOG_LEVEL: 'error' };
  const collector = await start(fileURLToPath(program), ['serve'], environment, (text) => text.includes('ready'));
  const [http, sql] = [/OTLP\/HTTP (\S+)/, /SQL (\S+)/].map((pattern) => pattern.exec(collector.line)[1]);
  const client = connect(sql);
  const count = async () => {
    const answer = await client.query({ query: 'SELECT count() AS stored FROM genai.spans', format: 'JSONEachRow' });
    return Number((await answer.json())[0].stored);
  };
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    while ((await count().catch(() => -1)) < 0) await sleep(POLL_MS);
    const readMetrics = async () => {
      const text = await (await fetch(`${http}/metrics`)).text();
      const value = (name) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)[1]);
      return {
        cpuSeconds: value('spanledger_process_cpu_seconds_total'),
        batches: value('spanledger_write_batches_total'),
      };
    };
    const send = async (queue) => {
      const sender = async () => {
        for (let body = queue.pop(); body !== undefined; body = queue.pop()) {
          for (;;) {
            const status = await post(`${http}/v1/traces`, agent, body);
            if (status === 200) break;
            if (status !== 503) throw new Error(`the collector answered ${status}`);
            await sleep(POLL_MS);
          }
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, sender));
    };
    const stored = async (wanted) => {
      while ((await count()) < wanted) await sleep(POLL_MS);
    };
    await send([...warmUp]);
    await stored(WARM_UP_SPANS);
    const before = await readMetrics();
    const began = performance.now();
    const rate = () => spans / ((performance.now() - began) / 1000);
    await send([...bodies]);
    const acknowledgedRate = rate();
    await stored(WARM_UP_SPANS + spans);
    const storedRate = rate();
    const after = await readMetrics();
    return {
      acknowledged: acknowledgedRate,
      stored: storedRate,
      cpuMicros: ((after.cpuSeconds - before.cpuSeconds) / spans) * 1e6,
      batchSpans: Math.round(spans / (after.batches - before.batches)),
    };
  } finally {
    agent.destroy();
    await client.close();
    await collector.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function run(spans = DEFAULT_SPANS) {
  const all = makeRequests(WARM_UP_SPANS + spans);
  const warmUp = all.slice(0, WARM_UP_SPANS / SPANS);
  const bodies = all.slice(WARM_UP_SPANS / SPANS);
  const through = await sendThrough(warmUp, bodies, spans);
  const raw = async (batchSpans) =>
    insertRaw(await makeBatches(warmUp, batchSpans), await makeBatches(bodies, batchSpans), spans);
  const same = await raw(through.batchSpans);
  const largest = await raw(LARGEST_BATCH);
  const rounded = (name, value, unit) => ({ name, value: Math.round(value), unit });
  const ratio = (name, value) => ({ name, value: Math.round(value * 100) / 100, unit: '' });
  return [
    rounded('pipeline, acknowledged', through.acknowledged, 'spans/s'),
    rounded('pipeline, stored', through.stored, 'spans/s'),
    rounded('pipeline, CPU of the collector', through.cpuMicros, 'µs/span'),
    rounded('pipeline, batches', through.batchSpans, 'spans'),
    rounded('raw insert of the same rows, 2 streams, batches of that size', same, 'spans/s'),
    rounded(`raw insert of the same rows, 2 streams, batches of ${LARGEST_BATCH} spans`, largest, 'spans/s'),
    ratio('pipeline, stored ÷ raw of the same batch size', through.stored / same),
    ratio('pipeline, stored ÷ raw of the largest batches', through.stored / largest),
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of await run(Number(process.argv[2] ?? DEFAULT_SPANS))) {
    process.stdout.write(`${name}: ${value} ${unit}\n`);
  }
}
