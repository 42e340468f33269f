import type { VizPanel } from '@grafana/scenes';
import { PanelBuilders } from '@grafana/scenes';
import { BarGaugeDisplayMode, BarGaugeValueMode, VizOrientation } from '@grafana/schema';
import type { PanelQuery } from '../queries/sql.ts';
import { createPanelMenu } from './panel-menu.ts';
import { runQuery } from './run-query.ts';
import type { Unit } from './units.ts';
import { DECIMALS, UNITS } from './units.ts';

/** One bar per column of a query that gives one row. */
export function partsPanel(title: string, description: string, query: PanelQuery, unit: Unit): VizPanel {
  return PanelBuilders.bargauge()
    .setTitle(title)
    .setDescription(description)
    .setData(runQuery(query))
    .setUnit(UNITS[unit])
    .setDecimals(DECIMALS[unit])
    .setMin(0)
    .setColor({ mode: 'fixed', fixedColor: 'semi-dark-blue' })
    .setOption('displayMode', BarGaugeDisplayMode.Basic)
    .setOption('valueMode', BarGaugeValueMode.Text)
    .setOption('orientation', VizOrientation.Horizontal)
    .setMenu(createPanelMenu(query.alert))
    .build();
}
