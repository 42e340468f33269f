import React from 'react';
import { getDataSourceSrv } from '@grafana/runtime';
import { useSceneApp } from '@grafana/scenes';
import { CLICKHOUSE_TYPE } from '../constants.ts';
import { createSceneApp } from './scene-app.ts';
import { NoDataSource } from './NoDataSource.tsx';

function Pages() {
  const app = useSceneApp(createSceneApp);
  return <app.Component model={app} />;
}

/** The pages, or what to do first when Grafana has no ClickHouse data source. */
export function App() {
  // The list also holds Grafana's built-in sources.
  const found = getDataSourceSrv()
    .getList({ type: CLICKHOUSE_TYPE })
    .some(({ type }) => type === CLICKHOUSE_TYPE);
  return found ? <Pages /> : <NoDataSource />;
}
