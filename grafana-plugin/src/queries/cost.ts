import type { CostDimension, PanelQuery } from './sql.ts';
import {
  BAR_START,
  BOTH_PERIODS,
  COST_DIMENSIONS,
  FILTERS,
  IS_CURRENT,
  IS_PREVIOUS,
  named,
  quote,
  THIS_PERIOD,
} from './sql.ts';

/** Series drawn by name; the rest adds up to `other`, so that the bars stay the whole spend. */
const NAMED_SERIES = 9;
const TABLE_ROWS = 100;

/** The column that the page's choice names; `model` for a choice nobody offered. */
const chosenDimension = `multiIf(${Object.entries(COST_DIMENSIONS)
  .filter(([name]) => name !== 'model')
  .map(([name, column]) => `\${by:sqlstring} = ${quote(name)}, ${named(`toString(${column})`)}`)
  .join(', ')}, ${named('toString(model)')})`;

function spendOverTime(key: string): PanelQuery {
  return {
    format: 'timeseries',
    sql: `SELECT
  ${BAR_START} AS time,
  if(key IN
  (
    SELECT ${key} AS top_key
    FROM genai.cost
    WHERE ${THIS_PERIOD}
  AND ${FILTERS}
    GROUP BY top_key
    ORDER BY sum(cost_usd) DESC, top_key
    LIMIT ${NAMED_SERIES}
  ), key, 'other') AS series,
  toFloat64(sum(cost_usd)) AS spend
FROM (SELECT time, ${key} AS key, cost_usd FROM genai.cost WHERE ${THIS_PERIOD}
  AND ${FILTERS})
GROUP BY time, series
ORDER BY time, series`,
    alert: {
      name: 'Spend by name',
      summary: 'Spend of the last day, US dollars',
      hours: 24,
      sql: `SELECT ${key} AS name, toFloat64(sum(cost_usd)) AS spend\nFROM genai.cost\nWHERE ${THIS_PERIOD}\n  AND ${FILTERS}\nGROUP BY name`,
    },
  };
}

/** Spend per bar and model: the nine dearest by name, the rest as `other`. */
export const spendByModelOverTime = spendOverTime(named('toString(model)'));

/** The same by what the variable `by` names. */
export const spendByChoiceOverTime = spendOverTime(chosenDimension);

/** Columns of the wide table, after name, spend, change and calls. */
const WIDE_COLUMNS = `,
  sumIf(input_tokens, ${IS_CURRENT}) AS input,
  sumIf(output_tokens, ${IS_CURRENT}) AS output,
  toFloat64(sumIf(cache_savings_usd, ${IS_CURRENT})) AS saved,
  sumIf(unpriced_calls, ${IS_CURRENT}) AS unpriced`;

function spendTable(dimension: CostDimension, rows: number, moreColumns: string): PanelQuery {
  const key = named(`toString(${COST_DIMENSIONS[dimension]})`);
  return {
    format: 'table',
    sql: `SELECT
  ${key} AS ${dimension},
  toFloat64(sumIf(cost_usd, ${IS_CURRENT})) AS spend,
  (spend - toFloat64(sumIf(cost_usd, ${IS_PREVIOUS}))) / nullIf(toFloat64(sumIf(cost_usd, ${IS_PREVIOUS})), 0) AS change,
  sumIf(calls, ${IS_CURRENT}) AS calls_made${moreColumns}
FROM genai.cost
WHERE ${BOTH_PERIODS}
  AND ${FILTERS}
GROUP BY ${dimension}
HAVING calls_made != 0
ORDER BY spend DESC, ${dimension}
LIMIT ${rows}`,
    alert: {
      name: `Spend by ${dimension}`,
      summary: 'Spend of the last day, US dollars',
      hours: 24,
      sql: `SELECT ${key} AS ${dimension}, toFloat64(sum(cost_usd)) AS spend\nFROM genai.cost\nWHERE ${THIS_PERIOD}\n  AND ${FILTERS}\nGROUP BY ${dimension}`,
    },
  };
}

/**
 * One row per value of the dimension, dearest first: spend, its change to the period before (NULL when nothing was spent then),
 * calls, tokens, savings, unpriced calls. Values without calls in this period are left out.
 */
export function costTable(dimension: CostDimension): PanelQuery {
  return spendTable(dimension, TABLE_ROWS, WIDE_COLUMNS);
}

/** The first rows of `costTable`: name, spend, change, calls. */
export function topSpend(dimension: CostDimension, rows: number): PanelQuery {
  return spendTable(dimension, rows, '');
}

/** What the money went for, one row; the five parts add up to the spend. */
export const costParts: PanelQuery = {
  format: 'table',
  sql: `SELECT
  toFloat64(sum(input_cost_usd)) AS "Input",
  toFloat64(sum(output_cost_usd)) AS "Output",
  toFloat64(sum(cache_read_cost_usd)) AS "Cache reads",
  toFloat64(sum(cache_write_cost_usd)) AS "Cache writes",
  toFloat64(sum(request_cost_usd)) AS "Fees per request"
FROM genai.cost
WHERE ${THIS_PERIOD}
  AND ${FILTERS}`,
  alert: {
    name: 'Spend by part',
    summary: 'Spend of the last day, US dollars',
    hours: 24,
    sql: `SELECT item.1 AS part, item.2 AS spend
FROM
(
  SELECT arrayJoin([
    ('input', toFloat64(sum(input_cost_usd))),
    ('output', toFloat64(sum(output_cost_usd))),
    ('cache reads', toFloat64(sum(cache_read_cost_usd))),
    ('cache writes', toFloat64(sum(cache_write_cost_usd))),
    ('fees per request', toFloat64(sum(request_cost_usd)))
  ]) AS item
  FROM genai.cost
  WHERE ${THIS_PERIOD}
  AND ${FILTERS}
)`,
  },
};

/** Models without a price, most tokens first: what to add a price for. */
export const unpricedModels: PanelQuery = {
  format: 'table',
  sql: `SELECT
  ${named('toString(provider)')} AS provider_name,
  ${named('toString(model)')} AS model_name,
  sum(unpriced_calls) AS calls_unpriced,
  sum(unpriced_tokens) AS tokens
FROM genai.cost
WHERE ${THIS_PERIOD}
  AND ${FILTERS}
GROUP BY provider_name, model_name
HAVING calls_unpriced != 0
ORDER BY tokens DESC, provider_name, model_name
LIMIT ${TABLE_ROWS}`,
  alert: {
    name: 'Model without a price',
    summary: 'Tokens without a price of the last day',
    hours: 24,
    sql: `SELECT toString(provider) AS provider_name, toString(model) AS model_name, sum(unpriced_tokens) AS tokens\nFROM genai.cost\nWHERE ${THIS_PERIOD}\n  AND ${FILTERS}\nGROUP BY provider_name, model_name`,
  },
};
