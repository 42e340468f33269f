import { differenceQuery, NEVER_S, UNIT_COLUMN } from './difference-query.ts';
import type { Range } from './difference-query.ts';
import type { SumTable } from './sum-tables.ts';
import type { Query } from './watch-ledgers.ts';

/** Groups that one statement gives; what is beyond is found when these are repaired. */
const MAX_GROUPS = 50_000;

/** What one table lacks in one hour (or day) of one workspace. */
export interface Difference {
  readonly table: string;
  readonly workspace: string;
  /** Start of the hour or day, Unix seconds. */
  readonly time: number;
  readonly unit: 'hour' | 'day';
  /** To be inserted; a row per group. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Operations and US dollars in all; what is missing is positive, what is too much negative. Tables without them: 0. */
  readonly calls: number;
  readonly costUsd: string;
  /** Table, workspace and time. */
  readonly key: string;
  /** Workspace and time. */
  readonly unitKey: string;
}

const PICO = 1_000_000_000_000n;

/** The exact sum of decimals of at most 12 digits after the point. */
export function addMoney(texts: readonly string[]): string {
  let sum = 0n;
  for (const text of texts) {
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    const value = BigInt(whole) * PICO + BigInt(fraction.padEnd(12, '0').slice(0, 12));
    sum += text.startsWith('-') ? -value : value;
  }
  const size = sum < 0n ? -sum : sum;
  return `${sum < 0n ? '-' : ''}${size / PICO}.${String(size % PICO).padStart(12, '0')}`;
}

const unitKeyOf = (workspace: string, unit: string, time: number): string => `${unit} ${time} ${workspace}`;

function toDifference(
  base: Pick<Difference, 'table' | 'unit' | 'workspace' | 'time'>,
  rows: Difference['rows']
): Difference {
  const { table, unit, workspace, time } = base;
  const unitKey = unitKeyOf(workspace, unit, time);
  return {
    table,
    unit,
    workspace,
    time,
    rows,
    calls: rows.reduce((sum, { calls }) => sum + Number(calls ?? 0), 0),
    costUsd: addMoney(rows.map(({ cost_usd: cost }) => (typeof cost === 'string' ? cost : '0'))),
    key: `${table} ${unitKey}`,
    unitKey,
  };
}

/** The groups that differ in the same way in both. */
export function keepSame(first: readonly Difference[], second: readonly Difference[]): readonly Difference[] {
  const again = new Map(second.map(({ key, rows }) => [key, new Set(rows.map((row) => JSON.stringify(row)))]));
  return first
    .map((each) =>
      toDifference(
        each,
        each.rows.filter((row) => again.get(each.key)?.has(JSON.stringify(row)))
      )
    )
    .filter(({ rows }) => rows.length > 0);
}

export interface FindDifferences {
  readonly differences: (table: SumTable, range: Range, quietMs: number) => Promise<readonly Difference[]>;
  /** Per hour or day of some differences: a mark that changes when rows come in; absent = it has no spans at all. */
  readonly marks: (differences: readonly Difference[]) => Promise<ReadonlyMap<string, string>>;
}

/** Reads differences; in Unix seconds, `quietMs` (see `differenceQuery`) in milliseconds. Rejects when the store does not answer. */
export function createFindDifferences(options: { readonly query: Query; readonly database: string }): FindDifferences {
  const { query, database } = options;
  return {
    differences: async (table, range, quietMs) => {
      const rows = await query(differenceQuery(database, table), {
        from: range.from,
        to: range.to,
        closed: range.closed ?? NEVER_S,
        limit: MAX_GROUPS,
        quiet_before: Math.trunc(quietMs),
      });
      const units = new Map<string, { workspace: string; time: number; rows: Readonly<Record<string, unknown>>[] }>();
      for (const { [UNIT_COLUMN]: time, ...row } of rows) {
        const workspace = String(row.workspace);
        const unitKey = unitKeyOf(workspace, table.unit, Number(time));
        const unit = units.get(unitKey) ?? { workspace, time: Number(time), rows: [] };
        units.set(unitKey, unit);
        unit.rows.push(row);
      }
      const { table: name, unit } = table;
      return [...units.values()].map(({ workspace, time, rows: groups }) =>
        toDifference({ table: name, unit, workspace, time }, groups)
      );
    },
    marks: async (differences) => {
      const marks = new Map<string, string>();
      for (const unit of ['hour', 'day'] as const) {
        const times = [...new Set(differences.filter((each) => each.unit === unit).map(({ time }) => time))];
        if (times.length === 0) continue;
        const start = unit === 'hour' ? 'toStartOfHour' : 'toStartOfDay';
        const range = { from: Math.min(...times), to: Math.max(...times) + 24 * 3600, times };
        const rows = await query(
          `SELECT workspace, unit_start, max(newest) AS newest_ms, sum(amendments) AS amended, max(isSpan) AS is_span FROM (
             SELECT workspace, toUnixTimestamp(${start}(timestamp)) AS unit_start,
               toUnixTimestamp64Milli(max(ingested_at)) AS newest, 0 AS amendments, 1 AS isSpan
             FROM ${database}.spans WHERE timestamp >= fromUnixTimestamp64Milli({from:Int64} * 1000)
               AND timestamp < fromUnixTimestamp64Milli({to:Int64} * 1000) AND has({times:Array(Int64)}, unit_start)
             GROUP BY workspace, unit_start
             UNION ALL
             SELECT workspace, toUnixTimestamp(${start}(timestamp)) AS unit_start, 0, count(), 0
             FROM ${database}.span_amendments WHERE timestamp >= fromUnixTimestamp64Milli({from:Int64} * 1000)
               AND timestamp < fromUnixTimestamp64Milli({to:Int64} * 1000) AND has({times:Array(Int64)}, unit_start)
             GROUP BY workspace, unit_start
             UNION ALL
             SELECT workspace, toUnixTimestamp(${start}(timestamp)) AS unit_start, 0, count(), 0
             FROM ${database}.price_amendments WHERE timestamp >= fromUnixTimestamp64Milli({from:Int64} * 1000)
               AND timestamp < fromUnixTimestamp64Milli({to:Int64} * 1000) AND has({times:Array(Int64)}, unit_start)
             GROUP BY workspace, unit_start)
           GROUP BY workspace, unit_start HAVING is_span = 1`,
          range
        );
        for (const row of rows)
          marks.set(
            unitKeyOf(String(row.workspace), unit, Number(row.unit_start)),
            `${String(row.newest_ms)} ${String(row.amended)}`
          );
      }
      return marks;
    },
  };
}
