import type { DataFrame } from '@grafana/data';

/** The statement as the data source sent it, time macros filled; undefined when it did not say. */
export function shownSql(frames: readonly DataFrame[]): string | undefined {
  return frames.map(({ meta }) => meta?.executedQueryString).find((sql) => sql !== undefined && sql !== '');
}
