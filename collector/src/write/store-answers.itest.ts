import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startStore } from '../../test/support/start-store.ts';
import type { Store } from '../../test/support/start-store.ts';
import type { TableColumns } from '../table-rows.ts';
import { classifyError } from './clickhouse-errors.ts';
import { connect } from './connect.ts';
import { createInsertBooks } from './insert-books.ts';
import { createInsertDeadLetter } from './insert-dead-letter.ts';
import { createInsertRows } from './insert-rows.ts';
import type { InsertRows } from './insert-rows.ts';
import { createInsertSettings } from './insert-settings.ts';
import { createLookupSpanKeys } from './lookup-span-keys.ts';
import { migrate } from './migrate.ts';

const COLUMNS: TableColumns['columns'] = [
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

function row(span: number, startNs = START_NS, workspace = 'acme'): Buffer {
  const numbers = Buffer.alloc(8);
  numbers.writeBigInt64LE(startNs);
  const duration = Buffer.alloc(8);
  duration.writeBigUInt64LE(BigInt(span));
  return Buffer.concat([text(workspace), numbers, text('a'.repeat(32)), text(spanId(span)), duration]);
}

function spanId(span: number): string {
  return span.toString(16).padStart(16, '0');
}

describe('what a real store answers', () => {
  let store: Store;
  let client: ReturnType<typeof connect>;
  let insert: InsertRows;
  const { signal } = new AbortController();

  beforeAll(async () => {
    store = await startStore();
    client = connect(store.url);
    await migrate({ client: store.client, sqlDir: join(process.cwd(), 'sql/migrations'), database: 'genai' });
    await store.client.command({
      query: 'ALTER TABLE genai.other_spans ADD CONSTRAINT short CHECK duration_ns < 1000',
    });
    insert = createInsertRows({ client, database: 'genai', settings: createInsertSettings(client).read });
  });

  afterAll(async () => {
    await client.close();
    await store.stop();
  });

  async function count(table: string, where = '1'): Promise<number> {
    const answer = await store.client.query({
      query: `SELECT count() AS rows FROM genai.${table} WHERE ${where}`,
      format: 'JSONEachRow',
    });
    return Number((await answer.json<{ rows: string }>())[0]!.rows);
  }

  function reaction(columns: TableColumns['columns'], chunks: readonly Buffer[]): Promise<string> {
    return insert({ table: 'other_spans', columns, chunks, token: `t${Math.random()}`, signal }).then(
      () => 'stored',
      (error: unknown) => classifyError(error).reaction
    );
  }

  it('stores the rows of a token once, whatever comes with it the second time', async () => {
    const once = {
      table: 'other_spans',
      columns: COLUMNS,
      chunks: [row(1), row(2)],
      token: 'e:1-2:other_spans',
      signal,
    } as const;
    await insert(once);
    await insert({ ...once, chunks: [row(1), row(4)] });
    expect(await count('other_spans', 'duration_ns IN (1, 2)')).toBe(2);
    expect(await count('other_spans', 'duration_ns = 4')).toBe(0);
  });

  it('tells schema drift from bad rows', async () => {
    const unknown = [...COLUMNS, { name: 'no_such_column', type: 'String' }];
    const other = COLUMNS.map((column) => (column.name === 'duration_ns' ? { ...column, type: 'String' } : column));
    expect(await reaction(unknown, [row(3), text('x')])).toBe('hold');
    expect(await reaction(other, [row(3)])).toBe('hold');
    expect(await reaction(COLUMNS, [row(3).subarray(0, 20)])).toBe('bisect');
    expect(await reaction(COLUMNS, [row(3), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f])])).toBe('bisect');
    expect(await reaction(COLUMNS, [row(3), row(1000)])).toBe('bisect');
    expect(await count('other_spans', 'duration_ns IN (3, 1000)')).toBe(0);
  });

  it('knows each code of the table of errors under the name that stands beside it', async () => {
    const source = await readFile('collector/src/write/clickhouse-errors.ts', 'utf8');
    const listed = [...source.matchAll(/^ {2}\[(\d+), '\w+'\], \/\/ (\w+)$/gm)].map(([, code, name]) => ({
      code: Number(code),
      name: name!,
    }));
    expect(listed.length).toBe([...source.matchAll(/^ {2}\[\d+,/gm)].length);
    expect(new Set(listed.map(({ code }) => code)).size).toBe(listed.length);
    const answer = await store.client.query({
      query:
        'SELECT code, toString(errorCodeToName(toUInt32(code))) AS name FROM (SELECT arrayJoin({codes:Array(Int32)}) AS code)',
      query_params: { codes: listed.map(({ code }) => code) },
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual(listed);
  });

  it('keeps a refused row in dead_letters, once', async () => {
    const deadLetter = createInsertDeadLetter({
      client,
      database: 'genai',
      settings: createInsertSettings(client).read,
    });
    const piece = {
      table: 'other_spans',
      columns: COLUMNS,
      range: '7[3-3]',
      items: [{ sequence: 7, row: 3, rows: 1, bytes: row(1000) }],
    } as const;
    const error = { reaction: 'bisect', code: 469, name: 'VIOLATED_CONSTRAINT' } as const;
    const letter = { piece, error, epoch: 'e', token: 'e:7[3-3]:other_spans', failedAtMs: Date.now(), signal };
    await deadLetter(letter);
    await deadLetter({ ...letter, failedAtMs: Date.now() + 5 });
    const answer = await store.client.query({
      query:
        'SELECT workspace, id, table_name, error_code, error_message, row, epoch, sequence, state FROM genai.dead_letters',
      format: 'JSONEachRow',
    });
    expect(await answer.json()).toEqual([
      {
        workspace: 'acme',
        id: 'e:7[3-3]:other_spans',
        table_name: 'other_spans',
        error_code: 469,
        error_message: 'VIOLATED_CONSTRAINT',
        row: row(1000).toString('base64'),
        epoch: 'e',
        sequence: 7,
        state: 'waiting',
      },
    ]);
  });

  it('writes the books so that they balance', async () => {
    const books = createInsertBooks({
      client,
      database: 'genai',
      collector: 'one',
      settings: createInsertSettings(client).read,
    });
    const totals = {
      received: 100,
      ignored: 5,
      rejected: 3,
      duplicate: 12,
      accepted: 80,
      delivered: 60,
      deadLettered: 2,
      damaged: 1,
      fragmentsAccepted: 50,
      fragmentsDelivered: 40,
      fragmentsDeadLettered: 4,
    };
    const recordedAtMs = Date.now();
    const ledger = {
      deliveredUntilMs: recordedAtMs - 1_500,
      oldestMs: 1_500,
      ledgerBytes: 7,
      quotaBytes: 9,
      outageHours: 2.5,
    };
    await books({ epoch: 'e', recordedAtMs, totals, ...ledger, closed: true });
    expect(
      await count(
        'ingest_ledger',
        `toUnixTimestamp64Milli(recorded_at) - toUnixTimestamp64Milli(delivered_until) = 1500 AND oldest_seconds = 1.5
           AND ledger_bytes = 7 AND quota_bytes = 9 AND outage_hours = 2.5 AND closed = 1`
      )
    ).toBe(1);
    const where =
      'received = stored + ignored + rejected + duplicate + dead_lettered + damaged + backlog AND stored = 60';
    expect(await count('ingest_ledger', where)).toBe(1);
    expect(
      await count(
        'ingest_ledger',
        'fragments_accepted = fragments_stored + fragments_dead_lettered + fragments_backlog'
      )
    ).toBe(1);
  });

  it('finds late spans by key, in their workspace only', async () => {
    const token = 'e:9-9:other_spans';
    await insert({
      table: 'other_spans',
      columns: COLUMNS,
      chunks: [row(101), row(102, START_NS, 'other')],
      token,
      signal,
    });
    const lookup = createLookupSpanKeys({ client, database: 'genai', now: Date.now, retentionDays: 400 });
    const sought = (span: number, startTimeUnixNano = START_NS) => ({
      workspace: 'acme',
      traceId: 'a'.repeat(32),
      spanId: spanId(span),
      startTimeUnixNano,
    });
    expect([...(await lookup([sought(101), sought(102), sought(103)]))]).toEqual(['a'.repeat(32) + spanId(101)]);
    expect([...(await lookup([sought(101, 5n), sought(102, 5n)]))]).toEqual(['a'.repeat(32) + spanId(101)]);
    expect([...(await lookup([{ ...sought(101), spanId: "') OR 1=1 --" }]))]).toEqual([]);
  });

  it('finds the same spans when their trace has more rows than are read', async () => {
    await insert({
      table: 'other_spans',
      columns: COLUMNS,
      chunks: [201, 202, 203, 204].map((span) => row(span)),
      token: 'e:10-10:other_spans',
      signal,
    });
    const keys = [202, 204, 299].map((span) => ({
      workspace: 'acme',
      traceId: 'a'.repeat(32),
      spanId: spanId(span),
      startTimeUnixNano: START_NS,
    }));
    for (const maxTraceRows of [1, 4, 10_000]) {
      const lookup = createLookupSpanKeys({
        client,
        database: 'genai',
        now: Date.now,
        retentionDays: 400,
        maxTraceRows,
      });
      expect([...(await lookup(keys))].sort()).toEqual([202, 204].map((span) => 'a'.repeat(32) + spanId(span)));
    }
  });
});
