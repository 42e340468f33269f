import type { DataSourceApi, ScopedVars } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import type { SceneDataQuery, VizPanel } from '@grafana/scenes';
import { sceneGraph } from '@grafana/scenes';
import { DATA_SOURCE } from '../variables/data-source.ts';

export interface FilledQuery {
  readonly source: DataSourceApi;
  readonly query: SceneDataQuery;
}

/**
 * The query with the page's filters filled in; time macros stay, so that another period can take the place of the page's. The
 * time zone is filled here too: alert rules know none.
 */
export async function filledQuery(panel: VizPanel, query: SceneDataQuery): Promise<FilledQuery> {
  const scope = { __sceneObject: { value: panel, text: '' } } as ScopedVars;
  const source = await getDataSourceSrv().get(DATA_SOURCE, scope);
  const rawSql = sceneGraph.interpolate(panel, String(query.rawSql));
  return { source, query: { ...query, rawSql, datasource: { uid: source.uid, type: source.type } } };
}
