// A process to be killed: appends spans to a ledger, delivers them, and tells each acknowledged id on standard output.
// Arguments: ledger directory, ClickHouse URL, first id, number of ids (0 = only deliver what is there).
import { randomBytes } from 'node:crypto';
import { openLedger } from '../../dist/ledger/open-ledger.js';
import { connect } from '../../dist/write/connect.js';
import { createInsertDeadLetter } from '../../dist/write/insert-dead-letter.js';
import { createInsertRows } from '../../dist/write/insert-rows.js';
import { createInsertSettings } from '../../dist/write/insert-settings.js';
import { createWriter } from '../../dist/write/create-writer.js';

const [directory, url, firstId, count] = process.argv.slice(2);
const columns = ['spans', 'content_fragments'].map((table) => ({
  table,
  columns: [
    { name: 'workspace', type: 'LowCardinality(String)' },
    { name: 'id', type: 'UInt64' },
    { name: 'body', type: 'String' },
  ],
}));
const ROWS = 20;

function rowsOf(table, start) {
  const parts = [];
  for (let row = 0; row < ROWS; row++) {
    const head = Buffer.alloc(5 + 8 + 1);
    head.write('\x04acme', 'latin1');
    head.writeBigUInt64LE(BigInt(start + row), 5);
    head.writeUInt8(100, 13);
    parts.push(head, Buffer.from(randomBytes(50).toString('hex')));
  }
  return { table, rows: ROWS, bytes: Buffer.concat(parts), partitions: [1] };
}

const ledger = await openLedger({
  directory,
  columns,
  now: Date.now,
  limits: { segmentBytes: 100_000, reserveBytes: 0 },
});
const client = connect(url, { requestTimeoutMs: 10_000 });
const settings = createInsertSettings(client).read;
const writer = createWriter({
  ledger,
  insert: createInsertRows({ client, database: 'genai', settings }),
  deadLetter: createInsertDeadLetter({ client, database: 'genai', settings }),
  now: Date.now,
  limits: { readyRows: 1500, readyMs: 100, maxRows: 3000 },
});
writer.start();
const end = Number(firstId) + Number(count);
async function sender(start) {
  for (let id = start; id < end; id += ROWS * 4) {
    const fingerprints = new Uint32Array(ROWS * 2).fill(id);
    const counters = { received: ROWS, stored: ROWS, ignored: 0, rejected: 0, duplicate: 0 };
    const tables = [rowsOf('content_fragments', id), rowsOf('spans', id)];
    const outcome = await ledger.append({ tables, fingerprints, counters });
    process.stdout.write(`${outcome} ${id}\n`);
  }
}
await Promise.all([0, 1, 2, 3].map((lane) => sender(Number(firstId) + lane * ROWS)));
const isEmpty = await writer.drain(Date.now() + 240_000);
await writer.stop();
const { troubles, batches } = writer.stats();
const { totals, balanced } = ledger.stats();
await ledger.close();
await client.close();
process.stdout.write(
  `end ${JSON.stringify({ isEmpty, batches, troubles: [...troubles.values()], balanced, totals, recovered: { ...ledger.recovered, fingerprints: undefined } })}\n`
);
