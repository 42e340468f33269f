/**
 * The words every query is made of: the only place that quotes, names a filter or a period. No import of @grafana: plain
 * Node runs each query on the real schema. `$__fromTime`, `$__toTime`, `$__interval_s` are macros of the ClickHouse data
 * source, `${name:sqlstring}` is a variable of the page, quoted by `quote`.
 */

/** Stands for "every value" in a filter. */
export const ALL_VALUES = '__all__';

/** How an empty name is shown and chosen: calls without a department, without an agent. */
export const NO_NAME = '(none)';

/**
 * A ClickHouse string literal. Grafana's own `sqlstring` format leaves backslashes, which end a literal early. The dollar is
 * written as its code: the data source replaces its macros inside literals too.
 */
export function quote(value: unknown): string {
  return `'${String(value).replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\$/g, '\\x24')}'`;
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

/**
 * The views count in quarters of an hour, so a period is every quarter that it touches: from the start of the one in which it
 * begins to the end of the one in which it ends. Else "last 5 minutes" would mostly be empty, and the first quarter missing.
 */
const QUARTER_SECONDS = 900;
const FIRST_SECOND = `intDiv(toUnixTimestamp($__fromTime), ${QUARTER_SECONDS}) * ${QUARTER_SECONDS}`;
const END_SECOND = `intDiv(toUnixTimestamp($__toTime) + ${QUARTER_SECONDS - 1}, ${QUARTER_SECONDS}) * ${QUARTER_SECONDS}`;

export const IS_CURRENT = `time >= toDateTime(${FIRST_SECOND})`;
export const IS_PREVIOUS = `time < toDateTime(${FIRST_SECOND})`;

/** The chosen period: start inclusive, end exclusive. */
export const THIS_PERIOD = `${IS_CURRENT} AND time < $__toTime`;

/** The chosen period and as many quarters before it; `IS_CURRENT` and `IS_PREVIOUS` tell them apart. */
export const BOTH_PERIODS = `time >= toDateTime(greatest(2 * (${FIRST_SECOND}) - ${END_SECOND}, 0)) AND time < $__toTime`;

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
