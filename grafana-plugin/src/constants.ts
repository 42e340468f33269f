import pluginJson from './plugin.json';

export const PLUGIN_ID = pluginJson.id;
export const APP_URL = `/a/${pluginJson.id}`;
export const CLICKHOUSE_TYPE = 'grafana-clickhouse-datasource';

export const ROUTES = { home: 'home', cost: 'cost' } as const;

export function pageUrl(route: keyof typeof ROUTES): string {
  return `${APP_URL}/${ROUTES[route]}`;
}
