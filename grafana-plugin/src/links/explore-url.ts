import { urlUtil } from '@grafana/data';
import type { VizPanel } from '@grafana/scenes';
import { sceneGraph, SceneQueryRunner } from '@grafana/scenes';
import { filledQuery } from './filled-query.ts';

/** Explore with the panel's SQL, filters filled in, and the page's period. */
export async function exploreUrl(panel: VizPanel): Promise<string> {
  const runner = sceneGraph.getData(panel);
  if (!(runner instanceof SceneQueryRunner)) {
    throw new Error('The panel has no query of its own.');
  }
  const { source, query } = await filledQuery(panel, runner.state.queries[0]);
  const { from, to } = sceneGraph.getTimeRange(panel).state;
  const panes = { a: { datasource: source.uid, queries: [query], range: { from, to } } };
  return urlUtil.renderUrl('/explore', { schemaVersion: 1, orgId: 1, panes: JSON.stringify(panes) });
}
