import type { SceneVariable } from '@grafana/scenes';
import { getDataSourceSrv } from '@grafana/runtime';
import { DataSourceVariable, SceneVariableSet } from '@grafana/scenes';
import { CLICKHOUSE_TYPE } from '../constants.ts';
import type { FilterName } from '../queries/sql.ts';
import { createFilterVariable } from './filter-variable.ts';

const FILTER_LABELS: Readonly<Record<FilterName, string>> = {
  workspace: 'Workspace',
  environment: 'Environment',
  department: 'Department',
  provider: 'Provider',
  model: 'Model',
  agent: 'Agent',
};
const FILTER_NAMES = Object.keys(FILTER_LABELS) as FilterName[];

/** What the links between pages carry. */
export const PAGE_URL_KEYS = [
  'from',
  'to',
  'timezone',
  'refresh',
  'var-ds',
  ...FILTER_NAMES.map((name) => `var-${name}`),
];

/** The uid that `provisioning/datasources` gives. */
const PROVISIONED_UID = 'spanledger';

/** Where a page without a data source in its URL reads: the provisioned one, else Grafana's default, else the first. */
function preferredSource(): string | undefined {
  const sources = getDataSourceSrv()
    .getList({ type: CLICKHOUSE_TYPE })
    .filter(({ type }) => type === CLICKHOUSE_TYPE);
  const preferred =
    sources.find(({ uid }) => uid === PROVISIONED_UID) ?? sources.find(({ isDefault }) => isDefault) ?? sources[0];
  return preferred?.uid;
}

/** Data source and filters: the same on every page, a set of its own for each. */
export function createPageVariables(more: SceneVariable[] = []): SceneVariableSet {
  return new SceneVariableSet({
    variables: [
      new DataSourceVariable({ name: 'ds', label: 'Data source', pluginId: CLICKHOUSE_TYPE, value: preferredSource() }),
      ...FILTER_NAMES.map((name) => createFilterVariable(name, FILTER_LABELS[name])),
      ...more,
    ],
  });
}

/**
 * URL of a page with everything the page has now, as a panel's data link: Grafana fills it. `without` names the filter that the
 * link sets itself.
 */
export function linkWithFilters(url: string, without: FilterName, value: string): string {
  const kept = FILTER_NAMES.filter((name) => name !== without).map((name) => `\${${name}:queryparam}`);
  return `${url}?\${__url_time_range}&\${ds:queryparam}&${kept.join('&')}&var-${without}=${value}`;
}
