import { auditRanges, byDay, dayOf, HOUR_S, OLDEST_S } from './audit-ranges.ts';
import { createFindDifferences, keepSame } from './find-differences.ts';
import type { Difference } from './find-differences.ts';
import type { Range } from './difference-query.ts';
import { DAY_TABLES, HOUR_TABLES, ROLLUP_1M, TRACE_TABLE } from './sum-tables.ts';
import type { SumTable } from './sum-tables.ts';
import type { Query, Watermark } from './watch-ledgers.ts';

/** `genai.rollup_1m` keeps two days; older hours are repaired a level higher. */
const MINUTES_KEPT_S = 46 * HOUR_S;
/** An audit looks at all hours that got rows since the one before, if that was not longer ago. */
const TOUCHED_MS = 3 * 60 * 60 * 1000;
/** A repair may uncover the next level; more rounds than that mean that something writes against it. */
const MAX_ROUNDS = 3;

/** One table in one hour (or day) of a workspace that differs from the spans. */
export interface Finding extends Difference {
  /** `shown`: a dry run. `held`: left for a person, see `reason`. */
  readonly state: 'shown' | 'repaired' | 'held';
  readonly reason: string;
}

export interface AuditReport {
  /** `busy`: another process audits now. `early`: no hour has been closed since the last audit. */
  readonly outcome: 'done' | 'busy' | 'early';
  /** End of the last hour that was looked at, Unix seconds. */
  readonly closedUntil: number;
  /** The collector that is furthest behind. */
  readonly slowest: string;
  readonly hours: number;
  readonly findings: readonly Finding[];
}

interface HeldLease {
  readonly term: number;
  readonly position: string;
  readonly isHeld: () => boolean;
  readonly release: (position: string) => Promise<void>;
}

export interface AuditDependencies {
  readonly database: string;
  readonly query: Query;
  readonly now: () => number;
  readonly ledgers: {
    readonly watermark: () => Promise<Watermark>;
    readonly passed: (ms: number) => Promise<Watermark & { readonly isPassed: boolean }>;
  };
  readonly lease: () => Promise<HeldLease | undefined>;
  /** One block with this token: the store takes it once. */
  readonly insert: (table: string, rows: readonly object[], token: string) => Promise<void>;
  /** Writes down what was compared and found. */
  readonly record: (term: number, ranges: readonly Range[], findings: readonly Finding[]) => Promise<void>;
}

export interface AuditRequest {
  /** Show, change nothing, take no lease. */
  readonly dryRun: boolean;
  /** Audit so many hours back from the last closed one. Unset = what is due. */
  readonly hours?: number | undefined;
}

function readPosition(text: string): { readonly reached?: number; readonly sweep?: number } {
  try {
    const { reached, sweep } = JSON.parse(text) as Record<string, unknown>;
    return { ...(typeof reached === 'number' ? { reached } : {}), ...(typeof sweep === 'number' ? { sweep } : {}) };
  } catch {
    return {};
  }
}

/**
 * Compares the tables of sums with `spans FINAL` in closed hours and repairs what differs by signed rows. An hour is closed once
 * every ledger has delivered what it accepted until its end. A difference counts when it is the same before and after every ledger
 * has passed the moment of the first look, and nothing came into its hour in between: then it is no insert on its way. Repairs are
 * made under a lease, with tokens of its term. Rejects when the store does not answer; running it again is always right.
 */
export function createAudit(dependencies: AuditDependencies): (request: AuditRequest) => Promise<AuditReport> {
  const { query, now, ledgers, insert, database } = dependencies;
  const find = createFindDifferences({ query, database });

  async function touchedHours(closed: number): Promise<number[]> {
    const rows = await query(
      `SELECT DISTINCT toUnixTimestamp(toStartOfHour(timestamp)) AS hour FROM ${database}.spans
       WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}) AND timestamp < fromUnixTimestamp64Milli({closed:Int64} * 1000)
         AND timestamp >= fromUnixTimestamp64Milli({oldest:Int64} * 1000)
       ORDER BY hour`,
      { since: Math.trunc(now() - TOUCHED_MS), closed, oldest: closed - OLDEST_S }
    );
    return rows.map(({ hour }) => Number(hour));
  }

  /** Without the days in which there is nothing to compare. */
  async function withData(ranges: readonly Range[]): Promise<Range[]> {
    if (ranges.length === 0) return [];
    const bounds = (column: string): string =>
      `${column} >= fromUnixTimestamp64Milli({from:Int64} * 1000) AND ${column} < fromUnixTimestamp64Milli({to:Int64} * 1000)`;
    const rows = await query(
      `SELECT DISTINCT toUnixTimestamp(toStartOfDay(time)) AS day FROM ${database}.rollup_15m WHERE ${bounds('time')}
       UNION DISTINCT
       SELECT DISTINCT toUnixTimestamp(toStartOfDay(timestamp)) AS day FROM ${database}.spans WHERE ${bounds('timestamp')}`,
      { from: Math.min(...ranges.map(({ from }) => from)), to: Math.max(...ranges.map(({ to }) => to)) }
    );
    const days = new Set(rows.map(({ day }) => Number(day)));
    return ranges.filter((range) => days.has(dayOf(range).from));
  }

  type Level = readonly (readonly [SumTable, Range])[];

  /** Tables in the order in which repairs cascade, each with the ranges to compare. */
  function levels(ranges: readonly Range[], closed: number): readonly Level[] {
    const minutes = ranges.filter(({ from }) => from >= now() / 1000 - MINUTES_KEPT_S);
    const days = [...new Map(ranges.map((range) => [dayOf(range).from, dayOf(range)])).values()];
    const closedDays = days.filter(({ to }) => to <= closed);
    const each = (tables: readonly SumTable[], of: readonly Range[]): Level =>
      tables.flatMap((table) => of.map((range) => [table, range] as const));
    return [
      each([ROLLUP_1M], minutes),
      [
        ...each(HOUR_TABLES, ranges),
        ...each(
          [TRACE_TABLE],
          days.map((day) => ({ ...day, closed }))
        ),
      ],
      each(DAY_TABLES, closedDays),
    ];
  }

  async function look(level: Level, quietMs: number): Promise<{ found: readonly Difference[]; where: Level }> {
    const found: Difference[] = [];
    const where: (readonly [SumTable, Range])[] = [];
    for (const [table, range] of level) {
      const differences = await find.differences(table, range, quietMs);
      found.push(...differences);
      if (differences.length > 0) where.push([table, range]);
    }
    return { found, where };
  }

  /** The differences of a level that are there for certain, or all of them and the ledger that does not pass in time. */
  async function confirmed(
    level: Level,
    quietMs: number
  ): Promise<{ readonly found: readonly Difference[]; readonly where: Level; readonly behind?: string }> {
    const { found: suspects, where } = await look(level, quietMs);
    if (suspects.length === 0) return { found: [], where };
    const before = await find.marks(suspects);
    const { found: first } = await look(where, quietMs);
    const { isPassed, collector } = await ledgers.passed(now());
    if (!isPassed) return { found: first, where, behind: collector };
    const same = keepSame(first, (await look(where, quietMs)).found);
    const after = await find.marks(suspects);
    // Days need no mark: their groups are only looked at when nothing came into them that is not delivered for certain.
    const found = same.filter(({ unit, unitKey }) => unit === 'day' || before.get(unitKey) === after.get(unitKey));
    return { found, where };
  }

  async function repairAll(
    ranges: readonly Range[],
    closed: number,
    quietMs: number,
    lease: HeldLease
  ): Promise<Finding[]> {
    const findings: Finding[] = [];
    let tokens = 0;
    for (const all of levels(ranges, closed)) {
      const held = new Set<string>();
      let level = all;
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const { found, where, behind } = await confirmed(level, quietMs);
        level = where;
        if (found.length === 0) break;
        const marks = await find.marks(found);
        const open = found.filter(({ key }) => !held.has(key));
        if (open.length === 0) break;
        for (const difference of open) {
          const reason =
            behind !== undefined
              ? `the collector ${behind} has not told how far it is`
              : marks.get(difference.unitKey) === undefined
                ? 'there are sums, but no span is left: deleted or dropped by hand?'
                : !lease.isHeld()
                  ? 'the time of this audit was over; the next one goes on'
                  : round === MAX_ROUNDS - 1
                    ? 'it still differs after being repaired'
                    : '';
          if (reason === '') {
            tokens += 1;
            await insert(difference.table, difference.rows, `audit:${lease.term}:${tokens}:${difference.table}`);
          } else held.add(difference.key);
          findings.push({ ...difference, state: reason === '' ? 'repaired' : 'held', reason });
        }
      }
    }
    return findings;
  }

  async function showAll(ranges: readonly Range[], closed: number, quietMs: number): Promise<Finding[]> {
    const { found } = await look(levels(ranges, closed).flat(), quietMs);
    return found.map((difference) => ({ ...difference, state: 'shown', reason: '' }));
  }

  return async ({ dryRun, hours }) => {
    const { untilMs, collector: slowest } = await ledgers.watermark();
    const closed = Math.floor(untilMs / 1000 / HOUR_S) * HOUR_S;
    const report = { closedUntil: closed, slowest, hours: 0, findings: [] };
    const lease = dryRun ? undefined : await dependencies.lease();
    if (!dryRun && lease === undefined) return { ...report, outcome: 'busy' };
    const last = readPosition(lease?.position ?? '');
    let position = lease?.position ?? '';
    try {
      if (lease !== undefined && hours === undefined && last.reached !== undefined && last.reached >= closed)
        return { ...report, outcome: 'early' };
      const due = auditRanges(closed, hours === undefined ? await touchedHours(closed) : [], last.sweep);
      const asked =
        hours === undefined ? due.ranges : byDay({ from: closed - Math.min(hours * HOUR_S, OLDEST_S), to: closed });
      const ranges = await withData(asked);
      const findings =
        lease === undefined ? await showAll(ranges, closed, untilMs) : await repairAll(ranges, closed, untilMs, lease);
      if (lease !== undefined) {
        await dependencies.record(lease.term, ranges, findings);
        if (hours === undefined) position = JSON.stringify({ reached: closed, sweep: due.sweep });
      }
      const seconds = asked.reduce((sum, { from, to }) => sum + to - from, 0);
      return { ...report, outcome: 'done', hours: seconds / HOUR_S, findings };
    } finally {
      await lease?.release(position);
    }
  };
}
