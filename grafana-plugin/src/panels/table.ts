import { config } from '@grafana/runtime';
import type { VizPanel } from '@grafana/scenes';
import { PanelBuilders } from '@grafana/scenes';
import type { PanelQuery } from '../queries/sql.ts';
import { createPanelMenu } from './panel-menu.ts';
import { runQuery } from './run-query.ts';
import type { Unit } from './units.ts';
import { DECIMALS, UNITS } from './units.ts';

/** A column of the query. */
export interface TableColumn {
  readonly name: string;
  readonly title: string;
  readonly unit?: Unit;
  readonly width?: number;
  /** Where a click on the cell leads; `${__value.text:percentencode}` is the cell. */
  readonly link?: { readonly title: string; readonly url: string };
  /** Colours a rise red and a fall green. */
  readonly change?: boolean;
}

export interface TableOptions {
  readonly title: string;
  readonly description: string;
  readonly query: PanelQuery;
  readonly columns: readonly TableColumn[];
}

/** Less is better. Grafana's green and red have too little contrast as text on white. */
function changeSteps() {
  const { isDark } = config.theme2;
  return [
    { value: -Infinity, color: isDark ? 'green' : 'dark-green' },
    { value: -0.0005, color: 'text' },
    { value: 0.0005, color: isDark ? 'red' : 'dark-red' },
  ];
}

/** A sortable table of a query's rows; text from the ledger is shown as it is, never as HTML or a link of its own. */
export function tablePanel({ title, description, query, columns }: TableOptions): VizPanel {
  return PanelBuilders.table()
    .setTitle(title)
    .setDescription(description)
    .setData(runQuery(query))
    .setNoValue('–')
    .setOverrides((overrides) => {
      for (const { name, title: heading, unit, width, link, change } of columns) {
        const column = overrides.matchFieldsWithName(name).overrideDisplayName(heading);
        if (unit !== undefined) {
          column.overrideUnit(UNITS[unit]).overrideDecimals(DECIMALS[unit]);
        }
        if (width !== undefined) {
          column.overrideCustomFieldConfig('width', width);
        }
        if (link !== undefined) {
          column.overrideLinks([link]);
        }
        if (change === true) {
          column
            .overrideThresholds({ mode: 'absolute' as never, steps: changeSteps() })
            .overrideCustomFieldConfig('cellOptions', { type: 'color-text' as never });
        }
      }
    })
    .setMenu(createPanelMenu(query.alert))
    .build();
}
