import { SQL_URL } from './settings.ts';

export interface Period {
  /** Seconds since 1970; start inclusive, end exclusive. */
  readonly from: number;
  readonly to: number;
}

export type Row = Readonly<Record<string, string>>;

/** Rows of a statement on the ledger, every value as text. */
export async function ask(sql: string): Promise<Row[]> {
  const answer = await fetch(`${SQL_URL}/?default_format=JSONEachRow`, { method: 'POST', body: sql });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(text);
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      Object.fromEntries(Object.entries(JSON.parse(line) as object).map(([key, value]) => [key, String(value)]))
    );
}

/** Calls to models of the period, each once, from the raw rows. No view, no rollup. */
const calls = ({ from, to }: Period, where: string) => `(
  SELECT *, if(response_model != '', response_model, request_model) AS model
  FROM genai.spans FINAL
  WHERE billable = 1 AND timestamp >= toDateTime(${from}, 'UTC') AND timestamp < toDateTime(${to}, 'UTC') AND ${where}
)`;

const MEASURES = `
  toString(sum(cost_usd)) AS spend, count() AS calls, sum(input_tokens) AS input, sum(output_tokens) AS output,
  countIf(status = 'error') AS errors, toString(sum(cache_savings_usd)) AS saved, sum(cache_read_tokens) AS cached,
  countIf(cost_state = 'unpriced') AS unpriced, countIf(cost_state = 'no_usage') AS no_usage,
  sumIf(input_tokens + output_tokens, cost_state = 'unpriced') AS unpriced_tokens,
  toString(sum(input_cost_usd)) AS input_cost, toString(sum(output_cost_usd)) AS output_cost,
  toString(sum(cache_read_cost_usd)) AS read_cost, toString(sum(cache_write_cost_usd)) AS write_cost,
  toString(sum(request_cost_usd)) AS request_cost,
  toString(arraySort(groupArray(duration_ns))[toUInt64(ceil(0.95 * count()))] / 1e9) AS p95`;

/** All measures of a period. */
export async function measure(period: Period, where = '1'): Promise<Row> {
  return (await ask(`SELECT ${MEASURES} FROM ${calls(period, where)}`))[0]!;
}

/** The measures by name, dearest first; an empty name is "(none)", as on the pages. */
export async function measureBy(column: string, period: Period, where = '1'): Promise<Row[]> {
  const rows = await ask(
    `SELECT if(${column} = '', '(none)', toString(${column})) AS name, ${MEASURES} FROM ${calls(period, where)} GROUP BY name ORDER BY sum(cost_usd) DESC, name`
  );
  return rows;
}

/** The last full hour that the ledger knows, seconds since 1970. */
export async function lastHour(): Promise<number> {
  const [row] = await ask('SELECT toUnixTimestamp(toStartOfHour(max(timestamp))) AS second FROM genai.spans FINAL');
  return Number(row!.second);
}
