import React from 'react';
import type { SceneComponentProps, SceneObject, SceneObjectState, VizPanel } from '@grafana/scenes';
import { SceneObjectBase } from '@grafana/scenes';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { LoadingState } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { InspectDrawer } from '../inspect/InspectDrawer.tsx';
import { InspectEvent } from '../inspect/inspect-event.ts';
import { runQuery } from '../panels/run-query.ts';
import { anythingStored } from '../queries/books.ts';
import { FirstRun } from './FirstRun.tsx';
import { readNumber } from './read-number.ts';
import { StoreError } from './StoreError.tsx';

interface PageBodyState extends SceneObjectState {
  rows: SceneObject[];
  inspected?: VizPanel;
}

/** The rows of a page; in their place a guide as long as nothing was ever stored, and above them the error of a store that does not answer. */
export class PageBody extends SceneObjectBase<PageBodyState> {
  public static Component = PageBodyView;

  public constructor(rows: SceneObject[]) {
    super({ rows, $data: runQuery(anythingStored) });
    this.addActivationHandler(() => {
      const opened = this.subscribeToEvent(InspectEvent, ({ payload }) => this.setState({ inspected: payload }));
      return () => opened.unsubscribe();
    });
  }
}

function PageBodyView({ model }: SceneComponentProps<PageBody>) {
  const styles = useStyles2(getStyles);
  const { rows, inspected, $data } = model.useState();
  const { data } = $data!.useState();
  if (data?.state === LoadingState.Done && readNumber(data.series, 'stored') === 0) {
    return <FirstRun />;
  }
  return (
    <div className={styles.rows}>
      {data?.state === LoadingState.Error && <StoreError message={data.errors?.[0]?.message} />}
      {rows.map((row) => (
        <div key={row.state.key}>
          <row.Component model={row} />
        </div>
      ))}
      {inspected && <InspectDrawer panel={inspected} onClose={() => model.setState({ inspected: undefined })} />}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  rows: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), width: '100%' }),
});
