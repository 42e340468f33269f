import type { ClickHouseClient } from '@clickhouse/client';
import { connect } from './connect.ts';
import { createInsertDeadLetter } from './insert-dead-letter.ts';
import { createInsertRows } from './insert-rows.ts';
import { createInsertSettings } from './insert-settings.ts';
import { createSampleLedger, sampleRows } from './testing/sample-ledger.ts';
import type { StandInClickHouse } from './testing/stand-in-clickhouse.ts';
import { startStandInClickHouse } from './testing/stand-in-clickhouse.ts';
import { createWriter } from './create-writer.ts';

let store: StandInClickHouse;
let client: ClickHouseClient;

beforeEach(async () => {
  store = await startStandInClickHouse();
  client = connect(store.url, { requestTimeoutMs: 5000 });
});

afterEach(async () => {
  await client.close();
  await store.close();
});

describe('amendments of prices', () => {
  // Refused for the rows, and for memory: of an insert both would be halved, whose halves have tokens of their own.
  it.each([
    [407, 'DECIMAL_OVERFLOW'],
    [241, 'MEMORY_LIMIT_EXCEEDED'],
    [60, 'UNKNOWN_TABLE'],
  ])(
    'are delivered when the spans have them, and go again whole, with the same token, after error %i',
    async (code, name) => {
      const settings = createInsertSettings(client).read;
      const ledger = createSampleLedger();
      let refusals = 0;
      store.script = ({ table }) => {
        if (table !== 'spans' || refusals === 5) return undefined;
        refusals += 1;
        return { kind: 'error', code, name, text: 'refused' };
      };
      const writer = createWriter({
        ledger,
        insert: createInsertRows({ client, database: 'genai', settings }),
        deadLetter: createInsertDeadLetter({ client, database: 'genai', settings }),
        now: Date.now,
        backOff: () => new Promise((resolve) => setTimeout(resolve, 1)),
      });
      ledger.put([sampleRows('price_amendments', [1, 2, 3])]);
      ledger.put([sampleRows('price_amendments', [4, 5, 6], [1], 'beta')]);
      writer.start();
      expect(await writer.drain(Date.now() + 240_000)).toBe(true);
      await writer.stop();
      expect(store.inserts.map(({ table, token }) => `${table} ${token}`)).toEqual(
        Array(6).fill(['price_amendments e0:1-2:price_amendments', 'spans ']).flat()
      );
      expect(store.inserts.at(-1)!.settings).toMatchObject({
        param_workspaces: "['acme','beta']",
        insert_deduplicate: '0',
        async_insert: '0',
      });
      expect(ledger.course).toEqual(['plan 1-2', 'delivered 1-2']);
      expect(ledger.deadLettered()).toEqual({ spans: 0, fragments: 0 });
    }
  );
});
