import React, { useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2, PanelData } from '@grafana/data';
import { formattedValueToString, getDisplayProcessor, LoadingState } from '@grafana/data';
import type { VizPanel } from '@grafana/scenes';
import { sceneGraph, SceneQueryRunner } from '@grafana/scenes';
import { Button, ClipboardButton, Drawer, Tab, TabsBar, useStyles2, useTheme2 } from '@grafana/ui';
import { TEST_IDS } from '../test-ids.ts';
import { csvText } from './csv-text.ts';
import { shownSql } from './shown-sql.ts';

/** Rows drawn; the CSV file holds all. */
const ROWS_SHOWN = 200;
const TABS = ['Data', 'Query', 'Stats'] as const;

interface InspectDrawerProps {
  readonly panel: VizPanel;
  readonly onClose: () => void;
}

/** What stands behind a panel: the rows it draws, the statement that was sent, how long it took. */
export function InspectDrawer({ panel, onClose }: InspectDrawerProps) {
  const { data } = sceneGraph.getData(panel).useState();
  const [tab, setTab] = useState<(typeof TABS)[number]>('Data');
  const title = sceneGraph.interpolate(panel, panel.state.title);
  const tabs = (
    <TabsBar>
      {TABS.map((name) => (
        <Tab key={name} label={name} active={name === tab} onChangeTab={() => setTab(name)} />
      ))}
    </TabsBar>
  );
  return (
    <Drawer title={`Inspect: ${title}`} onClose={onClose} tabs={tabs} size="md">
      <div data-testid={TEST_IDS.inspect}>
        {tab === 'Data' && <Rows data={data} title={title} />}
        {tab === 'Query' && <Statement data={data} panel={panel} />}
        {tab === 'Stats' && <Stats data={data} />}
      </div>
    </Drawer>
  );
}

function Rows({ data, title }: { readonly data: PanelData | undefined; readonly title: string }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const frames = (data?.series ?? []).filter(({ length }) => length > 0);
  if (frames.length === 0) {
    return <p>{data?.state === LoadingState.Error ? 'The query failed; see Stats.' : 'No rows.'}</p>;
  }
  return (
    <>
      {frames.map((frame, index) => (
        <div key={index} className={styles.frame} role="region" aria-label={`Rows of ${title}`} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                {frame.fields.map((field, column) => (
                  <th key={column} scope="col">
                    {Object.values(field.labels ?? {}).join(' ') || field.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {Array.from({ length: Math.min(frame.length, ROWS_SHOWN) }, (_, row) => (
                <tr key={row}>
                  {frame.fields.map((field, column) => (
                    <td key={column}>
                      {formattedValueToString(
                        (field.display ?? getDisplayProcessor({ field, theme }))(field.values[row])
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {frame.length > ROWS_SHOWN && (
            <p>
              {ROWS_SHOWN} of {frame.length} rows; the file holds all.
            </p>
          )}
          <Button icon="download-alt" variant="secondary" onClick={() => download(csvText(frame), title)}>
            Download CSV
          </Button>
        </div>
      ))}
    </>
  );
}

function Statement({ data, panel }: { readonly data: PanelData | undefined; readonly panel: VizPanel }) {
  const styles = useStyles2(getStyles);
  const runner = sceneGraph.getData(panel);
  const written = runner instanceof SceneQueryRunner ? String(runner.state.queries[0]?.rawSql ?? '') : '';
  const sql = shownSql(data?.series ?? []) ?? sceneGraph.interpolate(panel, written);
  return (
    <>
      <pre className={styles.sql} tabIndex={0} aria-label="SQL">
        {sql}
      </pre>
      <ClipboardButton icon="copy" variant="secondary" getText={() => sql}>
        Copy
      </ClipboardButton>
    </>
  );
}

function Stats({ data }: { readonly data: PanelData | undefined }) {
  const styles = useStyles2(getStyles);
  const { startTime, endTime } = data?.request ?? {};
  const facts: Array<readonly [string, string]> = [
    ['State', data?.state ?? LoadingState.NotStarted],
    ['Time of the request', endTime && startTime ? `${endTime - startTime} ms` : '–'],
    ['Rows', String((data?.series ?? []).reduce((sum, { length }) => sum + length, 0))],
    ['Period', data ? `${data.timeRange.from.toISOString()} to ${data.timeRange.to.toISOString()}` : '–'],
    ...(data?.errors ?? []).map(({ message }) => ['Error', message ?? 'The data source gave no reason.'] as const),
  ];
  return (
    <dl className={styles.stats}>
      {facts.map(([name, value]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

function download(text: string, title: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = `${title}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ overflowX: 'auto', marginBottom: theme.spacing(2) }),
  table: css({
    marginBottom: theme.spacing(2),
    'th, td': { padding: theme.spacing(0.5, 1.5, 0.5, 0), textAlign: 'left', whiteSpace: 'nowrap' },
    'tbody tr': { borderTop: `1px solid ${theme.colors.border.weak}` },
  }),
  sql: css({ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }),
  stats: css({
    display: 'grid',
    gridTemplateColumns: 'max-content 1fr',
    gap: theme.spacing(1, 3),
    dd: { margin: 0, overflowWrap: 'anywhere' },
  }),
});
