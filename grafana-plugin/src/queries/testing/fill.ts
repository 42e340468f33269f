import { ALL_VALUES, FILTER_COLUMNS, quote } from '../sql.ts';

export interface Page {
  /** ISO times with a second's precision. */
  readonly from: string;
  readonly to: string;
  readonly intervalSeconds?: number;
  readonly timeZone?: string;
  /** Chosen values by variable; what is not named is "All". */
  readonly chosen?: Readonly<Record<string, readonly string[]>>;
}

const seconds = (iso: string) => String(Date.parse(iso) / 1000);

/** Does what Grafana and the ClickHouse data source do before a query is sent: fills variables and time macros. */
export function fill(sql: string, page: Page): string {
  const literals = (name: string) => {
    const values = page.chosen?.[name] ?? (name in FILTER_COLUMNS ? [ALL_VALUES] : ['model']);
    return values.map(quote).join(',');
  };
  return sql
    .replace(/\$\{(\w+):sqlstring\}/g, (_, name: string) => literals(name))
    .replaceAll('${__timezone}', page.timeZone ?? 'utc')
    .replaceAll('$__interval_s', String(page.intervalSeconds ?? 900))
    .replaceAll('$__fromTime', `toDateTime(${seconds(page.from)})`)
    .replaceAll('$__toTime', `toDateTime(${seconds(page.to)})`);
}
