import type { PanelQuery } from './sql.ts';
import { BOTH_PERIODS, FILTERS, IS_CURRENT, IS_PREVIOUS, THIS_PERIOD } from './sql.ts';

/**
 * End users that cost most, with the change to the period before. Calls that name no user are not in it. Reads the table behind the
 * view `genai.users`: there are as many rows as users and quarters, and what the view merges first is summed here anyway.
 */
export function topUsers(rows: number): PanelQuery {
  return {
    format: 'table',
    sql: `SELECT
  user_id AS user,
  toFloat64(sumIf(cost_usd, ${IS_CURRENT})) AS spend,
  (spend - toFloat64(sumIf(cost_usd, ${IS_PREVIOUS}))) / nullIf(toFloat64(sumIf(cost_usd, ${IS_PREVIOUS})), 0) AS change,
  sumIf(calls, ${IS_CURRENT}) AS calls_made
FROM genai.users_15m
WHERE ${BOTH_PERIODS}
  AND ${FILTERS}
GROUP BY user
HAVING calls_made != 0
ORDER BY spend DESC, user
LIMIT ${rows}`,
    alert: {
      name: 'Spend of one user',
      summary: 'Spend of the dearest user of the last day, US dollars',
      hours: 24,
      sql: `SELECT max(spend) AS dearest_user\nFROM\n(\n  SELECT toFloat64(sum(cost_usd)) AS spend\n  FROM genai.users_15m\n  WHERE ${THIS_PERIOD}\n  AND ${FILTERS}\n  GROUP BY user_id\n)`,
    },
  };
}
