import type { ClickHouseClient } from '@clickhouse/client';
import { connect } from './connect.ts';
import { createInsertDeadLetter } from './insert-dead-letter.ts';
import { createInsertRows } from './insert-rows.ts';
import { createInsertSettings } from './insert-settings.ts';
import type { SampleLedger } from './testing/sample-ledger.ts';
import { createSampleLedger, sampleIds, sampleRows } from './testing/sample-ledger.ts';
import type { StandInClickHouse, StandInFault, StandInInsert } from './testing/stand-in-clickhouse.ts';
import { startStandInClickHouse } from './testing/stand-in-clickhouse.ts';
import { createWriter } from './create-writer.ts';
import type { Writer, WriterOptions } from './create-writer.ts';

let store: StandInClickHouse;
let client: ClickHouseClient;
let writer: Writer | undefined;

beforeEach(async () => {
  store = await startStandInClickHouse();
  client = connect(store.url, { requestTimeoutMs: 60_000 });
});

afterEach(async () => {
  await writer?.stop();
  await client.close();
  await store.close();
});

function startWriter(ledger: SampleLedger, options: Partial<WriterOptions> = {}): Writer {
  const settings = createInsertSettings(client).read;
  writer = createWriter({
    ledger,
    insert: createInsertRows({ client, database: 'genai', settings }),
    deadLetter: createInsertDeadLetter({ client, database: 'genai', settings }),
    now: Date.now,
    backOff: () => new Promise((resolve) => setTimeout(resolve, 1)),
    ...options,
  });
  writer.start();
  return writer;
}

function error(code: number, name: string, text = 'refused'): StandInFault {
  return { kind: 'error', code, name, text };
}

function late(code: number, text: string, isMarked: boolean): StandInFault {
  return { kind: 'late-error', code, text, isMarked };
}

/** Fails the first attempts of each insert with the given faults in turn. */
function failFirst(faults: readonly StandInFault[]): (insert: StandInInsert) => StandInFault | undefined {
  const tries = new Map<string, number>();
  return ({ table, token }) => {
    const attempt = tries.get(table + token) ?? 0;
    tries.set(table + token, attempt + 1);
    return faults[attempt];
  };
}

async function untilTrue(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function storedIds(table: string): readonly number[] {
  return store.rows(table).flatMap(sampleIds);
}

describe('the writer', () => {
  it('makes the plan durable, inserts content before spans with one token each, and then marks the batch', async () => {
    const ledger = createSampleLedger();
    ledger.put([sampleRows('spans', [1, 2]), sampleRows('content_fragments', [1])]);
    ledger.put([sampleRows('spans', [3])]);
    expect(await startWriter(ledger).drain(Date.now() + 240_000)).toBe(true);
    expect(ledger.course).toEqual(['plan 1-2', 'delivered 1-2']);
    expect(store.inserts.map(({ table, token, body }) => [table, token, sampleIds(body)])).toEqual([
      ['content_fragments', 'e0:1-2:content_fragments', [1]],
      ['spans', 'e0:1-2:spans', [1, 2, 3]],
    ]);
    expect(store.inserts[1]!.settings).toMatchObject({
      query: 'INSERT INTO `genai`.`spans` (`workspace`, `id`) FORMAT RowBinaryWithNamesAndTypes',
      async_insert: '0',
      insert_deduplicate: '1',
      input_format_skip_unknown_fields: '0',
    });
    expect(Object.keys(store.inserts[1]!.settings)).not.toContain('deduplicate_insert');
    expect(store.inserts[1]!.body.subarray(0, -27).toString('latin1')).toBe(
      '\x02\x09workspace\x02id\x16LowCardinality(String)\x06UInt32'
    );
  });

  it.each([
    ['too many parts', error(252, 'TOO_MANY_PARTS', 'Too many parts (3001)')],
    ['unknown table', error(60, 'UNKNOWN_TABLE')],
    ['wrong password', error(516, 'AUTHENTICATION_FAILED')],
    ['unknown column', error(117, 'INCORRECT_DATA', 'Unknown field found in RowBinaryWithNamesAndTypes header: cost')],
    ['a code nobody listed', error(9999, 'SOMETHING_NEW')],
    ['too many parts, told in the body of a 200', late(252, 'Too many parts (3001)', false)],
    ['a timeout, told behind the mark in the body of a 200', late(159, 'Timeout exceeded', true)],
    ['the page of a gateway', { kind: 'gateway', body: '<html>please log in</html>' } as const],
    ['an empty page of a gateway', { kind: 'gateway', body: '' } as const],
    ['a read-only user', error(164, 'READONLY')],
    ['a read-only table', error(242, 'TABLE_IS_READ_ONLY')],
    ['hang-up before commit', { kind: 'hang-up', committed: false } as const],
    ['hang-up after commit', { kind: 'hang-up', committed: true } as const],
  ])('tries again with the same bytes and token after: %s', async (_, fault) => {
    const ledger = createSampleLedger();
    ledger.put([sampleRows('spans', [1, 2, 3])]);
    store.script = failFirst([fault, fault, fault]);
    expect(await startWriter(ledger).drain(Date.now() + 240_000)).toBe(true);
    expect(store.inserts.map(({ token, body }) => [token, sampleIds(body)])).toEqual(
      Array(4).fill(['e0:1-1:spans', [1, 2, 3]])
    );
    expect(storedIds('spans')).toEqual([1, 2, 3]);
    expect(ledger.course).toEqual(['plan 1-1', 'delivered 1-1']);
    expect(ledger.deadLettered()).toEqual({ spans: 0, fragments: 0 });
    expect(writer!.stats().troubles.size).toBe(0);
  });

  it('two collectors on copies of one ledger do not take the rows of the other for repeats of their own', async () => {
    for (const [run, id] of [
      ['run1', 1],
      ['run2', 2],
    ] as const) {
      const copy = createSampleLedger();
      copy.put([sampleRows('spans', [id])]);
      expect(await startWriter(copy, { run }).drain(Date.now() + 240_000)).toBe(true);
      await writer!.stop();
    }
    const restarted = createSampleLedger();
    restarted.put([sampleRows('spans', [2])], { first: 1, last: 1, run: 'run2' });
    restarted.put([sampleRows('spans', [3])]);
    expect(await startWriter(restarted, { run: 'run3' }).drain(Date.now() + 240_000)).toBe(true);
    expect(store.inserts.map(({ token }) => token)).toEqual([
      'e0:1-1:run1:spans',
      'e0:1-1:run2:spans',
      'e0:1-1:run2:spans',
      'e0:2-2:run3:spans',
    ]);
    expect(storedIds('spans')).toEqual([1, 2, 3]);
  });

  it('loses nothing to a server that closes connections while they rest', async () => {
    await client.close();
    await store.close();
    store = await startStandInClickHouse({ keepAliveMs: 1 });
    client = connect(store.url, { requestTimeoutMs: 60_000 });
    const ledger = createSampleLedger();
    const running = startWriter(ledger, { limits: { readyMs: 0 } });
    const ids = Array.from({ length: 30 }, (_, id) => id);
    for (const id of ids) {
      ledger.put([sampleRows('spans', [id])]);
      await new Promise((resolve) => setTimeout(resolve, id % 5));
      expect(await running.drain(Date.now() + 240_000)).toBe(true);
    }
    expect(storedIds('spans')).toEqual(ids);
    expect(ledger.deadLettered()).toEqual({ spans: 0, fragments: 0 });
  });

  it('says what holds it up while it does', async () => {
    const ledger = createSampleLedger();
    ledger.put([sampleRows('spans', [1])]);
    store.script = () => error(60, 'UNKNOWN_TABLE');
    startWriter(ledger);
    await untilTrue(() => writer!.stats().troubles.has('spans'));
    expect(await writer!.drain(Date.now() + 50)).toBe(false);
    expect(writer!.stats().troubles.get('spans')).toMatchObject({ reaction: 'hold', code: 60, name: 'UNKNOWN_TABLE' });
    store.script = () => undefined;
    expect(await writer!.drain(Date.now() + 240_000)).toBe(true);
  });

  it('takes 389 for success', async () => {
    const ledger = createSampleLedger();
    ledger.put([sampleRows('spans', [1])]);
    store.script = () => error(389, 'INSERT_WAS_DEDUPLICATED');
    expect(await startWriter(ledger).drain(Date.now() + 240_000)).toBe(true);
    expect(store.inserts).toHaveLength(1);
  });

  it('finds one poison row among many, stores the others once, and gives it to dead_letters with the reason', async () => {
    const ledger = createSampleLedger();
    for (let record = 0; record < 20; record++)
      ledger.put([
        sampleRows(
          'spans',
          Array.from({ length: 50 }, (_, row) => record * 50 + row)
        ),
      ]);
    store.script = ({ table, body }) =>
      table === 'spans' && sampleIds(body).includes(777) ? error(407, 'DECIMAL_OVERFLOW') : undefined;
    expect(await startWriter(ledger).drain(Date.now() + 240_000)).toBe(true);
    expect([...storedIds('spans')].sort((left, right) => left - right)).toEqual(
      Array.from({ length: 1000 }, (_, id) => id).filter((id) => id !== 777)
    );
    const letters = store.inserts.filter(({ table }) => table === 'dead_letters');
    expect(letters.map(({ token }) => token)).toEqual(['e0:16[27-27]:spans:dead']);
    const letter: unknown = JSON.parse(letters[0]!.body.toString());
    expect(letter).toMatchObject({
      workspace: 'acme',
      id: 'e0:16[27-27]:spans',
      table_name: 'spans',
      error_code: 407,
      error_message: 'DECIMAL_OVERFLOW',
      row: Buffer.from(sampleRows('spans', [777]).bytes).toString('base64'),
      epoch: 'e0',
      sequence: 16,
      state: 'waiting',
    });
    expect(ledger.deadLettered()).toEqual({ spans: 1, fragments: 0 });
    expect(store.inserts.length).toBeLessThan(30);
  });

  it('goes on with the halves after a restart and never sends the whole again', async () => {
    const ledger = createSampleLedger(['e0:1-2:spans']);
    ledger.put([sampleRows('spans', [1])], { first: 1, last: 2 });
    ledger.put([sampleRows('spans', [2])], { first: 1, last: 2 });
    expect(await startWriter(ledger).drain(Date.now() + 240_000)).toBe(true);
    expect(store.inserts.map(({ token }) => token)).toEqual(['e0:1-1:spans', 'e0:2-2:spans']);
    expect(ledger.course).toEqual(['delivered 1-2']);
  });

  it('repeats a plan of an earlier run alone, with its token, before new records', async () => {
    const ledger = createSampleLedger();
    ledger.put([sampleRows('spans', [1])], { first: 1, last: 2 });
    ledger.put([sampleRows('spans', [2])], { first: 1, last: 2 });
    ledger.put([sampleRows('spans', [3])]);
    expect(await startWriter(ledger, { streams: 1 }).drain(Date.now() + 240_000)).toBe(true);
    expect(store.inserts.map(({ token, body }) => [token, sampleIds(body)])).toEqual([
      ['e0:1-2:spans', [1, 2]],
      ['e0:3-3:spans', [3]],
    ]);
    expect(ledger.course).toEqual(['delivered 1-2', 'plan 3-3', 'delivered 3-3']);
  });

  it('splits a batch that touches too many partitions and drops nothing', async () => {
    const ledger = createSampleLedger();
    ledger.put([sampleRows('spans', [1, 2, 3, 4])]);
    store.script = ({ body }) =>
      sampleIds(body).length > 1
        ? error(252, 'TOO_MANY_PARTS', 'Too many partitions for single INSERT block (more than 100)')
        : undefined;
    expect(await startWriter(ledger).drain(Date.now() + 240_000)).toBe(true);
    expect([...storedIds('spans')].sort()).toEqual([1, 2, 3, 4]);
    expect(ledger.deadLettered()).toEqual({ spans: 0, fragments: 0 });
  });

  it('keeps to the limits of rows, bytes and partitions, and keeps the order', async () => {
    const ledger = createSampleLedger();
    for (let record = 0; record < 12; record++) ledger.put([sampleRows('spans', [record], [record])]);
    const limits = { readyRows: 100, maxRows: 5, maxPartitions: 3, readyMs: 0 };
    expect(await startWriter(ledger, { limits, streams: 1 }).drain(Date.now() + 240_000)).toBe(true);
    expect(store.inserts.map(({ body }) => sampleIds(body))).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [9, 10, 11],
    ]);
  });

  it('ends at once when it is stopped while the store does not answer; the plan stays open', async () => {
    const ledger = createSampleLedger();
    ledger.put([sampleRows('spans', [1])]);
    store.script = () => error(210, 'NETWORK_ERROR');
    const stopped = startWriter(ledger, {
      backOff: (_, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    });
    await untilTrue(() => store.inserts.length > 0);
    expect(await stopped.drain(Date.now() + 50)).toBe(false);
    await stopped.stop();
    expect(ledger.course).toEqual(['plan 1-1']);
  });
});
