import type { FilterName, PanelQuery } from './sql.ts';
import { FILTER_COLUMNS, FILTERS, named, THIS_PERIOD } from './sql.ts';

/** Whether anything was ever stored in the workspaces this data source may see: 1 or 0, whatever the period and filters. */
export const anythingStored: PanelQuery = {
  format: 'table',
  sql: 'SELECT count() AS stored FROM (SELECT 1 FROM genai.operations LIMIT 1)',
};

/** The unpriced model with most tokens; a call that names no model cannot be given a price. */
const toPrice = (column: string) =>
  `argMaxIf(${column}, (tokens, workspace_name, provider_name, model_name), calls != 0 AND model_name != '')`;

/**
 * What the spend does not contain: calls without a price, their tokens, calls that came without token counts; and which model to
 * set a price for first, with the UTC day of its first such call in the period. One row; the texts are empty when there is none.
 */
export const uncounted: PanelQuery = {
  format: 'table',
  sql: `SELECT
  sum(calls) AS calls_unpriced,
  sum(tokens) AS tokens_unpriced,
  sum(without_usage) AS calls_without_usage,
  ${toPrice('workspace_name')} AS workspace_to_price,
  ${toPrice('provider_name')} AS provider_to_price,
  ${toPrice('model_name')} AS model_to_price,
  ${toPrice('first_day')} AS unpriced_since
FROM
(
  SELECT
    toString(workspace) AS workspace_name,
    toString(provider) AS provider_name,
    toString(model) AS model_name,
    sum(unpriced_calls) AS calls,
    sum(unpriced_tokens) AS tokens,
    sum(no_usage_calls) AS without_usage,
    toString(toDate(minIf(time, unpriced_calls != 0), 'UTC')) AS first_day
  FROM genai.cost
  WHERE ${THIS_PERIOD}
  AND ${FILTERS}
  GROUP BY workspace_name, provider_name, model_name
)`,
};

/** What a filter offers: the names seen in the period. */
export function filterOptions(name: FilterName): string {
  return `SELECT DISTINCT ${named(FILTER_COLUMNS[name])} AS name FROM genai.usage WHERE ${THIS_PERIOD} ORDER BY name`;
}
