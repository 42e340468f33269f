import { join } from 'node:path';
import { startStore } from '../../test/support/start-store.ts';
import type { Store } from '../../test/support/start-store.ts';
import { runCommand } from '../cli/testing/run-command.ts';
import { connect } from './connect.ts';
import { createInsertDeadLetter } from './insert-dead-letter.ts';
import { createInsertRows } from './insert-rows.ts';
import { createInsertSettings } from './insert-settings.ts';
import { migrate } from './migrate.ts';

const COLUMNS = [
  { name: 'workspace', type: 'LowCardinality(String)' },
  { name: 'timestamp', type: "DateTime64(9, 'UTC')" },
  { name: 'trace_id', type: 'String' },
  { name: 'span_id', type: 'String' },
  { name: 'duration_ns', type: 'UInt64' },
];
const START_NS = BigInt(Date.now() - 3_600_000) * 1_000_000n;

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}

function row(workspace: string, span: number): Buffer {
  const numbers = Buffer.alloc(16);
  numbers.writeBigInt64LE(START_NS);
  numbers.writeBigUInt64LE(BigInt(span), 8);
  const id = span.toString(16).padStart(16, '0');
  return Buffer.concat([text(workspace), numbers.subarray(0, 8), text('a'.repeat(32)), text(id), numbers.subarray(8)]);
}

describe('spanledger replay-dead-letters', () => {
  let store: Store;
  let client: ReturnType<typeof connect>;

  beforeAll(async () => {
    store = await startStore();
    client = connect(store.url);
    await migrate({ client, sqlDir: join(process.cwd(), 'sql/migrations'), database: 'genai' });
    const settings = createInsertSettings(client).read;
    const deadLetter = createInsertDeadLetter({ client, database: 'genai', settings });
    for (const [at, workspace] of ['acme', 'acme', 'globex'].entries()) {
      const range = `7[${at}-${at}]`;
      await deadLetter({
        piece: {
          table: 'other_spans',
          columns: COLUMNS,
          range,
          items: [{ sequence: 7, row: at, rows: 1, bytes: row(workspace, 900 + at * 100) }],
        },
        error: { reaction: 'bisect', code: 469, name: 'VIOLATED_CONSTRAINT' },
        epoch: 'e',
        token: `e:${range}:other_spans`,
        failedAtMs: Date.now(),
        signal: new AbortController().signal,
      });
    }
  });

  afterAll(async () => {
    await client.close();
    await store.stop();
  });

  const read = async (query: string): Promise<unknown> =>
    (await client.query({ query, format: 'JSONCompactEachRow' })).json();
  const stored = () => read('SELECT workspace, toUInt32(duration_ns) FROM genai.other_spans ORDER BY duration_ns');
  const states = () =>
    read('SELECT workspace, state, toUInt32(count()) FROM genai.dead_letters FINAL GROUP BY ALL ORDER BY ALL');
  const replay = (...args: string[]) =>
    runCommand(['replay-dead-letters', '--sql', store.url, ...args], { now: Date.now });

  it('stores what is accepted now, of one workspace when asked, says what is not, and changes nothing the second time', async () => {
    await client.command({ query: 'ALTER TABLE genai.other_spans ADD CONSTRAINT short CHECK duration_ns < 1000' });
    expect(await replay('--workspace', 'acme')).toMatchObject({
      code: 1,
      answers: ['1 rows replayed, 1 refused again'],
    });
    expect(await stored()).toEqual([['acme', 900]]);
    await client.command({ query: 'ALTER TABLE genai.other_spans DROP CONSTRAINT short' });
    expect(await replay()).toMatchObject({ code: 0, answers: ['2 rows replayed, 0 refused again'], remarks: [] });
    expect(await replay()).toMatchObject({ code: 0, answers: ['0 rows replayed, 0 refused again'] });
    const rows = [
      ['acme', 900],
      ['acme', 1000],
      ['globex', 1100],
    ];
    expect(await stored()).toEqual(rows);
    expect(await states()).toEqual([
      ['acme', 'replayed', 2],
      ['globex', 'replayed', 1],
    ]);
    // As after a crash between the insert and the note of it.
    await client.command({
      query:
        "INSERT INTO genai.dead_letters SELECT * REPLACE ('waiting' AS state, now64(3) + 1 AS updated_at) FROM genai.dead_letters FINAL",
    });
    expect(await replay()).toMatchObject({ code: 0, answers: ['3 rows replayed, 0 refused again'] });
    expect(await stored()).toEqual(rows);
  });

  it('says so when the store is in trouble', async () => {
    const down = await runCommand(['replay-dead-letters', '--sql', 'http://127.0.0.1:1']);
    expect(down).toMatchObject({ code: 1, remarks: [expect.stringContaining('ECONNREFUSED')] });
  });

  it('keeps the token of the insert that was refused', async () => {
    const settings = createInsertSettings(client).read;
    const insert = createInsertRows({ client, database: 'genai', settings });
    const { signal } = new AbortController();
    await insert({
      table: 'other_spans',
      columns: COLUMNS,
      chunks: [row('acme', 1)],
      token: 'e:7[0-0]:other_spans',
      signal,
    });
    expect(await stored()).toHaveLength(3);
  });
});
