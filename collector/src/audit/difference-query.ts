import type { SumTable } from './sum-tables.ts';

/** Seconds since 1970, the first within, the last without. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** Of a day that is not over: until when its hours are closed. A trace that goes on later is looked at when they all are. */
  readonly closed?: number;
}

/** Later than any time a span may have. */
export const NEVER_S = 2 ** 32;

/** Column of the answer: start of the hour or day, Unix seconds. */
export const UNIT_COLUMN = '__unit';

const list = (parts: readonly string[]): string => parts.join(', ');

/**
 * The statement that gives what a table lacks to equal `spans FINAL`, a row per group that differs: dimensions, differences to be
 * added, and `__unit`. Parameters: from, to, closed (Unix seconds), limit, quiet_before (Unix milliseconds; only for days: groups
 * of which a span was taken in later are left out, for it may be on its way into one of the two).
 */
export function differenceQuery(database: string, table: SumTable): string {
  const { dimensions, sums, maps, extremes, unit } = table;
  const keys = [table.time, ...dimensions];
  const key = (i: number): string => `k_${i}`;
  const from = 'fromUnixTimestamp64Milli({from:Int64} * 1000)';
  const to = 'fromUnixTimestamp64Milli({to:Int64} * 1000)';
  const isDate = table.time[0] === 'date';
  const bounds = isDate
    ? `t.date >= toDate(${from}, 'UTC') AND t.date < toDate(${to}, 'UTC')`
    : `t.time >= ${from} AND t.time < ${to}`;
  const ofSpans = [
    ...keys.map(([, ofSpan], i) => `${ofSpan} AS ${key(i)}`),
    ...sums.map(([, expression], i) => `${expression} AS n_${i}`),
    ...maps.map(([, expression], i) => `${expression} AS b_${i}`),
    ...extremes.map(([, , expression], i) => `${expression} AS e_${i}`),
    'max(s.ingested_at) AS newest',
  ];
  const ofTable = [
    ...keys.map(([name], i) => `t.${name} AS ${key(i)}`),
    ...sums.map(([name], i) => `-sum(t.${name}) AS n_${i}`),
    ...maps.map(([name], i) => `mapApply((k, n) -> (k, -n), sumMap(t.${name})) AS b_${i}`),
    ...extremes.map(([name, keeps], i) => `${keeps}(t.${name}) AS e_${i}`),
    "toDateTime64(0, 3, 'UTC') AS newest",
  ];
  const groups = list(keys.map((_, i) => key(i)));
  const start = isDate
    ? 'toUnixTimestamp(toDateTime(k_0))'
    : `toUnixTimestamp(${unit === 'hour' ? 'toStartOfHour' : 'toStartOfDay'}(k_0))`;
  const result = [
    `${start} AS ${UNIT_COLUMN}`,
    ...keys.map(([name], i) => `${key(i)} AS ${name}`),
    ...sums.map(([name], i) => `sum(n_${i}) AS ${name}`),
    ...maps.map(([name], i) => `mapFilter((k, n) -> n != 0, sumMap(b_${i})) AS ${name}`),
    ...extremes.map(([name, keeps], i) => `${keeps}(e_${i}) AS ${name}`),
  ];
  const differs = [
    ...sums.map((_, i) => `sum(n_${i}) != 0`),
    ...maps.map((_, i) => `length(mapFilter((k, n) -> n != 0, sumMap(b_${i}))) != 0`),
  ];
  const quiet = unit === 'day' ? ' AND max(newest) < fromUnixTimestamp64Milli({quiet_before:Int64})' : '';
  const end = extremes.findIndex(([name]) => name === 'end_time');
  const over = end === -1 ? '' : ` AND max(e_${end}) < fromUnixTimestamp64Milli({closed:Int64} * 1000)`;
  return `SELECT ${list(result)} FROM (
SELECT ${list(ofSpans)} FROM ${database}.spans AS s FINAL
WHERE s.timestamp >= ${from} AND s.timestamp < ${to} AND (${table.where}) GROUP BY ${groups}
UNION ALL
SELECT ${list(ofTable)} FROM ${database}.${table.table} AS t WHERE ${bounds} GROUP BY ${groups})
GROUP BY ${groups} HAVING (${differs.join(' OR ')})${quiet}${over}
ORDER BY ${groups} LIMIT {limit:UInt64}`;
}
