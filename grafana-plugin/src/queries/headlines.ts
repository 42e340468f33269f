import type { AlertQuery, PanelQuery } from './sql.ts';
import { BOTH_PERIODS, FILTERS, IS_CURRENT, IS_PREVIOUS, p95Seconds, THIS_PERIOD } from './sql.ts';

interface Measure {
  readonly name: string;
  readonly view: 'genai.cost' | 'genai.performance';
  /** Aggregates of the rows that fulfil the condition; NULL when there is nothing to say. */
  readonly over: (condition: string) => string;
  readonly alert: Omit<AlertQuery, 'sql'>;
}

/**
 * Two rows, the period before and this one, in order of time: what a stat panel needs for the change. A change from nothing
 * has no percentage, nor has one to nothing: the previous value is then written as infinity, from which the panel derives none
 * (after a NULL or NaN it would show 0 %).
 */
function headline({ name, view, over, alert }: Measure): PanelQuery {
  return {
    format: 'table',
    sql: `SELECT point.1 AS time, point.2 AS ${name}
FROM
(
  SELECT arrayJoin([($__fromTime, if(isNull(current) OR ifNull(previous, 0) = 0, inf, previous)), ($__toTime, current)]) AS point
  FROM
  (
    SELECT ${over(IS_PREVIOUS)} AS previous, ${over(IS_CURRENT)} AS current
    FROM ${view}
    WHERE ${BOTH_PERIODS}
  AND ${FILTERS}
  )
)
ORDER BY time`,
    alert: {
      ...alert,
      sql: `SELECT ${over('1')} AS ${name}\nFROM ${view}\nWHERE ${THIS_PERIOD}\n  AND ${FILTERS}`,
    },
  };
}

const total = (expression: string) => (condition: string) =>
  `toNullable(toFloat64(sumIf(${expression}, ${condition})))`;

/** US dollars spent on calls to models. */
export const spendHeadline = headline({
  name: 'spend',
  view: 'genai.cost',
  over: total('cost_usd'),
  alert: { name: 'Spend', summary: 'Spend of the last day, US dollars', hours: 24 },
});

/** Calls to models. */
export const callsHeadline = headline({
  name: 'calls',
  view: 'genai.cost',
  over: total('calls'),
  alert: { name: 'Calls to models', summary: 'Calls to models of the last hour', hours: 1 },
});

/** Input and output tokens, cached and reasoning ones included. */
export const tokensHeadline = headline({
  name: 'tokens',
  view: 'genai.cost',
  over: total('input_tokens + output_tokens'),
  alert: { name: 'Tokens', summary: 'Input and output tokens of the last hour', hours: 1 },
});

/** Share of the calls that failed, 0 to 1; nothing when there were no calls. */
export const errorRateHeadline = headline({
  name: 'error_rate',
  view: 'genai.cost',
  over: (condition) => `sumIf(errors, ${condition}) / nullIf(sumIf(calls, ${condition}), 0)`,
  alert: { name: 'Error rate of calls to models', summary: 'Share of failed calls of the last hour', hours: 1 },
});

/** p95 of the duration of calls, seconds, within one percent; nothing when there were no calls. */
export const latencyHeadline = headline({
  name: 'p95_seconds',
  view: 'genai.performance',
  over: (condition) => p95Seconds(`sumMapIf(duration_buckets, ${condition})`),
  alert: { name: 'p95 latency of calls to models', summary: 'p95 duration of the last hour, seconds', hours: 1 },
});

/** US dollars that cached tokens would have cost more. Negative when writing the cache cost more than reading it saved. */
export const savingsHeadline = headline({
  name: 'savings',
  view: 'genai.cost',
  over: total('cache_savings_usd'),
  alert: { name: 'Cache savings', summary: 'Savings through cached tokens of the last day, US dollars', hours: 24 },
});

/** Share of the input tokens that came from the provider's cache, 0 to 1. */
export const cachedShareHeadline = headline({
  name: 'cached_share',
  view: 'genai.cost',
  over: (condition) => `sumIf(cache_read_tokens, ${condition}) / nullIf(sumIf(input_tokens, ${condition}), 0)`,
  alert: { name: 'Cached share of input', summary: 'Share of input tokens from the cache, last hour', hours: 1 },
});

/** Tokens of calls for which no price was found: spend nobody has counted. */
export const unpricedTokensHeadline = headline({
  name: 'unpriced_tokens',
  view: 'genai.cost',
  over: total('unpriced_tokens'),
  alert: { name: 'Unpriced tokens', summary: 'Tokens without a price of the last hour', hours: 1 },
});
