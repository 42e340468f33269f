import type { EmbeddedScene } from '@grafana/scenes';
import { pageUrl } from '../../constants.ts';
import { barsPanel } from '../../panels/bars.ts';
import { statPanel } from '../../panels/stat.ts';
import { tablePanel } from '../../panels/table.ts';
import type { TableColumn } from '../../panels/table.ts';
import { spendByModelOverTime, topSpend } from '../../queries/cost.ts';
import {
  callsHeadline,
  errorRateHeadline,
  latencyHeadline,
  spendHeadline,
  tokensHeadline,
} from '../../queries/headlines.ts';
import { topUsers } from '../../queries/users.ts';
import { linkWithFilters } from '../../variables/page-variables.ts';
import { panelRow, statRow } from '../grid.ts';
import { PageBody } from '../PageBody.tsx';
import { createPageScene } from '../page-scene.ts';
import { UncountedNotice } from '../UncountedNotice.tsx';

const TOP_ROWS = 10;
const CHANGE_NOTE = 'The change is against the period of equal length just before.';
const CELL = '${__value.raw:percentencode}';

const MONEY: readonly TableColumn[] = [
  { name: 'spend', title: 'Spend', unit: 'usd', width: 100 },
  { name: 'change', title: 'Change', unit: 'share', width: 85, change: true },
  { name: 'calls_made', title: 'Calls', unit: 'count', width: 75 },
];

function topTable(dimension: 'agent' | 'model', title: string, heading: string) {
  return tablePanel({
    title,
    description: `The ten on which most was spent. ${CHANGE_NOTE}`,
    query: topSpend(dimension, TOP_ROWS),
    columns: [
      {
        name: dimension,
        title: heading,
        link: { title: 'Show its cost', url: linkWithFilters(pageUrl('cost'), dimension, CELL) },
      },
      ...MONEY,
    ],
  });
}

/** Home: how much, how often, how well; who spends. */
export function createHomeScene(): EmbeddedScene {
  return createPageScene(
    new PageBody([
      new UncountedNotice(),
      statRow([
        statPanel({
          title: 'Spend',
          description: `US dollars for calls to models. ${CHANGE_NOTE}`,
          query: spendHeadline,
          unit: 'usd',
          rise: 'bad',
        }),
        statPanel({
          title: 'Calls',
          description: `Calls to models; one call counts once, however many spans describe it. ${CHANGE_NOTE}`,
          query: callsHeadline,
          unit: 'count',
          rise: 'neutral',
        }),
        statPanel({
          title: 'Tokens',
          description: `Input and output tokens, cached and reasoning ones included. ${CHANGE_NOTE}`,
          query: tokensHeadline,
          unit: 'count',
          rise: 'neutral',
        }),
        statPanel({
          title: 'Error rate',
          description: `Share of calls to models that failed. ${CHANGE_NOTE}`,
          query: errorRateHeadline,
          unit: 'share',
          rise: 'bad',
        }),
        statPanel({
          title: 'p95 latency',
          description: `95 of 100 calls to models took at most this long; known within one percent. ${CHANGE_NOTE}`,
          query: latencyHeadline,
          unit: 'seconds',
          rise: 'bad',
        }),
      ]),
      panelRow(320, 600, [
        barsPanel(
          'Spend over time by model',
          'US dollars per bar; the nine dearest models by name, the rest as other.',
          spendByModelOverTime,
          'usd'
        ),
      ]),
      panelRow(380, 420, [
        topTable('agent', 'Top agents', 'Agent'),
        topTable('model', 'Top models', 'Model'),
        tablePanel({
          title: 'Top users',
          description: `The ten end users that cost most. Calls that name no user are left out. ${CHANGE_NOTE}`,
          query: topUsers(TOP_ROWS),
          columns: [{ name: 'user', title: 'User' }, ...MONEY],
        }),
      ]),
    ])
  );
}
