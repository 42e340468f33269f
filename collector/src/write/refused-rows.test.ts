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

describe('rows that the store refuses', () => {
  it('holds when the store refuses everything, instead of emptying the ledger into dead_letters', async () => {
    const ledger = createSampleLedger();
    ledger.put([
      sampleRows(
        'spans',
        Array.from({ length: 100 }, (_, id) => id)
      ),
    ]);
    store.script = ({ table }) => (table === 'spans' ? error(53, 'TYPE_MISMATCH') : undefined);
    startWriter(ledger);
    await untilTrue(() => writer!.stats().troubles.has('spans'));
    expect(await writer!.drain(Date.now() + 50)).toBe(false);
    expect(writer!.stats().troubles.get('spans')).toMatchObject({ reaction: 'hold', code: 53 });
    store.script = () => undefined;
    expect(await writer!.drain(Date.now() + 240_000)).toBe(true);
    expect([...storedIds('spans')].sort((left, right) => left - right)).toEqual(
      Array.from({ length: 100 }, (_, id) => id)
    );
    expect(store.rows('dead_letters')).toEqual([]);
    expect(writer!.stats().troubles.size).toBe(0);
  });

  it('gives up the rows of one workspace, however many, while those of others pass, and delays nobody else', async () => {
    const ledger = createSampleLedger();
    const ids = (first: number, count: number): number[] => Array.from({ length: count }, (_, at) => first + at);
    for (let record = 0; record < 10; record++) {
      ledger.put([sampleRows('spans', ids(record * 100, 10), [1], 'evil')]);
      ledger.put([sampleRows('spans', ids(record * 100 + 50, 10))]);
    }
    store.script = ({ table, body }) =>
      table === 'spans' && body.includes('\x04evil', 0, 'latin1') ? error(407, 'DECIMAL_OVERFLOW') : undefined;
    expect(await startWriter(ledger).drain(Date.now() + 60_000)).toBe(true);
    expect(new Set(storedIds('spans'))).toEqual(
      new Set(Array.from({ length: 10 }, (_, record) => ids(record * 100 + 50, 10)).flat())
    );
    expect(ledger.deadLettered()).toEqual({ spans: 100, fragments: 0 });
    expect(
      new Set(
        store.rows('dead_letters').map((body) => (JSON.parse(body.toString()) as { workspace: string }).workspace)
      )
    ).toEqual(new Set(['evil']));
  });

  it('lets later batches pass while the refused rows of one are held', async () => {
    const ledger = createSampleLedger();
    const bad = Array.from({ length: 60 }, (_, id) => id);
    ledger.put([sampleRows('spans', bad)]);
    store.script = ({ table, body }) =>
      table === 'spans' && sampleIds(body).some((id) => id < 60) ? error(407, 'DECIMAL_OVERFLOW') : undefined;
    startWriter(ledger, { limits: { readyMs: 10 }, streams: 1 });
    await untilTrue(() => writer!.stats().troubles.has('spans'));
    for (let id = 100; id < 105; id++) ledger.put([sampleRows('spans', [id])]);
    await untilTrue(() => storedIds('spans').length === 5);
    expect(ledger.course).not.toContain('delivered 1-1');
    store.script = () => undefined;
    expect(await writer!.drain(Date.now() + 240_000)).toBe(true);
    expect(storedIds('spans')).toHaveLength(65);
  });

  it('sends what takes too much memory in halves, after some attempts, and never gives a row up for it', async () => {
    const ledger = createSampleLedger();
    for (let record = 0; record < 8; record++) ledger.put([sampleRows('spans', [record * 2, record * 2 + 1])]);
    store.script = ({ body }) => (sampleIds(body).length > 4 ? error(241, 'MEMORY_LIMIT_EXCEEDED') : undefined);
    expect(await startWriter(ledger).drain(Date.now() + 240_000)).toBe(true);
    expect([...storedIds('spans')].sort((left, right) => left - right)).toEqual(
      Array.from({ length: 16 }, (_, id) => id)
    );
    expect(ledger.course.filter((step) => step.startsWith('split'))).toEqual([
      'split e0:1-8:spans',
      'split e0:1-4:spans',
      'split e0:5-8:spans',
    ]);
    expect(ledger.deadLettered()).toEqual({ spans: 0, fragments: 0 });

    store.script = failFirst(Array(6).fill(error(241, 'MEMORY_LIMIT_EXCEEDED')) as StandInFault[]);
    ledger.put([sampleRows('spans', [99])]);
    expect(await writer!.drain(Date.now() + 240_000)).toBe(true);
    expect(storedIds('spans')).toContain(99);
  });

  it('asks for the settings again after a failure, for the store may be another one now', async () => {
    const ledger = createSampleLedger();
    const settings = createInsertSettings(client);
    store.script = failFirst([error(115, 'UNKNOWN_SETTING')]);
    ledger.put([sampleRows('spans', [1])]);
    let asked = 0;
    startWriter(ledger, {
      insert: createInsertRows({
        client,
        database: 'genai',
        settings: () => {
          asked += 1;
          return settings.read();
        },
        onFailure: () => {
          asked = 0;
          settings.forget();
        },
      }),
    });
    expect(await writer!.drain(Date.now() + 240_000)).toBe(true);
    expect([asked, storedIds('spans')]).toEqual([1, [1]]);
    expect(store.settingsAsked()).toBe(2);
  });
});
