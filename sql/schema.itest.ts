import { createEncoders } from '../collector/src/rows/encoders.ts';
import { checkedSpan, contentFragment, SPAN_TIME_NS } from '../collector/src/rows/testing/checked-span.ts';
import { toSpanRow } from '../collector/src/rows/to-span-row.ts';
import type { ContentFragment } from '../collector/src/span.ts';
import { insertTableRows } from '../collector/test/support/insert-table-rows.ts';
import { selectRows } from '../collector/test/support/select-rows.ts';
import { startMigratedStore } from '../collector/test/support/start-migrated-store.ts';
import type { Store } from '../collector/test/support/start-store.ts';

const NOW_MS = 1_772_445_601_234;

describe('the schema', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
  });
  afterAll(() => store.stop());
  const select = <Row = Record<string, unknown>>(sql: string) => selectRows<Row>(store, sql);
  const encoders = createEncoders();

  it('says of every table, view and column what it is', async () => {
    const silent = await select<{ name: string }>(`
      SELECT name FROM system.tables WHERE database = 'genai' AND comment = ''
      UNION ALL
      SELECT concat(table, '.', name) FROM system.columns AS c WHERE database = 'genai' AND comment = ''
        AND table NOT IN (SELECT name FROM system.tables WHERE database = 'genai' AND engine = 'MaterializedView')
      ORDER BY name`);
    expect(silent).toEqual([]);
  });

  it('has the tables and views that people rely on', async () => {
    const tables = await select<{ name: string }>(
      "SELECT name FROM system.tables WHERE database = 'genai' AND engine != 'MaterializedView' ORDER BY name"
    );
    expect(tables.map(({ name }) => name)).toEqual([
      'audit_differences',
      'audits',
      'budgets',
      'content_fragments',
      'cost',
      'dead_letters',
      'findings',
      'guard_policies',
      'guard_policy_changes',
      'ingest_ledger',
      'invoice_lines',
      'latency_15m',
      'latency_1d',
      'leases',
      'operations',
      'other_spans',
      'performance',
      'price_amendments',
      'prices',
      'quality',
      'reported_cost',
      'reprice_runs',
      'rollup_15m',
      'rollup_1d',
      'rollup_1m',
      'safety',
      'schema_migrations',
      'scores',
      'span_amendments',
      'span_content',
      'spans',
      'trace_index',
      'traces',
      'usage',
      'users',
      'users_15m',
      'users_1d',
    ]);
  });

  it('remembers insert tokens and fsyncs in every table', async () => {
    const careless = await select(`
      SELECT name FROM system.tables WHERE database = 'genai' AND engine LIKE '%MergeTree'
        AND NOT (engine_full LIKE '%non_replicated_deduplication_window = 10000%' AND engine_full LIKE '%fsync_after_insert = 1%'
          AND engine_full LIKE '%fsync_part_directory = 1%')`);
    expect(careless).toEqual([]);
  });

  it('knows no Nullable and no money in floating point', async () => {
    const wrong = await select(`
      SELECT table, name, type FROM system.columns WHERE database = 'genai'
        AND (type LIKE '%Nullable%' OR (name LIKE '%usd%' AND type LIKE '%Float%'))`);
    expect(wrong).toEqual([]);
  });

  describe('span_content', () => {
    const fragments = (workspace: string, ...pieces: Partial<ContentFragment>[]) =>
      encoders.fragments.encode(
        pieces.map((piece) => ({
          workspace,
          fragment: contentFragment(piece),
          retentionDays: 30,
          ingestedAtMs: NOW_MS,
        }))
      )!;
    const messages = (workspace: string) =>
      select(
        `SELECT * EXCEPT (timestamp, trace_id) FROM genai.span_content WHERE workspace = '${workspace}' ORDER BY span_id`
      );

    it('joins the pieces of a kind in order of position, each once, whatever order and requests they came in', async () => {
      const last = { position: 2, body: '[{"role":"assistant"},{"role":"tool"}]' };
      await insertTableRows(store, 'genai', [fragments('order', last)]);
      await insertTableRows(store, 'genai', [
        fragments('order', { position: 1, body: '[]' }, { position: 0, body: '[{"role":"user"}]' }, last),
      ]);
      expect(await messages('order')).toEqual([
        {
          workspace: 'order',
          span_id: contentFragment().spanId,
          input_messages: '[{"role":"user"},{"role":"assistant"},{"role":"tool"}]',
          output_messages: '[]',
          system_instructions: '[]',
          tool_definitions: '[]',
        },
      ]);
    });

    it('takes for each kind the first source that has it: attribute, span event, log event', async () => {
      const piece = (kind: ContentFragment['kind'], source: ContentFragment['source']) => ({
        kind,
        source,
        body: `["${kind} ${source}"]`,
      });
      await insertTableRows(store, 'genai', [
        fragments(
          'source',
          piece('input_messages', 'log_event'),
          piece('input_messages', 'attribute'),
          piece('input_messages', 'span_event'),
          piece('output_messages', 'log_event'),
          piece('output_messages', 'span_event'),
          piece('system_instructions', 'log_event')
        ),
      ]);
      expect(await messages('source')).toEqual([
        {
          workspace: 'source',
          span_id: contentFragment().spanId,
          input_messages: '["input_messages attribute"]',
          output_messages: '["output_messages span_event"]',
          system_instructions: '["system_instructions log_event"]',
          tool_definitions: '[]',
        },
      ]);
    });

    it('leaves out fragments whose span is not known yet', async () => {
      await insertTableRows(store, 'genai', [fragments('unknown', { spanId: '', responseId: 'resp-1' })]);
      expect(await messages('unknown')).toEqual([]);
    });

    it('reads one span through the index, not the table', async () => {
      const many = Array.from({ length: 40_000 }, (_, i) => ({
        timestampNs: SPAN_TIME_NS + BigInt(i) * 100_000_000n,
        traceId: i.toString(16).padStart(32, '0'),
        spanId: i.toString(16).padStart(16, '0'),
      }));
      await insertTableRows(store, 'genai', [fragments('index', ...many)]);
      const wanted = many[20_000]!;
      const plan = await select<{ explain: string }>(
        `EXPLAIN indexes = 1 SELECT input_messages FROM genai.span_content WHERE workspace = 'index' AND trace_id = '${wanted.traceId}'`
      );
      const granules = plan
        .flatMap(({ explain }) => /^\s*Granules: (\d+)\/(\d+)/.exec(explain)?.slice(1) ?? [])
        .map(Number);
      expect([granules.at(-2), granules.length > 2]).toEqual([1, true]);
    });

    it('is found by the words in it, whatever their case', async () => {
      await insertTableRows(store, 'genai', [fragments('words', { body: '["Bitte die Überweisung STORNIEREN"]' })]);
      const found = await select(
        "SELECT workspace, span_id FROM genai.content_fragments WHERE hasAllTokens(body, 'stornieren bitte')"
      );
      expect(found).toEqual([{ workspace: 'words', span_id: contentFragment().spanId }]);
    });
  });

  it('gives percentiles within one percent, per row and over any grouping', async () => {
    const rows = Array.from({ length: 1000 }, (_, i) =>
      toSpanRow(
        checkedSpan({
          span: {
            workspace: 'latency',
            spanId: String(i),
            timestampNs: SPAN_TIME_NS,
            durationNs: (i + 1) * 1_000_000,
            timeToFirstTokenNs: i % 2 === 0 ? 0 : 50_000_000,
            environment: i < 500 ? 'production' : 'staging',
          },
        }),
        NOW_MS
      )
    );
    await insertTableRows(store, 'genai', [encoders.spans.encode(rows)!]);
    const perRow = await select<Record<string, number>>(
      "SELECT duration_p50_ms, duration_p95_ms, duration_p99_ms, time_to_first_token_p95_ms FROM genai.performance WHERE workspace = 'latency' ORDER BY environment"
    );
    const exact = [250, 475, 495, 50, 750, 975, 995, 50];
    const errors = perRow.flatMap((row) => Object.values(row)).map((value, i) => Math.abs(value / exact[i]! - 1));
    expect(errors.length).toBe(8);
    expect(Math.max(...errors)).toBeLessThan(0.0101);
    const [merged] = await select<{ p95: number }>(`
      WITH sumMap(duration_buckets) AS buckets, arrayCumSum(mapValues(buckets)) AS running
      SELECT (exp(mapKeys(buckets)[arrayFirstIndex(n -> n >= 0.95 * running[-1], running)] / 50) - 1) / 1000 AS p95
      FROM genai.performance WHERE workspace = 'latency'`);
    expect(Math.abs(merged!.p95 / 950 - 1)).toBeLessThan(0.0101);
  });

  it('lets a filter on time and workspace reach the rollup under the view', async () => {
    const row = toSpanRow(checkedSpan({ span: { workspace: 'plan' } }), NOW_MS);
    await insertTableRows(store, 'genai', [encoders.spans.encode([row])!]);
    const plan = await select<{ explain: string }>(
      "EXPLAIN indexes = 1 SELECT sum(cost_usd) FROM genai.usage WHERE workspace = 'plan' AND time >= '2026-03-02 00:00:00'"
    );
    const text = plan.map(({ explain }) => explain.trim());
    const condition = text.find((line) => line.includes("(workspace in ['plan', 'plan'])"));
    expect(condition).toContain('(time in [1772409600, +Inf))');
  });
});
