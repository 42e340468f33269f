import { compareRollups } from '../../test/support/rollup-agreement.ts';
import { insertTableRows } from '../../test/support/insert-table-rows.ts';
import { selectRows } from '../../test/support/select-rows.ts';
import { startMigratedStore } from '../../test/support/start-migrated-store.ts';
import type { Store } from '../../test/support/start-store.ts';
import { createEncodeAmendments } from '../rows/encode-amendments.ts';
import { createEncoders } from '../rows/encoders.ts';
import { checkedSpan } from '../rows/testing/checked-span.ts';
import { toSpanRow } from '../rows/to-span-row.ts';
import type { SpanRow } from '../span-row.ts';
import { openAudit } from '../store/open-audit.ts';
import { createInsertSettings } from '../write/insert-settings.ts';

const HOUR_MS = 3_600_000;
/** The audit looks from the true time, as the store drops minutes by it. */
const NOW_MS = Date.now();
const CLOSED_MS = Math.floor(NOW_MS / HOUR_MS) * HOUR_MS;

describe('the audit', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
  });
  afterAll(() => store.stop());
  const encoders = createEncoders();
  const span = (number: number, hoursAgo: number, changes: Partial<SpanRow> = {}): SpanRow => ({
    ...toSpanRow(checkedSpan(), CLOSED_MS - hoursAgo * HOUR_MS),
    spanId: number.toString(16).padStart(16, '0'),
    timestampNs: BigInt(CLOSED_MS - hoursAgo * HOUR_MS + 60_000 + number) * 1_000_000n,
    userId: 'u-1',
    ...changes,
  });
  const write = (rows: readonly SpanRow[]) => insertTableRows(store, 'genai', [encoders.spans.encode(rows)!]);
  const amend = (before: SpanRow, after: Partial<SpanRow>) => {
    const amendment = { before, after: { ...before, ...after, revision: before.revision + 1 }, reason: 'reprice' };
    return insertTableRows(store, 'genai', createEncodeAmendments({ now: () => NOW_MS })([amendment]));
  };
  const text = (ms: number) => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
  let booked = 0;
  /** A later row of the same collector counts. */
  const books = (collector: string, deliveredUntilMs: number, closed = 0) =>
    store.client.insert({
      table: 'genai.ingest_ledger',
      format: 'JSONEachRow',
      values: [
        {
          collector,
          epoch: collector,
          recorded_at: text(NOW_MS + booked++),
          delivered_until: text(deliveredUntilMs),
          closed,
        },
      ],
    });
  const auditAs = (collector: string, patienceMs = 0) =>
    openAudit({
      client: store.client,
      database: 'genai',
      settings: createInsertSettings(store.client).read,
      collector,
      now: () => NOW_MS,
      patienceMs,
    });
  const audit = (request: { dryRun: boolean; hours?: number }) => auditAs('one')(request);
  const disagreements = async () => (await compareRollups(store.client)).disagreements;
  const told = (
    findings: readonly { table: string; state: string; calls: number; costUsd: string; reason: string }[]
  ) =>
    findings.map(({ table, state, calls, costUsd, reason }) => [table, state, calls, costUsd, reason].join(' ').trim());

  it('repairs a span that was counted twice, in every table of sums, to the last digit', async () => {
    const once = span(1, 3);
    await write([once, span(2, 3), span(3, 6)]);
    await write([once]);
    // Counted with another department than it has: the repeat came after a change of configuration.
    await write([{ ...once, department: 'elsewhere', ingestedAtMs: once.ingestedAtMs - 1 }]);
    await books('one', NOW_MS + 1);
    expect((await disagreements()).length).toBeGreaterThan(0);

    const shown = await audit({ dryRun: true, hours: 12 });
    expect(new Set(shown.findings.map(({ state }) => state))).toEqual(new Set(['shown']));
    expect((await disagreements()).length).toBeGreaterThan(0);

    const { outcome, findings } = await audit({ dryRun: false, hours: 12 });
    expect([outcome, await disagreements()]).toEqual(['done', []]);
    expect(told(findings)).toMatchInlineSnapshot(`
     [
       "rollup_1m repaired -2 -0.009600000000",
       "latency_15m repaired 0 0.000000000000",
       "users_15m repaired -2 -0.009600000000",
       "trace_index repaired -2 -0.009600000000",
     ]
    `);
    expect(await audit({ dryRun: false, hours: 12 })).toMatchObject({ outcome: 'done', findings: [] });
  });

  it('repairs a repeat of an amended span, of which the spans show nothing any more', async () => {
    const first = span(11, 5);
    await write([first]);
    await amend(first, {
      department: 'amended',
      costPico: first.costPico + 5n,
      inputCostPico: first.inputCostPico + 5n,
    });
    await write([first]);
    await store.client.command({ query: 'OPTIMIZE TABLE genai.spans FINAL' });
    await books('one', NOW_MS + 1);
    expect((await disagreements()).length).toBeGreaterThan(0);
    await audit({ dryRun: false, hours: 12 });
    expect(await disagreements()).toEqual([]);
  });

  it('writes down what it compared and what it found', async () => {
    const once = span(21, 7);
    await write([once, span(22, 7), span(23, 8)]);
    await write([once]);
    await books('one', NOW_MS + 1);
    await audit({ dryRun: false, hours: 12 });
    expect(
      await selectRows(
        store,
        `SELECT workspace, dateDiff('hour', hour, fromUnixTimestamp64Milli(toInt64(${CLOSED_MS}))) AS ago, spans_count, rollup_count,
           toString(spans_cost_usd - rollup_cost_usd) AS missing, repaired FROM genai.audits FINAL
         WHERE ago IN (7, 8) ORDER BY hour DESC`
      )
    ).toMatchInlineSnapshot(`
     [
       {
         "ago": "7",
         "missing": "-0.0048",
         "repaired": 1,
         "rollup_count": "3",
         "spans_count": "2",
         "workspace": "acme",
       },
       {
         "ago": "8",
         "missing": "0",
         "repaired": 0,
         "rollup_count": "1",
         "spans_count": "1",
         "workspace": "acme",
       },
     ]
    `);
    expect(
      await selectRows(
        store,
        `SELECT table_name, groups, calls, cost_usd, state, collector FROM genai.audit_differences
         WHERE term = (SELECT max(term) FROM genai.leases) ORDER BY table_name`
      )
    ).toMatchInlineSnapshot(`
     [
       {
         "calls": "0",
         "collector": "one",
         "cost_usd": "0",
         "groups": "1",
         "state": "repaired",
         "table_name": "latency_15m",
       },
       {
         "calls": "-1",
         "collector": "one",
         "cost_usd": "-0.0048",
         "groups": "1",
         "state": "repaired",
         "table_name": "rollup_1m",
       },
       {
         "calls": "-1",
         "collector": "one",
         "cost_usd": "-0.0048",
         "groups": "1",
         "state": "repaired",
         "table_name": "trace_index",
       },
       {
         "calls": "-1",
         "collector": "one",
         "cost_usd": "-0.0048",
         "groups": "1",
         "state": "repaired",
         "table_name": "users_15m",
       },
     ]
    `);
  });

  it('does not touch an hour that a ledger has not passed, nor one that only seems to differ', async () => {
    const once = span(31, 3);
    await write([once]);
    await write([once]);
    await books('one', NOW_MS + 1);
    await books('slow', CLOSED_MS - 3 * HOUR_MS + 1);
    const open = await audit({ dryRun: false, hours: 12 });
    expect([open.slowest, open.findings]).toEqual(['slow', []]);
    // The hour is closed now, but the slow ledger does not come past the first look.
    await books('slow', CLOSED_MS);
    const { findings } = await audit({ dryRun: false, hours: 12 });
    expect(new Set(findings.map(({ state, reason }) => `${state}: ${reason}`))).toEqual(
      new Set(['held: the collector slow has not told how far it is'])
    );
    // It was stopped with nothing left to write, so it keeps nothing open.
    await books('slow', CLOSED_MS, 1);
    await audit({ dryRun: false, hours: 12 });
    expect(await disagreements()).toEqual([]);
  });

  it('lets only one of two collectors repair', async () => {
    const once = span(41, 3);
    await write([once]);
    await write([once]);
    await books('one', NOW_MS + 1);
    const both = await Promise.all([auditAs('one'), auditAs('two')].map((each) => each({ dryRun: false, hours: 12 })));
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['busy', 'done']);
    expect(await disagreements()).toEqual([]);
  });

  it('goes on where the last audit ended, and has nothing to do until another hour is closed', async () => {
    await write([span(51, 3), span(52, 24 * 8)]);
    await write([span(52, 24 * 8)]);
    await books('one', NOW_MS + 1);
    expect((await audit({ dryRun: false })).outcome).toBe('done');
    expect((await auditAs('two')({ dryRun: false })).outcome).toBe('early');
    expect(await disagreements()).toEqual([]);
  });

  it('leaves sums alone whose spans were deleted', async () => {
    await books('one', NOW_MS + 1);
    await store.client.command({ query: 'TRUNCATE TABLE genai.spans' });
    const { findings } = await audit({ dryRun: false, hours: 12 });
    expect(new Set(findings.map(({ state, reason }) => `${state}: ${reason}`))).toEqual(
      new Set(['held: there are sums, but no span is left: deleted or dropped by hand?'])
    );
    expect(await selectRows(store, 'SELECT sum(calls) > 0 AS kept FROM genai.rollup_15m')).toEqual([{ kept: 1 }]);
  });
});
