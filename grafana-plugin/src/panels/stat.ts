import { config } from '@grafana/runtime';
import type { VizPanel } from '@grafana/scenes';
import { PanelBuilders } from '@grafana/scenes';
import { BigValueColorMode, BigValueGraphMode, BigValueTextMode, PercentChangeColorMode } from '@grafana/schema';
import type { PanelQuery } from '../queries/sql.ts';
import { createPanelMenu } from './panel-menu.ts';
import { runQuery } from './run-query.ts';
import type { Unit } from './units.ts';
import { DECIMALS, UNITS } from './units.ts';

export interface StatOptions {
  readonly title: string;
  readonly description: string;
  readonly query: PanelQuery;
  readonly unit: Unit;
  /** How a rise is coloured: green, red, or the same as a fall. */
  readonly rise: 'good' | 'bad' | 'neutral';
}

const CHANGE_COLOURS = {
  good: PercentChangeColorMode.Standard,
  bad: PercentChangeColorMode.Inverted,
  neutral: PercentChangeColorMode.SameAsValue,
} as const;

/** The colours are Grafana's; on white they have too little contrast for small text, and the arrow says the same. */
function changeColour(rise: StatOptions['rise']): PercentChangeColorMode {
  return config.theme2.isDark ? CHANGE_COLOURS[rise] : PercentChangeColorMode.SameAsValue;
}

/** A headline number with its change against the period before. */
export function statPanel({ title, description, query, unit, rise }: StatOptions): VizPanel {
  return PanelBuilders.stat()
    .setTitle(title)
    .setDescription(description)
    .setData(runQuery(query))
    .setUnit(UNITS[unit])
    .setDecimals(DECIMALS[unit])
    .setNoValue('–')
    .setColor({ mode: 'fixed', fixedColor: 'text' })
    .setOption('colorMode', BigValueColorMode.Value)
    .setOption('graphMode', BigValueGraphMode.None)
    .setOption('textMode', BigValueTextMode.Value)
    .setOption('reduceOptions', { calcs: ['last'], fields: '', values: false })
    .setOption('showPercentChange', true)
    .setOption('percentChangeColorMode', changeColour(rise))
    .setOption('text', { valueSize: 28 })
    .setMenu(createPanelMenu(query.alert))
    .build();
}
