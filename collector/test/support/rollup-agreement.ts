import type { ClickHouseClient } from '@clickhouse/client';
import { selectRows } from './select-rows.ts';

interface Comparison {
  /** A table of sums, or a view over one. */
  readonly relation: string;
  /** Rows of `genai.spans` that it counts. */
  readonly where: string;
  /** Names of its dimensions with what they are on a span. */
  readonly dimensions: readonly (readonly [string, string])[];
  /** Names of its measures with the same over spans. */
  readonly measures: readonly (readonly [string, string])[];
}

const plain = (...names: readonly string[]) => names.map((name) => [name, name] as const);
const sums = (...names: readonly string[]) => names.map((name) => [name, `toInt64(sum(${name}))`] as const);
const money = (...names: readonly string[]) => names.map((name) => [name, `toDecimal128(sum(${name}), 12)`] as const);
const counted = (name: string, condition: string) => [name, `toInt64(countIf(${condition}))`] as const;

const MODEL = ['model', "if(response_model != '', response_model, request_model)"] as const;
const CALLS = ['calls', 'toInt64(count())'] as const;
const ERRORS = counted('errors', "status = 'error'");
const UNPRICED = counted('unpriced_calls', "cost_state = 'unpriced'");
const minute = ['time', 'toStartOfMinute(timestamp)'] as const;
const quarter = ['time', 'toStartOfFifteenMinutes(timestamp)'] as const;
const day = ['time', 'toStartOfDay(timestamp)'] as const;

const WHO = plain('workspace', 'environment', 'department');
const BOOK = [
  ...WHO,
  ...plain('service_name', 'agent_name', 'agent_version', 'provider', 'operation', 'service_tier', 'price_id'),
  MODEL,
];
const USAGE = [
  CALLS,
  ERRORS,
  UNPRICED,
  counted('no_usage_calls', "cost_state = 'no_usage'"),
  ...sums('input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens'),
  ...money('cost_usd', 'cache_savings_usd'),
];
const COST = [
  ...USAGE,
  ...sums('cache_write_1h_tokens', 'audio_input_tokens', 'audio_output_tokens'),
  ...money('input_cost_usd', 'output_cost_usd', 'cache_read_cost_usd', 'cache_write_cost_usd'),
  ...money('request_cost_usd', 'reported_cost_usd'),
  ['unpriced_tokens', "toInt64(sumIf(input_tokens + output_tokens, cost_state = 'unpriced'))"] as const,
];
const OPERATIONS = [
  CALLS,
  ERRORS,
  counted('flagged', "guard_action != 'none'"),
  counted('estimated_calls', "usage_state = 'estimated'"),
  ...sums('retries', 'input_tokens', 'output_tokens', 'duration_ns'),
  ...money('cost_usd'),
];
const ROLLUP = [...COST, ...OPERATIONS.filter(([name]) => !COST.some(([other]) => other === name))];
const USERS = USAGE.filter(([name]) => name !== 'no_usage_calls');
const buckets = (name: string, column: string, known: string) =>
  [
    name,
    `mapFilter((k, n) -> n != 0, sumMapIf(map(toUInt16(round(50 * log(1 + ${column} / 1000))), toInt64(1)), ${known}))`,
  ] as const;
const LATENCY = [
  buckets('duration_buckets', 'duration_ns', '1'),
  buckets('time_to_first_token_buckets', 'time_to_first_token_ns', 'time_to_first_token_ns > 0'),
];
const LATENCY_WHO = [...WHO, ...plain('provider', 'agent_name', 'agent_version', 'operation'), MODEL];
const TRACE = [
  ['spans', 'toInt64(count())'] as const,
  counted('calls', 'billable = 1'),
  ERRORS,
  ['input_tokens', 'toInt64(sumIf(input_tokens, billable = 1))'] as const,
  ['output_tokens', 'toInt64(sumIf(output_tokens, billable = 1))'] as const,
  ...money('cost_usd'),
];

const BILLED = 'billable = 1';
const OF_USERS = "billable = 1 AND user_id != ''";
const EVERY = '1';
const ALL_BOOK = [...BOOK, ...plain('tool_name', 'billable')];

/** Every table of sums and every view over one, but `safety` and `quality`, which read their rows themselves. */
const COMPARISONS: readonly Comparison[] = [
  { relation: 'usage', where: BILLED, dimensions: [quarter, ...BOOK], measures: USAGE },
  { relation: 'cost', where: BILLED, dimensions: [quarter, ...BOOK], measures: COST },
  { relation: 'operations', where: EVERY, dimensions: [quarter, ...ALL_BOOK], measures: OPERATIONS },
  {
    relation: 'performance',
    where: BILLED,
    dimensions: [quarter, ...LATENCY_WHO],
    measures: [CALLS, ...LATENCY],
  },
  {
    relation: 'users',
    where: OF_USERS,
    dimensions: [quarter, ...WHO, ...plain('user_id', 'provider', 'agent_name'), MODEL],
    measures: USERS,
  },
  {
    relation: 'traces',
    where: EVERY,
    dimensions: plain('workspace', 'trace_id'),
    measures: [...TRACE, ['timestamp', 'min(timestamp)'], ['end_time', 'max(addNanoseconds(timestamp, duration_ns))']],
  },
  { relation: 'rollup_1m', where: EVERY, dimensions: [minute, ...ALL_BOOK], measures: ROLLUP },
  { relation: 'rollup_15m', where: EVERY, dimensions: [quarter, ...ALL_BOOK], measures: ROLLUP },
  { relation: 'rollup_1d', where: EVERY, dimensions: [day, ...ALL_BOOK], measures: ROLLUP },
  {
    relation: 'latency_15m',
    where: EVERY,
    dimensions: [quarter, ...LATENCY_WHO, ...plain('billable')],
    measures: LATENCY,
  },
  { relation: 'latency_1d', where: EVERY, dimensions: [day, ...LATENCY_WHO, ...plain('billable')], measures: LATENCY },
  {
    relation: 'users_15m',
    where: OF_USERS,
    dimensions: [quarter, ...WHO, ...plain('user_id', 'provider', 'agent_name'), MODEL],
    measures: USERS,
  },
  { relation: 'users_1d', where: OF_USERS, dimensions: [day, ...WHO, ...plain('user_id')], measures: USERS },
  {
    relation: 'trace_index',
    where: EVERY,
    dimensions: [['date', 'toDate(timestamp)'], ...plain('workspace', 'trace_id')],
    measures: TRACE,
  },
];

/** rollup_1m keeps 48 hours; a merge may have dropped what is older. One moment for both sides, or a minute could leave between them. */
const minutesKept = () => `by_time > toDateTime(${Math.floor(Date.now() / 1000) - 40 * 3600})`;

function sumOf(name: string): string {
  if (name.endsWith('_buckets')) return `mapFilter((k, n) -> n != 0, sumMap(${name}))`;
  if (name === 'timestamp') return 'min(timestamp)';
  if (name === 'end_time') return 'max(end_time)';
  return name.endsWith('_usd') ? `toDecimal128(sum(${name}), 12)` : `toInt64(sum(${name}))`;
}

export interface Disagreement {
  readonly relation: string;
  readonly stored: Readonly<Record<string, unknown>> | undefined;
  readonly ofSpans: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Where a table of sums says something else than `genai.spans FINAL`: every group of every relation, to the last digit.
 * A group that amendments have emptied (all measures 0) is the same as no group. Also says how many groups were compared.
 */
export async function compareRollups(
  client: ClickHouseClient
): Promise<{ readonly groups: ReadonlyMap<string, number>; readonly disagreements: readonly Disagreement[] }> {
  const groups = new Map<string, number>();
  const disagreements: Disagreement[] = [];
  for (const { relation, where, dimensions, measures } of COMPARISONS) {
    const names = dimensions.map(([name]) => name);
    const read = async (sql: string): Promise<Map<string, Record<string, unknown>>> => {
      const rows = await selectRows({ client } as never, sql);
      const isEmpty = (row: Record<string, unknown>) =>
        measures.every(([name]) => Number(row[`sum_${name}`]) === 0 || JSON.stringify(row[`sum_${name}`]) === '{}');
      return new Map(
        rows.filter((row) => !isEmpty(row)).map((row) => [JSON.stringify(names.map((name) => row[`by_${name}`])), row])
      );
    };
    const select = (of: 'relation' | 'spans') =>
      [
        ...dimensions.map(([name, onSpan]) => `${of === 'spans' ? onSpan : name} AS by_${name}`),
        ...measures.map(([name, overSpans]) => `${of === 'spans' ? overSpans : sumOf(name)} AS sum_${name}`),
      ].join(', ');
    const groupBy = names.map((name) => `by_${name}`).join(', ');
    const kept = relation === 'rollup_1m' ? minutesKept() : EVERY;
    const stored = await read(`SELECT ${select('relation')} FROM genai.${relation} WHERE ${kept} GROUP BY ${groupBy}`);
    const ofSpans = await read(
      `SELECT ${select('spans')} FROM genai.spans FINAL WHERE ${where} AND ${kept} GROUP BY ${groupBy}`
    );
    groups.set(relation, ofSpans.size);
    for (const key of new Set([...stored.keys(), ...ofSpans.keys()])) {
      const pair = { relation, stored: stored.get(key), ofSpans: ofSpans.get(key) };
      if (JSON.stringify(pair.stored) !== JSON.stringify(pair.ofSpans)) disagreements.push(pair);
    }
  }
  return { groups, disagreements };
}
