import type { VizPanel } from '@grafana/scenes';
import { PanelBuilders } from '@grafana/scenes';
import { GraphDrawStyle, LegendDisplayMode, SortOrder, StackingMode, TooltipDisplayMode } from '@grafana/schema';
import type { PanelQuery } from '../queries/sql.ts';
import { createPanelMenu } from './panel-menu.ts';
import { runQuery } from './run-query.ts';
import type { Unit } from './units.ts';
import { DECIMALS, UNITS } from './units.ts';

/** Stacked bars over time, one series per value of the query's column `series`. */
export function barsPanel(title: string, description: string, query: PanelQuery, unit: Unit): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(title)
    .setDescription(description)
    .setData(runQuery(query))
    .setUnit(UNITS[unit])
    .setDecimals(DECIMALS[unit])
    .setMin(0)
    .setDisplayName('${__field.labels.series}')
    .setCustomFieldConfig('drawStyle', GraphDrawStyle.Bars)
    .setCustomFieldConfig('fillOpacity', 80)
    .setCustomFieldConfig('lineWidth', 0)
    .setCustomFieldConfig('stacking', { mode: StackingMode.Normal })
    .setOption('tooltip', { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending })
    .setOption('legend', {
      showLegend: true,
      displayMode: LegendDisplayMode.Table,
      placement: 'right',
      calcs: ['sum'],
      sortBy: 'Total',
      sortDesc: true,
    })
    .setMenu(createPanelMenu(query.alert))
    .build();
}
