import fc from 'fast-check';
import { createEncodePriceAmendments } from '../collector/src/rows/encode-price-amendments.ts';
import { createEncoders } from '../collector/src/rows/encoders.ts';
import { parseSpanRow, SPAN_ROW_SELECT } from '../collector/src/rows/parse-span-row.ts';
import { RowBinaryReader } from '../collector/src/rows/row-binary-reader.ts';
import { checkedSpan } from '../collector/src/rows/testing/checked-span.ts';
import { toSpanRow } from '../collector/src/rows/to-span-row.ts';
import type { SpanRow } from '../collector/src/span-row.ts';
import { createReadStore } from '../collector/src/store/read-store.ts';
import type { ReadCall, StoredCost } from '../collector/src/stored-call.ts';
import { insertTableRows } from '../collector/test/support/insert-table-rows.ts';
import { compareRollups } from '../collector/test/support/rollup-agreement.ts';
import { selectRows } from '../collector/test/support/select-rows.ts';
import { startMigratedStore } from '../collector/test/support/start-migrated-store.ts';
import type { Store } from '../collector/test/support/start-store.ts';

const SEED = 20_260_302;
const SPANS = 150;
const DAY_MS = 86_400_000;
const NOW_MS = Date.now();

const pico = fc.bigInt({ min: -1_000_000n, max: 99_999_000_000_000_000n });
const cost: fc.Arbitrary<StoredCost> = fc.record({
  costPico: pico,
  inputCostPico: pico,
  outputCostPico: pico,
  cacheReadCostPico: pico,
  cacheWriteCostPico: pico,
  requestCostPico: pico,
  cacheSavingsPico: pico,
  costState: fc.constantFrom('computed', 'unpriced', 'no_usage', 'free'),
  priceId: fc.constantFrom('', 'openai/gpt-5@2026', "override/it's@1"),
});
/** Spans over six days, so that some are in reach of the minutes and some are not; few dimensions, so that many share a bucket. */
const span: fc.Arbitrary<SpanRow> = fc
  .record({
    agoMs: fc.nat({ max: 6 * DAY_MS }),
    trace: fc.nat({ max: 60 }),
    cost,
    rest: fc.record({
      durationNs: fc.nat({ max: 60_000_000_000 }),
      environment: fc.constantFrom('production', 'staging'),
      agentName: fc.constantFrom('', 'triage'),
      responseModel: fc.constantFrom('', 'gpt-5-2026'),
      userId: fc.constantFrom('', 'u-1', 'u-2'),
      status: fc.constantFrom('ok' as const, 'error' as const),
      guardAction: fc.constantFrom('none' as const, 'flag' as const),
      usageState: fc.constantFrom('reported' as const, 'estimated' as const),
      billable: fc.boolean(),
      retries: fc.nat({ max: 3 }),
      inputTokens: fc.nat({ max: 10_000 }),
      retentionDays: fc.constantFrom(30, 400),
      attributes: fc.constantFrom(new Map(), new Map([['cloud.region', 'eu']]), new Map([['other', 'x']])),
    }),
  })
  .map(({ agoMs, trace, cost: of, rest }) => ({
    ...toSpanRow(checkedSpan(), NOW_MS),
    ...rest,
    ...of,
    timestampNs: BigInt(NOW_MS - agoMs) * 1_000_000n + 123n,
    traceId: trace.toString(16).padStart(32, '0'),
  }));

const made = (workspace: string, seed: number): readonly SpanRow[] =>
  fc.sample(span, { numRuns: SPANS, seed }).map((row, n) => ({
    ...row,
    workspace,
    spanId: n.toString(16).padStart(16, '0'),
  }));

describe('amendments of prices in the store', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
  });
  afterAll(() => store.stop());

  let now = NOW_MS;
  const encode = createEncodePriceAmendments({ now: () => (now += 1) });
  const encodeSpans = createEncoders().spans.encode;
  const byId = (rows: readonly SpanRow[]) => [...rows].sort((a, b) => (a.spanId < b.spanId ? -1 : 1));
  const inStore = async (workspace: string): Promise<SpanRow[]> => {
    const rows = await selectRows(
      store,
      `SELECT ${SPAN_ROW_SELECT} FROM genai.spans FINAL WHERE workspace = '${workspace}' ORDER BY span_id`
    );
    return rows.map(parseSpanRow);
  };
  const expectBooks = async (workspace: string, rows: readonly SpanRow[]) => {
    expect(await inStore(workspace)).toEqual(byId(rows));
    const { disagreements, groups } = await compareRollups(store.client);
    expect(disagreements).toEqual([]);
    expect([...groups].filter(([, count]) => count === 0)).toEqual([]);
  };
  const callsOf = async (workspace: string, attributes: readonly string[] = []) => {
    const { readCalls } = createReadStore(store.client);
    const calls = [...(await readCalls('workspace = {workspace:String}', { workspace }, attributes))];
    return new Map(calls.map((call) => [spanIdOf(call), call]));
  };
  /** Every third span of the store gets another cost; what the store shall hold then, and the rows that say so. */
  const repriced = async (rows: readonly SpanRow[], seed: number) => {
    const costs = fc.sample(cost, { numRuns: rows.length, seed });
    const changed = (n: number) => n % 3 === seed % 3;
    const calls = await callsOf(rows[0]!.workspace);
    const amendments = rows.flatMap(({ spanId }, n) =>
      changed(n) ? [{ call: calls.get(spanId)!, after: costs[n]!, reason: `reprice: ${seed}` }] : []
    );
    return {
      tables: encode(amendments),
      after: rows.map((row, n) => (changed(n) ? { ...row, ...costs[n]!, revision: row.revision + 1 } : row)),
    };
  };

  it('make the next revision of exactly their spans, whole but for the cost, and move every sum by the difference', async () => {
    const rows = made('books', SEED);
    await insertTableRows(store, 'genai', [encodeSpans(rows)!], 'books');
    await expectBooks('books', rows);
    const first = await repriced(rows, 1);
    await insertTableRows(store, 'genai', first.tables, 'first');
    await expectBooks('books', first.after);
    const second = await repriced(first.after, 2);
    await insertTableRows(store, 'genai', second.tables, 'second');
    const third = await repriced(second.after, 4);
    await insertTableRows(store, 'genai', third.tables, 'third');
    await expectBooks('books', third.after);

    // Once more, in any order, before and after older revisions have merged away.
    await insertTableRows(store, 'genai', first.tables, 'first');
    await insertTableRows(store, 'genai', third.tables, 'third');
    await store.client.command({ query: 'OPTIMIZE TABLE genai.spans FINAL' });
    await insertTableRows(store, 'genai', second.tables, 'second');
    await insertTableRows(store, 'genai', first.tables, 'first');
    await expectBooks('books', third.after);
    // A span that is delivered again as it was received does not take the price back.
    await insertTableRows(store, 'genai', [encodeSpans(rows)!], 'books');
    await expectBooks('books', third.after);
  });

  it('are whole again when one that failed anywhere is repeated with its token', async () => {
    let rows = made('half-way', SEED + 1);
    await insertTableRows(store, 'genai', [encodeSpans(rows)!], 'half-way');
    const fails = async (break_: string, mend: string) => {
      const { tables, after } = await repriced(rows, rows[0]!.revision + 6);
      await store.client.command({ query: break_ });
      await expect(insertTableRows(store, 'genai', tables, break_)).rejects.toThrow();
      await store.client.command({ query: mend });
      await insertTableRows(store, 'genai', tables, break_);
      await insertTableRows(store, 'genai', tables, break_);
      rows = after;
    };
    const views = ['rollup_1m', 'rollup_15m', 'users_15m', 'trace_index'].map((table) => `mv_${table}_prices`);
    for (const view of [...views, 'mv_rollup_15m', 'mv_rollup_1d', 'mv_users_1d']) {
      const [{ as_select: select }] = (await selectRows<{ as_select: string }>(
        store,
        `SELECT as_select FROM system.tables WHERE database = 'genai' AND name = '${view}'`
      )) as [{ as_select: string }];
      const fault = 'WHERE (throwIf(now() > 0) = 0)';
      const failing = select.includes(' WHERE ')
        ? select.replace(' WHERE ', ` ${fault} AND `)
        : select.replace(' GROUP BY', ` ${fault} GROUP BY`);
      await fails(
        `ALTER TABLE genai.${view} MODIFY QUERY ${failing}`,
        `ALTER TABLE genai.${view} MODIFY QUERY ${select}`
      );
    }
    // The sums have it, the spans do not: what a kill between the two leaves.
    await fails(
      'ALTER TABLE genai.spans ADD CONSTRAINT broken CHECK revision = 0',
      'ALTER TABLE genai.spans DROP CONSTRAINT broken'
    );
    await expectBooks('half-way', rows);
  });

  it('reads of calls what prices depend on, in the last revision', async () => {
    const rows = made('read', SEED + 2);
    await insertTableRows(store, 'genai', [encodeSpans(rows)!], 'read');
    const { tables, after } = await repriced(rows, 3);
    await insertTableRows(store, 'genai', tables, 'read-1');
    const calls = await callsOf('read', ['cloud.region']);
    expect(calls.size).toBe(SPANS);
    for (const row of after) {
      const { attributes, bytes, identityAt, identityEnd, dimensionsAt, costAt, costEnd, ...call } = calls.get(
        row.spanId
      )!;
      expect(row).toMatchObject(call);
      expect([...attributes]).toEqual([...row.attributes].filter(([name]) => name === 'cloud.region'));
      const parts = [identityAt, identityEnd, dimensionsAt, costAt, costEnd, bytes.length];
      expect(parts).toEqual([...parts].sort((a, b) => a - b));
    }
  });
});

function spanIdOf({ bytes, identityAt, identityEnd }: ReadCall): string {
  const identity = new RowBinaryReader(bytes.subarray(identityAt, identityEnd));
  identity.int64();
  identity.string();
  return identity.string();
}
