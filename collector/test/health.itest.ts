import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { selectRows } from './support/select-rows.ts';
import { startMigratedStore } from './support/start-migrated-store.ts';
import type { Store } from './support/start-store.ts';

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly rawSql: string }[];
}
interface Rule {
  readonly uid: string;
  readonly panelId: number;
  readonly data: readonly {
    readonly relativeTimeRange: { readonly from: number };
    readonly model: { readonly rawSql?: string };
  }[];
}

const dashboard = JSON.parse(readFileSync('provisioning/dashboards/health.json', 'utf8')) as {
  readonly panels: readonly (Panel & { readonly id: number })[];
};
const rulesOf = (file: string): readonly Rule[] =>
  (
    parse(readFileSync(`provisioning/alerting/${file}.yaml`, 'utf8')) as {
      readonly groups: readonly { readonly rules: readonly Rule[] }[];
    }
  ).groups.flatMap(({ rules }) => rules);

const DAY_S = 86_400;
/** 2026-03-02 12:00:00 UTC. */
const NOW_S = 1_772_452_800;
const at = (secondsAgo: number): string =>
  new Date((NOW_S - secondsAgo) * 1000).toISOString().slice(0, 19).replace('T', ' ');

/** As the data source replaces them: until NOW, or so many seconds before. */
const fill = (sql: string, fromSecondsAgo: number, toSecondsAgo = 0): string =>
  sql
    .replaceAll('$__fromTime', `toDateTime(${NOW_S - fromSecondsAgo})`)
    .replaceAll('$__toTime', `toDateTime(${NOW_S - toSecondsAgo})`)
    .replaceAll('$__interval_s', '60');

describe('the health dashboard and its alert rules', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
    const insert = (table: string, values: readonly object[]) =>
      store.client.insert({ table: `genai.${table}`, format: 'JSONEachRow', values });
    const books = { epoch: 'e1', quota_bytes: 1000, closed: 0, ignored: 0, rejected: 0, dead_lettered: 0 };
    await insert('ingest_ledger', [
      {
        ...books,
        collector: 'a',
        recorded_at: at(180),
        received: 100,
        stored: 90,
        duplicate: 5,
        backlog: 5,
        oldest_seconds: 2,
      },
      {
        ...books,
        collector: 'a',
        recorded_at: at(120),
        received: 160,
        stored: 140,
        duplicate: 10,
        backlog: 10,
        oldest_seconds: 30,
      },
      // One span is missing in these books.
      {
        ...books,
        collector: 'a',
        recorded_at: at(60),
        received: 200,
        stored: 160,
        duplicate: 10,
        backlog: 29,
        oldest_seconds: 90,
        ledger_bytes: 250,
        outage_hours: 12.5,
      },
      {
        ...books,
        collector: 'b',
        recorded_at: at(900),
        received: 7,
        stored: 4,
        backlog: 3,
        oldest_seconds: 4,
        outage_hours: 6,
      },
      { ...books, collector: 'gone', recorded_at: at(600), received: 1, stored: 1, closed: 1 },
      { ...books, collector: 'idle', recorded_at: at(10 * DAY_S), received: 1, stored: 1 },
      { ...books, collector: 'full', recorded_at: at(20 * DAY_S), received: 9, backlog: 9, ledger_bytes: 1000 },
    ]);
    const calls = { workspace: 'acme', time: at(1800), service_name: 'shop', billable: 1 };
    await insert('rollup_15m', [
      { ...calls, provider: 'openai', model: 'gpt-4o', calls: 8, no_usage_calls: 1 },
      { ...calls, provider: 'vllm', model: 'own', calls: 3, unpriced_calls: 2 },
      { ...calls, calls: 1, unpriced_calls: 1 },
      { ...calls, time: at(4500), provider: 'vllm', model: 'old', calls: 5, unpriced_calls: 5, no_usage_calls: 5 },
    ]);
    const letter = { workspace: 'acme', failed_at: at(50), error_code: 53, error_message: 'type', updated_at: at(50) };
    await insert('dead_letters', [
      { ...letter, id: '1', table_name: 'spans', state: 'waiting' },
      { ...letter, id: '2', table_name: 'spans', state: 'waiting' },
      { ...letter, id: '3', table_name: 'findings', state: 'waiting' },
      { ...letter, id: '3', table_name: 'findings', state: 'replayed', updated_at: at(10) },
    ]);
    await insert('audits', [{ workspace: 'acme', hour: at(7200), audited_at: at(100) }]);
    const difference = {
      workspace: 'acme',
      time: at(7200),
      groups: 1,
      calls: -1,
      cost_usd: '-0.5',
      collector: 'a',
      term: 1,
    };
    await insert('audit_differences', [
      { ...difference, table_name: 'rollup_1m', state: 'repaired', found_at: at(100) },
      { ...difference, table_name: 'users_15m', state: 'held', reason: 'why', found_at: at(100) },
      { ...difference, table_name: 'rollup_1m', state: 'held', reason: 'old', found_at: at(30 * 3600) },
    ]);
  });
  afterAll(() => store.stop());

  it('shows in each panel what was seeded', async () => {
    const shown: Record<string, unknown> = {};
    for (const { title, targets } of dashboard.panels)
      shown[title] = await selectRows(store, fill(targets[0]!.rawSql, 6 * 3600));
    const zero = { ignored: '0', rejected: '0', dead_lettered: '0' };
    expect(shown).toEqual({
      Backlog: [{ backlog: '32' }],
      'Oldest waiting': [{ oldest: 904 }],
      'Outage covered': [{ hours: 6 }],
      'Dead letters': [{ waiting: '2' }],
      'Held by audit': [{ held: '1' }],
      'Audited until': [{ audited: String((NOW_S - 7200) * 1000 + 3_600_000) }],
      Spans: [
        { time: at(900), received: '0', stored: '0', duplicate: '0', ...zero },
        { time: at(600), received: '0', stored: '0', duplicate: '0', ...zero },
        { time: at(180), received: '0', stored: '0', duplicate: '0', ...zero },
        { time: at(120), received: '60', stored: '50', duplicate: '5', ...zero },
        { time: at(60), received: '40', stored: '20', duplicate: '0', ...zero },
      ],
      'Age of the backlog': [
        { time: at(900), collector: 'b', oldest: 4 },
        { time: at(600), collector: 'gone', oldest: 0 },
        { time: at(180), collector: 'a', oldest: 2 },
        { time: at(120), collector: 'a', oldest: 30 },
        { time: at(60), collector: 'a', oldest: 90 },
      ],
      Ledgers: [
        {
          collector: 'a',
          ledger: 'e1',
          seen: `${at(60)}.000`,
          backlog: '29',
          oldest_seconds: 90,
          full_percent: 25,
          outage_hours: 12.5,
          difference: '1',
        },
        {
          collector: 'b',
          ledger: 'e1',
          seen: `${at(900)}.000`,
          backlog: '3',
          oldest_seconds: 904,
          full_percent: 0,
          outage_hours: 6,
          difference: '0',
        },
      ],
      'Dead letters by error': [
        {
          workspace: 'acme',
          table_name: 'spans',
          error_code: 53,
          waiting: '2',
          first_failed: `${at(50)}.000`,
          message: 'type',
        },
      ],
      Audit: [
        {
          found_at: `${at(100)}.000`,
          workspace: 'acme',
          time: at(7200),
          table_name: 'rollup_1m',
          groups: '1',
          calls: '-1',
          cost_usd: '-0.5',
          state: 'repaired',
          reason: '',
        },
        {
          found_at: `${at(100)}.000`,
          workspace: 'acme',
          time: at(7200),
          table_name: 'users_15m',
          groups: '1',
          calls: '-1',
          cost_usd: '-0.5',
          state: 'held',
          reason: 'why',
        },
      ],
    });
  });

  it.each([
    ['nothing comes in', 10, { hours: null }],
    ['the ledger is full', 20, { hours: 0 }],
  ])('the outage that is covered, when %s', async (_, days, shown) => {
    const { rawSql } = dashboard.panels.find(({ title }) => title === 'Outage covered')!.targets[0]!;
    const until = days * DAY_S - 60;
    expect(await selectRows(store, fill(rawSql, until + DAY_S, until))).toEqual([shown]);
  });

  it('fires on what it should', async () => {
    const health = rulesOf('spanledger-health');
    const answers: Record<string, unknown> = {};
    for (const { uid, data } of [...health, ...rulesOf('spanledger-prices')])
      answers[uid] = await selectRows(store, fill(data[0]!.model.rawSql!, data[0]!.relativeTimeRange.from));
    const calls = { workspace_name: 'acme', model_name: '(none)' };
    expect(answers).toEqual({
      'spanledger-backlog-age': [
        { collector: 'a', seconds: 150 },
        { collector: 'b', seconds: 904 },
      ],
      'spanledger-dead-letters': [
        { table_name: 'findings', waiting: '0' },
        { table_name: 'spans', waiting: '2' },
      ],
      'spanledger-audit-difference': [
        { state: 'held', differences: '1' },
        { state: 'repaired', differences: '1' },
      ],
      'spanledger-unpriced-calls': [
        { ...calls, provider_name: '(none)', calls_unpriced: '1' },
        { ...calls, provider_name: 'vllm', model_name: 'own', calls_unpriced: '2' },
      ],
      'spanledger-calls-without-usage': [
        { ...calls, service: 'shop', percent_without_usage: 0 },
        { ...calls, service: 'shop', model_name: 'gpt-4o', percent_without_usage: 12.5 },
        { ...calls, service: 'shop', model_name: 'own', percent_without_usage: 0 },
      ],
    });
    const panels = new Map(dashboard.panels.map(({ id, title }) => [id, title]));
    expect(health.map(({ panelId }) => panels.get(panelId))).toEqual([
      'Oldest waiting',
      'Dead letters',
      'Held by audit',
    ]);
  });
});
