import type { FilterName, PanelQuery } from './sql.ts';
import { FILTER_COLUMNS, FILTERS, named, THIS_PERIOD } from './sql.ts';

/** Whether anything was ever stored in the workspaces this data source may see: 1 or 0, whatever the period and filters. */
export const anythingStored: PanelQuery = {
  format: 'table',
  sql: 'SELECT count() AS stored FROM (SELECT 1 FROM genai.operations LIMIT 1)',
};

/** What the spend does not contain: calls without a price, their tokens, calls that came without token counts. One row. */
export const uncounted: PanelQuery = {
  format: 'table',
  sql: `SELECT
  sum(unpriced_calls) AS calls_unpriced,
  sum(unpriced_tokens) AS tokens_unpriced,
  sum(no_usage_calls) AS calls_without_usage
FROM genai.cost
WHERE ${THIS_PERIOD}
  AND ${FILTERS}`,
};

/** What a filter offers: the names seen in the period. */
export function filterOptions(name: FilterName): string {
  return `SELECT DISTINCT ${named(FILTER_COLUMNS[name])} AS name FROM genai.usage WHERE ${THIS_PERIOD} ORDER BY name`;
}
