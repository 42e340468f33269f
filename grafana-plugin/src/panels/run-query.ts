import { SceneQueryRunner } from '@grafana/scenes';
import type { PanelQuery } from '../queries/sql.ts';
import { DATA_SOURCE } from '../variables/data-source.ts';

/** Bars of a time series; with the page's period it decides the width of a bar, at least a quarter of an hour. */
const BARS = 40;
const SHORTEST_BAR = '15m';

/** A runner for the ClickHouse data source. `editorType` makes Explore and alert rules open it as SQL. */
export function runQuery({ sql, format }: PanelQuery): SceneQueryRunner {
  return new SceneQueryRunner({
    datasource: DATA_SOURCE,
    maxDataPoints: BARS,
    minInterval: SHORTEST_BAR,
    queries: [
      {
        refId: 'A',
        datasource: DATA_SOURCE,
        editorType: 'sql',
        queryType: format,
        format: format === 'timeseries' ? 0 : 1,
        rawSql: sql,
      },
    ],
  });
}
