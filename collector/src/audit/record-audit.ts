import type { AuditDependencies, Finding } from './create-audit.ts';
import { addMoney } from './find-differences.ts';
import type { Query } from './watch-ledgers.ts';

/** The tables by which an hour is judged: the first that was compared. */
const JUDGED = ['rollup_1m', 'rollup_15m'];

const TOTALS = (database: string): string => `
SELECT workspace, toUnixTimestamp(toStartOfHour(time)) AS hour, sum(calls) AS rollup_calls, sum(cost_usd) AS rollup_cost
FROM ${database}.rollup_15m
WHERE time >= fromUnixTimestamp64Milli({from:Int64} * 1000) AND time < fromUnixTimestamp64Milli({to:Int64} * 1000)
GROUP BY workspace, hour ORDER BY workspace, hour`;

/**
 * Writes what an audit saw: a row per hour into `audits` (what the spans and the rollup counted when it began), a row per
 * difference into `audit_differences`. Rejects when the store does not answer.
 */
export function createRecordAudit(options: {
  readonly query: Query;
  readonly insert: AuditDependencies['insert'];
  readonly database: string;
  readonly collector: string;
  readonly now: () => number;
}): AuditDependencies['record'] {
  const { query, insert, collector, now } = options;
  return async (term, ranges, findings) => {
    const at = new Date(now()).toISOString().replace('T', ' ').replace('Z', '');
    const found = new Map<string, Finding>();
    for (const table of JUDGED)
      for (const finding of findings.filter((each) => each.table === table)) {
        const key = `${finding.workspace} ${finding.time}`;
        if (!found.has(key)) found.set(key, finding);
      }
    const audits: object[] = [];
    for (const { from, to } of ranges) {
      for (const row of await query(TOTALS(options.database), { from, to })) {
        const finding = found.get(`${String(row.workspace)} ${Number(row.hour)}`);
        const calls = Number(row.rollup_calls);
        const cost = String(row.rollup_cost);
        // The sums were read after the repair.
        const isRepaired = finding?.state === 'repaired';
        const lacking = finding?.calls ?? 0;
        const lackingCost = finding?.costUsd ?? '0';
        const negative = lackingCost.startsWith('-') ? lackingCost.slice(1) : `-${lackingCost}`;
        audits.push({
          workspace: row.workspace,
          hour: Number(row.hour),
          audited_at: at,
          spans_count: isRepaired ? calls : calls + lacking,
          rollup_count: isRepaired ? calls - lacking : calls,
          spans_cost_usd: isRepaired ? cost : addMoney([cost, lackingCost]),
          rollup_cost_usd: isRepaired ? addMoney([cost, negative]) : cost,
          repaired: isRepaired ? 1 : 0,
        });
      }
    }
    if (audits.length > 0) await insert('audits', audits, `audit:${term}:audits`);
    const differences = findings.map((each) => ({
      workspace: each.workspace,
      time: each.time,
      table_name: each.table,
      groups: each.rows.length,
      calls: each.calls,
      cost_usd: each.costUsd,
      state: each.state,
      reason: each.reason,
      term,
      collector,
      found_at: at,
    }));
    if (differences.length > 0) await insert('audit_differences', differences, `audit:${term}:differences`);
  };
}
