import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadPriceData } from '../src/price/load-price-data.ts';
import { createPriceBook } from '../src/price/price-book.ts';
import { createPrice } from '../src/price/price-span.ts';
import { makeSpan, makeUsage, nanoseconds } from '../src/price/testing/make-span.ts';
import { createEncodeAmendments } from '../src/rows/encode-amendments.ts';
import { createEncoders } from '../src/rows/encoders.ts';
import { toSpanRow } from '../src/rows/to-span-row.ts';
import type { SpanRow } from '../src/span-row.ts';
import type { GenAiSpan } from '../src/span.ts';
import { insertTableRows } from './support/insert-table-rows.ts';
import { selectRows } from './support/select-rows.ts';
import { startMigratedStore } from './support/start-migrated-store.ts';
import type { Store } from './support/start-store.ts';

interface Rule {
  readonly uid: string;
  readonly data: readonly {
    readonly refId: string;
    readonly relativeTimeRange: { readonly from: number; readonly to: number };
    readonly model: {
      readonly rawSql?: string;
      readonly conditions?: readonly {
        readonly evaluator: { readonly type: string; readonly params: readonly number[] };
      }[];
    };
  }[];
}

const alerts = parse(readFileSync('provisioning/alerting/spanledger-prices.yaml', 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};

const NOW = Date.parse('2026-03-02T12:00:00Z');
const minutesAgo = (minutes: number): bigint => nanoseconds(new Date(NOW - minutes * 60_000).toISOString());

const silent = makeUsage({ state: 'missing' });
const unknown = { provider: 'acme', requestModel: 'acme-large', responseModel: '' };
const calls = (count: number, fields: Partial<GenAiSpan>): Partial<GenAiSpan>[] =>
  Array<Partial<GenAiSpan>>(count).fill(fields);

const SPANS: readonly Partial<GenAiSpan>[] = [
  ...calls(2, unknown),
  ...calls(1, { ...unknown, workspace: 'other' }),
  ...calls(1, { ...unknown, provider: 'Acme "it\'s"' }),
  // Two hours ago, priced, failed, and a wrapper: none of them counts.
  ...calls(5, { ...unknown, timestampNs: minutesAgo(120) }),
  ...calls(5, { ...unknown, usage: silent, status: 'error' }),
  ...calls(5, { ...unknown, billable: false, operation: 'invoke_agent' }),
  // One in twenty calls of the shop tells no tokens, one in four of the bot.
  ...calls(19, { serviceName: 'shop' }),
  ...calls(1, { serviceName: 'shop', usage: silent }),
  ...calls(3, { serviceName: 'bot' }),
  ...calls(1, { serviceName: 'bot', usage: silent }),
  ...calls(9, { serviceName: 'old', usage: silent, timestampNs: minutesAgo(120) }),
  // Unpriced when it came, priced since.
  ...calls(1, { provider: 'acme', requestModel: 'acme-small', responseModel: '', spanName: 'amended' }),
];

describe('the alert rules of prices', () => {
  const rules = new Map(alerts.groups.flatMap((group) => group.rules).map((rule) => [rule.uid, rule]));
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
    const price = createPrice(createPriceBook(await loadPriceData()));
    const rows = SPANS.map((fields, index): SpanRow => {
      const span = makeSpan({
        timestampNs: minutesAgo(30),
        spanId: index.toString(16).padStart(16, '0'),
        ...fields,
      });
      return toSpanRow({ span, cost: price(span), guardAction: 'none', guardRules: [], findings: [] }, NOW);
    });
    await insertTableRows(store, 'genai', [createEncoders().spans.encode(rows)!]);
    const before = rows.find(({ spanName }) => spanName === 'amended')!;
    const after: SpanRow = {
      ...before,
      revision: 1,
      costState: 'computed',
      costPico: 5n,
      inputCostPico: 5n,
      priceId: 'own',
    };
    await insertTableRows(
      store,
      'genai',
      createEncodeAmendments({ now: () => NOW })([{ before, after, reason: 'test' }])
    );
  });
  afterAll(() => store.stop());

  /** As the data source fills the macros in, and what the threshold makes of the rows. */
  async function ask(uid: string, now: number): Promise<{ readonly rows: unknown[]; readonly fires: unknown[] }> {
    const { data } = rules.get(uid)!;
    const [query, threshold] = ['A', 'C'].map((refId) => data.find((each) => each.refId === refId)!);
    const { from, to } = query!.relativeTimeRange;
    const sql = query!.model
      .rawSql!.replaceAll('$__fromTime', `toDateTime(${now / 1000 - from})`)
      .replaceAll('$__toTime', `toDateTime(${now / 1000 - to})`);
    const rows = await selectRows(store, sql);
    const [{ evaluator }] = threshold!.model.conditions as [{ evaluator: { type: string; params: [number] } }];
    expect(evaluator.type).toBe('gt');
    // The last column is the number; the others name the alert.
    const fires = rows.filter((row) => Number(Object.values(row).at(-1)) > evaluator.params[0]);
    return { rows, fires };
  }

  it('are those that are tested here', () => {
    expect([...rules.keys()]).toEqual(['spanledger-unpriced-calls', 'spanledger-calls-without-usage']);
  });

  it('name each model without a price, by workspace and provider, with the calls of the last hour', async () => {
    const { rows, fires } = await ask('spanledger-unpriced-calls', NOW);
    expect(rows).toEqual([
      { workspace_name: 'default', provider_name: 'Acme "it\'s"', model_name: 'acme-large', calls_unpriced: '1' },
      { workspace_name: 'default', provider_name: 'acme', model_name: 'acme-large', calls_unpriced: '2' },
      { workspace_name: 'other', provider_name: 'acme', model_name: 'acme-large', calls_unpriced: '1' },
    ]);
    expect(fires).toEqual(rows);
  });

  it('fire for more than one in twenty calls without token counts', async () => {
    const { rows, fires } = await ask('spanledger-calls-without-usage', NOW);
    const bot = {
      workspace_name: 'default',
      service: 'bot',
      model_name: 'gpt-4o-mini-2024-07-18',
      percent_without_usage: 25,
    };
    expect(rows).toEqual([
      bot,
      { workspace_name: 'default', service: 'shop', model_name: 'acme-large', percent_without_usage: 0 },
      { workspace_name: 'default', service: 'shop', model_name: 'acme-small', percent_without_usage: 0 },
      { workspace_name: 'default', service: 'shop', model_name: 'gpt-4o-mini-2024-07-18', percent_without_usage: 5 },
      { workspace_name: 'other', service: 'shop', model_name: 'acme-large', percent_without_usage: 0 },
    ]);
    expect(fires).toEqual([bot]);
  });

  it('are silent in an hour without calls', async () => {
    for (const uid of rules.keys()) expect(await ask(uid, NOW + 6 * 3_600_000)).toEqual({ rows: [], fires: [] });
  });
});
