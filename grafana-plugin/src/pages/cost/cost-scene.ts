import type { EmbeddedScene } from '@grafana/scenes';
import { pageUrl } from '../../constants.ts';
import { barsPanel } from '../../panels/bars.ts';
import { partsPanel } from '../../panels/parts.ts';
import { statPanel } from '../../panels/stat.ts';
import { tablePanel } from '../../panels/table.ts';
import { costParts, costTable, spendByChoiceOverTime, unpricedModels } from '../../queries/cost.ts';
import {
  cachedShareHeadline,
  savingsHeadline,
  spendHeadline,
  unpricedTokensHeadline,
} from '../../queries/headlines.ts';
import { COST_DIMENSIONS } from '../../queries/sql.ts';
import { ChoiceVariable } from '../../variables/choice-variable.ts';
import { linkWithFilters } from '../../variables/page-variables.ts';
import { panelRow, statRow } from '../grid.ts';
import { PageBody } from '../PageBody.tsx';
import { createPageScene } from '../page-scene.ts';
import { UncountedNotice } from '../UncountedNotice.tsx';

const CELL = '${__value.raw:percentencode}';
const CHANGE_NOTE = 'The change is against the period of equal length just before.';

function breakdown(dimension: 'department' | 'model' | 'agent' | 'provider', heading: string) {
  return tablePanel({
    title: `By ${dimension}`,
    description: `Click a name to see only its cost. ${CHANGE_NOTE}`,
    query: costTable(dimension),
    columns: [
      {
        name: dimension,
        title: heading,
        link: { title: 'Show only this', url: linkWithFilters(pageUrl('cost'), dimension, CELL) },
      },
      { name: 'spend', title: 'Spend', unit: 'usd', width: 110 },
      { name: 'change', title: 'Change', unit: 'share', width: 90, change: true },
      { name: 'calls_made', title: 'Calls', unit: 'count', width: 90 },
      { name: 'input', title: 'Tokens in', unit: 'count', width: 120 },
      { name: 'output', title: 'Tokens out', unit: 'count', width: 115 },
      { name: 'saved', title: 'Saved by cache', unit: 'usd', width: 130 },
      { name: 'unpriced', title: 'Unpriced calls', unit: 'count', width: 125 },
    ],
  });
}

/** Cost overview: who spends on what, what the money went for, what is saved, what is not counted. */
export function createCostScene(): EmbeddedScene {
  const by = new ChoiceVariable({
    name: 'by',
    label: 'Spend over time by',
    query: Object.keys(COST_DIMENSIONS).join(','),
    value: 'department',
    text: 'department',
  });
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
          title: 'Saved by caching',
          description: `What the cached tokens would have cost more, minus what writing the cache cost more. ${CHANGE_NOTE}`,
          query: savingsHeadline,
          unit: 'usd',
          rise: 'good',
        }),
        statPanel({
          title: 'Input from cache',
          description: `Share of the input tokens that the provider read from its cache. ${CHANGE_NOTE}`,
          query: cachedShareHeadline,
          unit: 'share',
          rise: 'good',
        }),
        statPanel({
          title: 'Unpriced tokens',
          description: `Input and output tokens of calls for which no price was found: spend nobody has counted. ${CHANGE_NOTE}`,
          query: unpricedTokensHeadline,
          unit: 'count',
          rise: 'bad',
        }),
      ]),
      panelRow(320, 600, [
        barsPanel(
          'Spend over time by ${by}',
          'US dollars per bar; the nine dearest by name, the rest as other.',
          spendByChoiceOverTime,
          'usd'
        ),
      ]),
      panelRow(300, 420, [
        partsPanel('What the money went for', 'The parts add up to the spend.', costParts, 'usd'),
        tablePanel({
          title: 'Models without a price',
          description: 'Most tokens first. Add a price with spanledger prices set, then re-price the past.',
          query: unpricedModels,
          columns: [
            { name: 'provider_name', title: 'Provider', width: 140 },
            { name: 'model_name', title: 'Model' },
            { name: 'calls_unpriced', title: 'Calls', unit: 'count', width: 90 },
            { name: 'tokens', title: 'Tokens', unit: 'count', width: 120 },
          ],
        }),
      ]),
      panelRow(360, 720, [
        breakdown('department', 'Department'),
        breakdown('model', 'Model'),
        breakdown('agent', 'Agent'),
        breakdown('provider', 'Provider'),
      ]),
    ]),
    [by]
  );
}
