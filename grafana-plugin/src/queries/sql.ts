/**
 * The words every query is made of: the only place that quotes, names a filter or a period. No import of @grafana: plain
 * Node runs each query on the real schema. `$__fromTime`, `$__toTime`, `$__interval_s` are macros of the ClickHouse data
 * source, `${name:sqlstring}` is a variable of the page, quoted by `quote`.
 */

/** Stands for "every value" in a filter. */
export const ALL_VALUES = '__all__';

/** How an empty name is shown and chosen: calls without a department, without an agent. */
export const NO_NAME = '(none)';

/** A ClickHouse string literal. Grafana's own `sqlstring` format leaves backslashes, which end a literal early. */
export function quote(value: unknown): string {
  return `'${String(value).replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

/** Name of the variable in the URL → column of the views. */
export const FILTER_COLUMNS = {
  workspace: 'workspace',
  environment: 'environment',
  department: 'department',
  provider: 'provider',
  model: 'model',
  agent: 'agent_name',
} as const;

export type FilterName = keyof typeof FILTER_COLUMNS;

/** What spend may be broken down by; each is a column of `genai.cost`. */
export const COST_DIMENSIONS = {
  model: 'model',
  department: 'department',
  agent: 'agent_name',
  provider: 'provider',
  environment: 'environment',
  service: 'service_name',
  operation: 'operation',
  workspace: 'workspace',
} as const;

export type CostDimension = keyof typeof COST_DIMENSIONS;

/** The column, with a word in place of nothing. */
export function named(column: string): string {
  return `if(${column} = '', ${quote(NO_NAME)}, ${column})`;
}

function filter([name, column]: [string, string]): string {
  const chosen = `\${${name}:sqlstring}`;
  return `(${quote(ALL_VALUES)} IN (${chosen}) OR ${named(column)} IN (${chosen}))`;
}

/** Every filter of the page. Each view that a query reads has all these columns. */
export const FILTERS = Object.entries(FILTER_COLUMNS).map(filter).join('\n  AND ');

/** Quarters of an hour that begin in the chosen period: start inclusive, end exclusive. */
export const THIS_PERIOD = 'time >= $__fromTime AND time < $__toTime';

/** The chosen period and the one of equal length before it; `IS_CURRENT` and `IS_PREVIOUS` tell them apart. */
export const BOTH_PERIODS =
  'time >= toDateTime(2 * toUnixTimestamp($__fromTime) - toUnixTimestamp($__toTime)) AND time < $__toTime';
export const IS_CURRENT = 'time >= $__fromTime';
export const IS_PREVIOUS = 'time < $__fromTime';

/** Grafana writes `utc`, ClickHouse `UTC`. */
const TIME_ZONE = "replaceOne('${__timezone}', 'utc', 'UTC')";
const DAY_START = `toStartOfDay(time, ${TIME_ZONE})`;
const BAR_SECONDS = 'least(greatest(intDiv($__interval_s, 900), 1) * 900, 86400)';

/**
 * Start of the bar that a quarter of an hour belongs to. Bars are whole quarters, at most a day, and begin at local midnight
 * of the chosen time zone; a day of 25 hours is one bar.
 */
export const BAR_START = `${DAY_START} + intDiv(least(toUnixTimestamp(time) - toUnixTimestamp(${DAY_START}), 86399), ${BAR_SECONDS}) * ${BAR_SECONDS}`;

/** p95 in seconds of summed bucket counts (sql/README.md, Percentiles); NULL without calls. */
export function p95Seconds(buckets: string): string {
  const running = `arrayCumSum(mapValues(${buckets}))`;
  return `if(empty(${buckets}), NULL, (exp(mapKeys(${buckets})[arrayFirstIndex(n -> n >= 0.95 * ${running}[-1], ${running})] / 50) - 1) / 1e6)`;
}

/** A query of a panel, and beside it the one an alert rule evaluates. */
export interface PanelQuery {
  readonly sql: string;
  readonly format: 'table' | 'timeseries';
  readonly alert?: AlertQuery;
}

/** One number column; string columns become labels. The rule's own period takes the place of the page's. */
export interface AlertQuery {
  readonly name: string;
  readonly summary: string;
  readonly sql: string;
  /** Hours the rule looks back. */
  readonly hours: number;
}
