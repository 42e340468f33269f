import fc from 'fast-check';
import { createEncodeAmendments } from '../collector/src/rows/encode-amendments.ts';
import { createEncoders } from '../collector/src/rows/encoders.ts';
import { checkedSpan, SPAN_TIME_NS } from '../collector/src/rows/testing/checked-span.ts';
import { toSpanRow } from '../collector/src/rows/to-span-row.ts';
import type { SpanRow } from '../collector/src/span-row.ts';
import { insertTableRows } from '../collector/test/support/insert-table-rows.ts';
import { selectRows } from '../collector/test/support/select-rows.ts';
import { startMigratedStore } from '../collector/test/support/start-migrated-store.ts';
import type { Store } from '../collector/test/support/start-store.ts';

const HOUR_NS = 3_600_000_000_000;

/** Spans over three days with few distinct dimensions, so that many share a bucket. */
const spanRow: fc.Arbitrary<SpanRow> = fc
  .record({
    later: fc.nat({ max: 72 * HOUR_NS }),
    durationNs: fc.nat({ max: 60_000_000_000 }),
    timeToFirstTokenNs: fc.constantFrom(0, 1_000, 250_000_000),
    trace: fc.nat({ max: 30 }),
    isRoot: fc.boolean(),
    environment: fc.constantFrom('production', 'staging'),
    agentName: fc.constantFrom('', 'triage'),
    requestModel: fc.constantFrom('gpt-4o', 'gpt-5'),
    responseModel: fc.constantFrom('', 'gpt-4o-2024-11-20'),
    userId: fc.constantFrom('', 'u-1', 'u-2'),
    status: fc.constantFrom('ok' as const, 'error' as const),
    guardAction: fc.constantFrom('none' as const, 'flag' as const),
    billable: fc.boolean(),
    inputTokens: fc.nat({ max: 10_000 }),
    costPico: fc.bigInt({ min: 0n, max: 999_999_000_000_000_000n }),
    costState: fc.constantFrom('computed' as const, 'unpriced' as const, 'no_usage' as const),
  })
  .map(({ later, trace, isRoot, ...rest }) => ({
    ...toSpanRow(checkedSpan(), 1_772_445_601_234),
    ...rest,
    timestampNs: SPAN_TIME_NS + BigInt(later),
    traceId: trace.toString(16).padStart(32, '0'),
    parentSpanId: isRoot ? '' : '00f067aa0ba902b7',
  }));

const numbered = (rows: readonly SpanRow[], workspace: string) =>
  rows.map((row, i) => ({ ...row, workspace, spanId: i.toString(16).padStart(16, '0') }));

const MODEL = "if(response_model != '', response_model, request_model)";
const SUMS = `toInt64(count()), countIf(status = 'error'), sum(input_tokens), sum(cost_usd), countIf(cost_state = 'unpriced'),
  sumIf(input_tokens + output_tokens, cost_state = 'unpriced'), countIf(cost_state = 'no_usage'), countIf(guard_action != 'none'), sum(duration_ns)`;
const ROLLUP_SUMS = `sum(calls), sum(errors), sum(input_tokens), sum(cost_usd), sum(unpriced_calls), sum(unpriced_tokens),
  sum(no_usage_calls), sum(flagged), sum(duration_ns)`;
const BUCKET = 'toUInt16(round(50 * log(1 + duration_ns / 1000)))';

/** The same numbers, once counted from the spans and once read from what the views keep. */
const PAIRS: readonly (readonly [name: string, fromSpans: string, kept: string])[] = [
  ...(
    [
      ['rollup_1m', 'toStartOfMinute'],
      ['rollup_15m', 'toStartOfFifteenMinutes'],
      ['rollup_1d', 'toStartOfDay'],
    ] as const
  ).map(
    ([table, start]) =>
      [
        table,
        `SELECT ${start}(timestamp) AS time, environment, agent_name, ${MODEL} AS model, billable, ${SUMS} FROM spans FINAL GROUP BY ALL`,
        `SELECT time, environment, agent_name, model, billable, ${ROLLUP_SUMS} FROM ${table} GROUP BY ALL HAVING sum(calls) != 0`,
      ] as const
  ),
  [
    'cost',
    `SELECT environment, ${MODEL} AS model, toInt64(count()), sum(cost_usd), sum(reported_cost_usd) FROM spans FINAL WHERE billable = 1 GROUP BY ALL`,
    'SELECT environment, model, sum(calls), sum(cost_usd), sum(reported_cost_usd) FROM cost GROUP BY ALL HAVING sum(calls) != 0',
  ],
  ...(
    [
      ['latency_15m', 'toStartOfFifteenMinutes'],
      ['latency_1d', 'toStartOfDay'],
    ] as const
  ).map(
    ([table, start]) =>
      [
        table,
        `SELECT ${start}(timestamp) AS time, ${MODEL} AS model, billable, ${BUCKET} AS bucket, toInt64(count()) FROM spans FINAL GROUP BY ALL`,
        `SELECT time, model, billable, bucket, sum(n) FROM ${table} ARRAY JOIN mapKeys(duration_buckets) AS bucket, mapValues(duration_buckets) AS n GROUP BY ALL HAVING sum(n) != 0`,
      ] as const
  ),
  [
    'users',
    `SELECT user_id, environment, toInt64(count()), sum(cost_usd) FROM spans FINAL WHERE billable = 1 AND user_id != '' GROUP BY ALL`,
    'SELECT user_id, environment, sum(calls), sum(cost_usd) FROM users GROUP BY ALL HAVING sum(calls) != 0',
  ],
  [
    'users_1d',
    `SELECT toStartOfDay(timestamp) AS time, user_id, toInt64(count()), sum(cost_usd) FROM spans FINAL WHERE billable = 1 AND user_id != '' GROUP BY ALL`,
    'SELECT time, user_id, sum(calls), sum(cost_usd) FROM users_1d GROUP BY ALL HAVING sum(calls) != 0',
  ],
  [
    'traces',
    `SELECT workspace, trace_id, min(timestamp), max(addNanoseconds(timestamp, duration_ns)), toInt64(count()), toInt64(sum(billable)), countIf(status = 'error'), sumIf(input_tokens, billable = 1), sum(cost_usd) FROM spans FINAL GROUP BY ALL`,
    'SELECT workspace, trace_id, timestamp, end_time, spans, calls, errors, input_tokens, cost_usd FROM traces',
  ],
];

describe('what the views keep', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
  });
  afterAll(() => store.stop());

  const rowsOf = async (sql: string): Promise<string[]> => {
    const qualified = sql.replaceAll(/\bFROM (\w+)/g, 'FROM genai.$1');
    const answer = await store.client.query({ query: `${qualified} FORMAT TSV` });
    return (await answer.text()).split('\n').sort();
  };
  const expectBalanced = async () => {
    for (const [name, fromSpans, kept] of PAIRS) {
      const counted = await rowsOf(fromSpans);
      expect(counted.length).toBeGreaterThan(1);
      expect([name, await rowsOf(kept)]).toEqual([name, counted]);
    }
  };
  const encodeSpans = createEncoders().spans.encode;
  const encodeAmendments = createEncodeAmendments({ now: () => 1_772_445_700_000 });

  it('equals the spans after inserts, repeats and amendments', async () => {
    const [rows, changes] = fc.sample(
      fc.tuple(
        fc.array(spanRow, { minLength: 400, maxLength: 400 }),
        fc.array(spanRow, { minLength: 400, maxLength: 400 })
      ),
      { numRuns: 1, seed: 42 }
    )[0]!;
    const spans = numbered(rows, 'acme');
    for (let at = 0; at < spans.length; at += 100) {
      await insertTableRows(store, 'genai', [encodeSpans(spans.slice(at, at + 100))!], `batch-${at}`);
    }
    await insertTableRows(store, 'genai', [encodeSpans(spans.slice(0, 100))!], 'batch-0');
    await expectBalanced();

    const amend = (before: SpanRow, i: number) => {
      // The trace index keeps the latest end it has seen, so a duration must stay; nothing that amends changes one.
      const { workspace, timestampNs, traceId, spanId, durationNs } = before;
      const identity = { workspace, timestampNs, traceId, spanId, durationNs };
      return { before, after: { ...changes[i]!, ...identity, revision: before.revision + 1 }, reason: 'settle' };
    };
    const first = spans.slice(0, 250).map(amend);
    await insertTableRows(store, 'genai', encodeAmendments(first), 'amend-1');
    await insertTableRows(store, 'genai', encodeAmendments(first), 'amend-1');
    await expectBalanced();
    const second = first.slice(50, 150).map(({ after }, i) => amend(after, 300 - i));
    await insertTableRows(store, 'genai', encodeAmendments(second), 'amend-2');
    await expectBalanced();
  });

  it('is whole again when an insert that failed half-way is repeated with its token', async () => {
    const rows = numbered(fc.sample(spanRow, { numRuns: 50, seed: 7 }), 'half-way');
    const views = ['mv_rollup_1d', 'mv_rollup_15m', 'mv_latency_1d', 'mv_users_15m', 'mv_trace_index'];
    for (const [i, view] of views.entries()) {
      const [{ as_select: select }] = (await selectRows<{ as_select: string }>(
        store,
        `SELECT as_select FROM system.tables WHERE database = 'genai' AND name = '${view}'`
      )) as [{ as_select: string }];
      const failing = select.replace(/ (WHERE (.+?) )?GROUP BY/, ' WHERE throwIf(now() > 0) = 0 GROUP BY');
      const batch = [encodeSpans(rows.slice(i * 10, i * 10 + 10))!];
      await store.client.command({ query: `ALTER TABLE genai.${view} MODIFY QUERY ${failing}` });
      await expect(insertTableRows(store, 'genai', batch, `half-${i}`)).rejects.toThrow();
      await store.client.command({ query: `ALTER TABLE genai.${view} MODIFY QUERY ${select}` });
      await insertTableRows(store, 'genai', batch, `half-${i}`);
      await insertTableRows(store, 'genai', batch, `half-${i}`);
    }
    await expectBalanced();
  });
});
