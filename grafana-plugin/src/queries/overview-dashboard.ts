import { costTable, spendByModelOverTime, topSpend } from './cost.ts';
import {
  callsHeadline,
  errorRateHeadline,
  latencyHeadline,
  spendHeadline,
  tokensHeadline,
  unpricedTokensHeadline,
} from './headlines.ts';
import { filterOptions } from './books.ts';
import type { FilterName, PanelQuery } from './sql.ts';
import { ALL_VALUES, FILTER_COLUMNS, quote } from './sql.ts';
import { topUsers } from './users.ts';

const TYPE = 'grafana-clickhouse-datasource';
const SOURCE = { type: TYPE, uid: '${ds}' };
const BARS = 40;
const TOP_ROWS = 10;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function panel(
  title: string,
  type: string,
  place: Place,
  query: PanelQuery,
  look: { defaults: object; options?: object }
) {
  return {
    title,
    type,
    gridPos: place,
    datasource: SOURCE,
    maxDataPoints: BARS,
    interval: '15m',
    targets: [
      {
        refId: 'A',
        datasource: SOURCE,
        editorType: 'sql',
        queryType: query.format,
        format: query.format === 'timeseries' ? 0 : 1,
        rawSql: query.sql,
      },
    ],
    fieldConfig: { defaults: look.defaults, overrides: [] },
    options: look.options ?? {},
  };
}

function stat(
  title: string,
  column: number,
  query: PanelQuery,
  unit: string,
  decimals: number | undefined,
  rise: string
) {
  return panel(title, 'stat', { x: column * 4, y: 0, w: 4, h: 4 }, query, {
    defaults: {
      unit,
      ...(decimals !== undefined && { decimals }),
      noValue: '–',
      color: { mode: 'fixed', fixedColor: 'text' },
    },
    options: {
      colorMode: 'value',
      graphMode: 'none',
      textMode: 'value',
      reduceOptions: { calcs: ['last'], fields: '', values: false },
      showPercentChange: true,
      percentChangeColorMode: rise,
      text: { valueSize: 28 },
    },
  });
}

function table(title: string, place: Place, query: PanelQuery) {
  const column = (name: string, displayName: string, unit?: string, decimals?: number, width?: number) => ({
    matcher: { id: 'byName', options: name },
    properties: [
      { id: 'displayName', value: displayName },
      ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
      ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
    ],
  });
  const drawn = panel(title, 'table', place, query, { defaults: { noValue: '–', custom: { minWidth: 60 } } });
  drawn.fieldConfig.overrides = [
    column('department', 'Department'),
    column('agent', 'Agent'),
    column('model', 'Model'),
    column('user', 'User'),
    column('spend', 'Spend', 'currency:financial:$', 2, 100),
    column('change', 'Change', 'percentunit', 1, 85),
    column('calls_made', 'Calls', 'locale', 0, 75),
    column('input', 'Tokens in', 'locale', 0),
    column('output', 'Tokens out', 'locale', 0),
    column('saved', 'Saved by cache', 'currency:financial:$', 2),
    column('unpriced', 'Unpriced calls', 'locale', 0),
  ] as never[];
  return drawn;
}

/** The dashboard of `provisioning/dashboards/overview.json`: the app's queries for those who want a dashboard to copy from. */
export function overviewDashboard() {
  const panels = [
    stat('Spend', 0, spendHeadline, 'currency:financial:$', 2, 'inverted'),
    stat('Calls', 1, callsHeadline, 'locale', 0, 'same_as_value'),
    stat('Tokens', 2, tokensHeadline, 'locale', 0, 'same_as_value'),
    stat('Error rate', 3, errorRateHeadline, 'percentunit', 1, 'inverted'),
    stat('p95 latency', 4, latencyHeadline, 's', undefined, 'inverted'),
    stat('Unpriced tokens', 5, unpricedTokensHeadline, 'locale', 0, 'inverted'),
    panel('Spend over time by model', 'timeseries', { x: 0, y: 4, w: 24, h: 9 }, spendByModelOverTime, {
      defaults: {
        unit: 'currency:financial:$',
        decimals: 2,
        min: 0,
        displayName: '${__field.labels.series}',
        custom: { drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking: { mode: 'normal' } },
      },
      options: {
        legend: {
          showLegend: true,
          displayMode: 'table',
          placement: 'right',
          calcs: ['sum'],
          sortBy: 'Total',
          sortDesc: true,
        },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
    }),
    table('Departments', { x: 0, y: 13, w: 24, h: 8 }, costTable('department')),
    table('Top agents', { x: 0, y: 21, w: 8, h: 9 }, topSpend('agent', TOP_ROWS)),
    table('Top models', { x: 8, y: 21, w: 8, h: 9 }, topSpend('model', TOP_ROWS)),
    table('Top users', { x: 16, y: 21, w: 8, h: 9 }, topUsers(TOP_ROWS)),
  ];
  const filters = (Object.keys(FILTER_COLUMNS) as FilterName[]).map((name) => ({
    type: 'query',
    name,
    label: name.charAt(0).toUpperCase() + name.slice(1),
    datasource: SOURCE,
    query: { refId: name, queryType: 'sql', rawSql: filterOptions(name) },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: quote(ALL_VALUES),
    current: { text: ['All'], value: ['$__all'] },
  }));
  return {
    uid: 'spanledger-overview',
    title: 'Spanledger overview',
    tags: ['spanledger'],
    schemaVersion: 42,
    editable: false,
    time: { from: 'now-7d', to: 'now' },
    refresh: '',
    links: [
      {
        title: 'Spanledger app',
        type: 'link',
        url: '/a/spanledger-genai-app/home',
        icon: 'external link',
        keepTime: true,
        includeVars: true,
      },
    ],
    templating: { list: [{ type: 'datasource', name: 'ds', label: 'Data source', query: TYPE }, ...filters] },
    panels: panels.map((each, index) => ({ id: index + 1, ...each })),
  };
}
