// The whole way, from HTTP requests to rows in the embedded store, against the best raw insert of the same rows in the same run.
//   npm run build && node bench/pipeline.mjs [spans]
// 100 spans of 1.6 kB a request, protobuf without gzip, 8 connections, acknowledged after fsync, default guard policy.
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
import { connect } from '../collector/dist/write/connect.js';
import { createInsertRows } from '../collector/dist/write/insert-rows.js';
import { createInsertSettings } from '../collector/dist/write/insert-settings.js';
import { migrate } from '../collector/dist/write/migrate.js';
import { makeBodies, SPANS } from './payload.mjs';

const DEFAULT_SPANS = 100_000;
const CONNECTIONS = 8;
/** Rows of the largest batches that the writer makes under load. */
const RAW_BATCH_ROWS = 20_000;
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

/** The same rows as the pipeline makes, joined into batches of the writer's size. */
async function makeBatches(bodies) {
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
    if (rows >= RAW_BATCH_ROWS) {
      batches.push(current);
      current = new Map();
      rows = 0;
    }
  }
  if (current.size > 0) batches.push(current);
  return batches;
}

async function insertRaw(batches, spans) {
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
    const queue = batches.map((batch, number) => [batch, number]);
    const began = performance.now();
    const stream = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [batch, number] = next;
        for (const [table, chunks] of batch) {
          const { columns } = TABLE_COLUMNS.get(table);
          await insert({
            table,
            columns,
            chunks,
            token: `bench:${number}:${table}`,
            signal: AbortSignal.timeout(600_000),
          });
        }
      }
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
  const stored = async () => {
    const answer = await client.query({ query: 'SELECT count() AS stored FROM genai.spans', format: 'JSONEachRow' });
    return Number((await answer.json())[0].stored);
  };
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  try {
    while ((await stored().catch(() => -1)) < 0) await sleep(POLL_MS);
    const cpuSeconds = async () =>
      Number(/^spanledger_process_cpu_seconds_total (\S+)/m.exec(await (await fetch(`${http}/metrics`)).text())[1]);
    const cpuBefore = await cpuSeconds();
    const queue = [...bodies];
    const began = performance.now();
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
    const acknowledged = spans / ((performance.now() - began) / 1000);
    while ((await stored()) < spans) await sleep(POLL_MS);
    const storedRate = spans / ((performance.now() - began) / 1000);
    return { acknowledged, stored: storedRate, cpuMicros: (((await cpuSeconds()) - cpuBefore) / spans) * 1e6 };
  } finally {
    agent.destroy();
    await client.close();
    await collector.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

export async function run(spans = DEFAULT_SPANS) {
  const bodies = makeRequests(spans);
  const batches = await makeBatches(bodies);
  const raw = await insertRaw(batches, spans);
  const through = await sendThrough(bodies, spans);
  return [
    { name: 'raw insert of the same rows, 2 streams', value: Math.round(raw), unit: 'spans/s' },
    { name: 'pipeline, acknowledged', value: Math.round(through.acknowledged), unit: 'spans/s' },
    { name: 'pipeline, stored', value: Math.round(through.stored), unit: 'spans/s' },
    { name: 'pipeline, CPU of the collector', value: Math.round(through.cpuMicros), unit: 'µs/span' },
    { name: 'pipeline, stored ÷ raw', value: Math.round((through.stored / raw) * 100) / 100, unit: '' },
  ];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of await run(Number(process.argv[2] ?? DEFAULT_SPANS))) {
    process.stdout.write(`${name}: ${value} ${unit}\n`);
  }
}
