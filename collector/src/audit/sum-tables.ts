/** A column with the expression over a row of `genai.spans` (alias `s`), or over many, that gives the same. */
type Column = readonly [name: string, ofSpans: string];

/** A table of sums and what it must equal. */
export interface SumTable {
  readonly table: string;
  /** What is closed, and repaired, as one. */
  readonly unit: 'hour' | 'day';
  readonly time: Column;
  /** Rows of spans that count in it. */
  readonly where: string;
  readonly dimensions: readonly Column[];
  /** Int64 or Decimal sums; the first counts operations. */
  readonly sums: readonly Column[];
  /** Maps from a bucket to a count, added bucket by bucket. */
  readonly maps: readonly Column[];
  /** Not sums: a repair gives their value in the spans, or the one they have, so that it changes nothing. */
  readonly extremes: readonly (readonly [name: string, keeps: 'min' | 'max', ofSpans: string])[];
}

const same = (...names: readonly string[]): readonly Column[] => names.map((name) => [name, `s.${name}`]);
const total = (...names: readonly string[]): readonly Column[] =>
  names.map((name) => [name, `toInt64(sum(s.${name}))`]);
const money = (...names: readonly string[]): readonly Column[] =>
  names.map((name) => [name, `toDecimal128(sum(s.${name}), 12)`]);
const count = (name: string, condition: string): Column => [name, `toInt64(countIf(${condition}))`];
const buckets = (column: string, condition: string): string =>
  `sumMapIf(map(toUInt16(round(50 * log(1 + s.${column} / 1000))), toInt64(1)), ${condition})`;

const MODEL: Column = ['model', "if(s.response_model != '', s.response_model, s.request_model)"];
const MINUTE: Column = ['time', 'toStartOfMinute(s.timestamp)'];
const QUARTER: Column = ['time', 'toStartOfFifteenMinutes(s.timestamp)'];
const DAY: Column = ['time', 'toStartOfDay(s.timestamp)'];
const CALLS: Column = ['calls', 'toInt64(count())'];
const ERRORS = count('errors', "s.status = 'error'");
const UNPRICED = count('unpriced_calls', "s.cost_state = 'unpriced'");
const EVERY = '1';

const ROLLUP = {
  where: EVERY,
  dimensions: [
    ...same('workspace', 'environment', 'department', 'service_name', 'agent_name', 'agent_version', 'provider'),
    MODEL,
    ...same('operation', 'tool_name', 'service_tier', 'price_id', 'billable'),
  ],
  sums: [
    CALLS,
    ERRORS,
    ...total('retries'),
    count('flagged', "s.guard_action != 'none'"),
    ...total('input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'cache_write_1h_tokens'),
    ...total('reasoning_tokens', 'audio_input_tokens', 'audio_output_tokens'),
    ...money('cost_usd', 'input_cost_usd', 'output_cost_usd', 'cache_read_cost_usd', 'cache_write_cost_usd'),
    ...money('request_cost_usd', 'cache_savings_usd', 'reported_cost_usd'),
    UNPRICED,
    ['unpriced_tokens', "toInt64(sumIf(s.input_tokens + s.output_tokens, s.cost_state = 'unpriced'))"] as const,
    count('no_usage_calls', "s.cost_state = 'no_usage'"),
    count('estimated_calls', "s.usage_state = 'estimated'"),
    ...total('duration_ns'),
  ],
  maps: [],
  extremes: [],
} as const;

const LATENCY = {
  where: EVERY,
  dimensions: [
    ...same('workspace', 'environment', 'department', 'provider'),
    MODEL,
    ...same('agent_name', 'agent_version', 'operation', 'billable'),
  ],
  sums: [],
  maps: [
    ['duration_buckets', buckets('duration_ns', EVERY)],
    ['time_to_first_token_buckets', buckets('time_to_first_token_ns', 's.time_to_first_token_ns > 0')],
  ],
  extremes: [],
} as const;

const USERS = {
  where: "s.billable = 1 AND s.user_id != ''",
  sums: [
    CALLS,
    ERRORS,
    ...total('input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens'),
    ...money('cost_usd', 'cache_savings_usd'),
    UNPRICED,
  ],
  maps: [],
  extremes: [],
} as const;
const USER = same('workspace', 'user_id', 'environment', 'department');

/** Filled by views from `spans`, `span_amendments` and `price_amendments`. */
export const ROLLUP_1M: SumTable = { table: 'rollup_1m', unit: 'hour', time: MINUTE, ...ROLLUP };

/** Filled from spans (by way of `rollup_1m`, for the first). */
export const HOUR_TABLES: readonly SumTable[] = [
  { table: 'rollup_15m', unit: 'hour', time: QUARTER, ...ROLLUP },
  { table: 'latency_15m', unit: 'hour', time: QUARTER, ...LATENCY },
  {
    table: 'users_15m',
    unit: 'hour',
    time: QUARTER,
    dimensions: [...USER, ...same('provider'), MODEL, ...same('agent_name')],
    ...USERS,
  },
];

/** A row per trace and UTC day. */
export const TRACE_TABLE: SumTable = {
  table: 'trace_index',
  unit: 'day',
  time: ['date', 'toDate(s.timestamp)'],
  where: EVERY,
  dimensions: same('workspace', 'trace_id'),
  sums: [
    ['spans', 'toInt64(count())'],
    count('calls', 's.billable = 1'),
    ERRORS,
    ['input_tokens', 'toInt64(sumIf(s.input_tokens, s.billable = 1))'],
    ['output_tokens', 'toInt64(sumIf(s.output_tokens, s.billable = 1))'],
    ...money('cost_usd'),
  ],
  maps: [],
  extremes: [
    ['start_time', 'min', 'min(s.timestamp)'],
    ['end_time', 'max', 'max(addNanoseconds(s.timestamp, s.duration_ns))'],
  ],
};

/** Filled from the tables of hours: repairs of those reach them too. */
export const DAY_TABLES: readonly SumTable[] = [
  { table: 'rollup_1d', unit: 'day', time: DAY, ...ROLLUP },
  { table: 'latency_1d', unit: 'day', time: DAY, ...LATENCY },
  { table: 'users_1d', unit: 'day', time: DAY, dimensions: USER, ...USERS },
];
