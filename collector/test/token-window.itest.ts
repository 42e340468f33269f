import { createEncoders } from '../src/rows/encoders.ts';
import { checkedSpan } from '../src/rows/testing/checked-span.ts';
import { toSpanRow } from '../src/rows/to-span-row.ts';
import { openAudit } from '../src/store/open-audit.ts';
import { createInsertSettings } from '../src/write/insert-settings.ts';
import { insertTableRows } from './support/insert-table-rows.ts';
import { compareRollups } from './support/rollup-agreement.ts';
import { selectRows } from './support/select-rows.ts';
import { startMigratedStore } from './support/start-migrated-store.ts';
import type { Store } from './support/start-store.ts';

const HOUR_MS = 3_600_000;
/** Of 10,000 that the schema asks for, so that the test need not insert as often. */
const WINDOW = 3;

let store: Store;
beforeAll(async () => {
  store = await startMigratedStore();
});
afterAll(() => store.stop());

it('S11: an insert that is repeated after its token was forgotten is read once, and the audit takes it out of the sums', async () => {
  const tables = await selectRows<{ name: string }>(
    store,
    `SELECT name FROM system.tables WHERE database = 'genai' AND engine_full LIKE '%deduplication_window%'`
  );
  expect(tables.length).toBeGreaterThan(5);
  for (const { name } of tables)
    await store.client.command({
      query: `ALTER TABLE genai.${name} MODIFY SETTING non_replicated_deduplication_window = ${WINDOW}`,
    });
  const closedMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const encoders = createEncoders();
  const insert = (number: number) => {
    const row = {
      ...toSpanRow(checkedSpan(), closedMs - 2 * HOUR_MS),
      spanId: number.toString(16).padStart(16, '0'),
      timestampNs: BigInt(closedMs - 2 * HOUR_MS + number) * 1_000_000n,
    };
    return insertTableRows(store, 'genai', [encoders.spans.encode([row])!], `e:${number}-${number}`);
  };
  const counted = () =>
    selectRows(
      store,
      `SELECT (SELECT count() FROM genai.spans) AS rows, (SELECT count() FROM genai.spans FINAL) AS spans,
         (SELECT sum(calls) FROM genai.usage) AS calls`
    );
  // Merges would hide the second copy.
  await store.client.command({ query: 'SYSTEM STOP MERGES genai.spans' });
  await insert(1);
  await insert(1);
  expect(await counted()).toEqual([{ rows: '1', spans: '1', calls: '1' }]);
  for (let number = 2; number <= WINDOW + 3; number++) await insert(number);
  const spans = String(WINDOW + 3);
  await insert(1);
  expect(await counted()).toEqual([{ rows: String(WINDOW + 4), spans, calls: String(WINDOW + 4) }]);

  const time = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  await store.client.insert({
    table: 'genai.ingest_ledger',
    format: 'JSONEachRow',
    values: [
      { collector: 'a', epoch: 'a', recorded_at: time(closedMs), delivered_until: time(closedMs + HOUR_MS), closed: 1 },
    ],
  });
  const audit = openAudit({
    client: store.client,
    database: 'genai',
    settings: createInsertSettings(store.client).read,
    collector: 'a',
    now: Date.now,
  });
  const { outcome, findings } = await audit({ dryRun: false, hours: 12 });
  expect(outcome).toBe('done');
  expect(new Set(findings.map(({ state }) => state))).toEqual(new Set(['repaired']));
  expect(await counted()).toEqual([{ rows: String(WINDOW + 4), spans, calls: spans }]);
  expect((await compareRollups(store.client)).disagreements).toEqual([]);
});
