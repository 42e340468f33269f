// What the write-ahead ledger and the duplicate window cost: 100 spans a record, with and without fdatasync.
//   npm run build && node bench/ledger.mjs
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDuplicateWindow } from '../collector/dist/ledger/duplicate-window.js';
import { nodeFileLayer } from '../collector/dist/ledger/node-file-layer.js';
import { openLedger } from '../collector/dist/ledger/open-ledger.js';
import { unflushedFiles } from './unflushed-files.mjs';

const SPANS = 100;
const SENDERS = 16;
const SECONDS = 2;
const WINDOW_REQUESTS = 5000;
const COLUMNS = [{ table: 'spans', columns: [{ name: 'body', type: 'String' }] }];
const COUNTERS = { received: SPANS, stored: SPANS, ignored: 0, rejected: 0, duplicate: 0 };

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Senders that wait for each acknowledgement; everything is delivered at once, so that segments come and go. */
async function append(recordBytes, fileSystem) {
  const directory = await mkdtemp(join(tmpdir(), 'spanledger-bench-'));
  const ledger = await openLedger({
    directory,
    columns: COLUMNS,
    now: Date.now,
    fileSystem,
    limits: { reserveBytes: 0 },
  });
  const bytes = randomBytes(recordBytes);
  const fingerprints = new Uint32Array(SPANS * 2).fill(7);
  const waits = [];
  let records = 0;
  let delivered = Promise.resolve();
  const startedAt = performance.now();
  const cpu = cpuSeconds();
  const isOver = () => performance.now() - startedAt > SECONDS * 1000;
  const deliver = async () => {
    let first;
    let last;
    for (let record = await ledger.next(); record !== undefined; record = await ledger.next()) {
      first ??= record.sequence;
      last = record.sequence;
    }
    if (first !== undefined)
      await ledger.markDelivered({ first, last }, { deadLetteredSpans: 0, deadLetteredFragments: 0 });
  };
  const sender = async () => {
    while (!isOver()) {
      const tables = [{ table: 'spans', rows: SPANS, bytes, partitions: [1] }];
      const asked = performance.now();
      const outcome = await ledger.append({ tables, fingerprints, counters: COUNTERS });
      if (outcome !== 'stored') throw new Error(`append: ${outcome}`);
      waits.push(performance.now() - asked);
      records += 1;
      if (records % 200 === 0) delivered = delivered.then(deliver);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  const seconds = (performance.now() - startedAt) / 1000;
  const cpuPerRecord = ((cpuSeconds() - cpu) / records) * 1e6;
  await delivered;
  await ledger.close();
  await rm(directory, { recursive: true, force: true });
  waits.sort((left, right) => left - right);
  return { perSecond: records / seconds, cpuPerRecord, p99: waits[Math.floor(waits.length * 0.99)] };
}

async function claims() {
  const ledger = { lastSequence: () => 0, deliveredUpTo: () => 0 };
  const window = createDuplicateWindow({
    seed: randomBytes(16),
    now: Date.now,
    ledger,
    lookup: () => Promise.resolve(new Set()),
  });
  const now = BigInt(Date.now()) * 1_000_000n;
  const times = { startTimeUnixNano: now, endTimeUnixNano: now };
  let spent = 0;
  for (let request = 0; request < WINDOW_REQUESTS; request += 1) {
    const traceId = randomBytes(16).toString('hex');
    const spans = Array.from({ length: SPANS }, () => ({ traceId, spanId: randomBytes(8).toString('hex'), ...times }));
    const start = cpuSeconds();
    (await window.claim('default', spans)).commit();
    spent += cpuSeconds() - start;
  }
  return (spent / (WINDOW_REQUESTS * SPANS)) * 1e9;
}

export async function run() {
  const results = [];
  for (const kilobytes of [160, 320]) {
    for (const [name, fileSystem] of [
      ['fdatasync', nodeFileLayer],
      ['no flush', unflushedFiles],
    ]) {
      const { perSecond, cpuPerRecord, p99 } = await append(kilobytes * 1000, fileSystem);
      const what = `ledger append, ${SPANS} spans in ${kilobytes} kB, ${SENDERS} senders, ${name}`;
      results.push({ name: what, value: Math.round(perSecond), unit: 'records/s' });
      results.push({ name: `${what}: volume`, value: Math.round((perSecond * kilobytes) / 1000), unit: 'MB/s' });
      results.push({ name: `${what}: CPU`, value: Math.round(cpuPerRecord), unit: 'us per record' });
      results.push({ name: `${what}: wait p99`, value: Number(p99.toFixed(1)), unit: 'ms' });
    }
  }
  results.push({ name: 'duplicate window, claim and commit', value: Math.round(await claims()), unit: 'ns per span' });
  return results;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, value, unit } of await run()) process.stdout.write(`${name}: ${value} ${unit}\n`);
}
