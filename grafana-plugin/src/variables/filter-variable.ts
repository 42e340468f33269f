import type { VariableValue } from '@grafana/scenes';
import { QueryVariable } from '@grafana/scenes';
import { VariableRefresh } from '@grafana/schema';
import { filterOptions } from '../queries/books.ts';
import type { FilterName } from '../queries/sql.ts';
import { ALL_VALUES, quote } from '../queries/sql.ts';
import { DATA_SOURCE } from './data-source.ts';
import { formatValue } from './format-value.ts';

/** A filter of the page: several values or all, quoted for ClickHouse. Whatever stands in the URL stays a literal. */
export class FilterVariable extends QueryVariable {
  public getValue(): VariableValue {
    const value = super.getValue();
    // The custom "all" value of Grafana: inserted as it is, hence quoted below.
    if (value !== null && typeof value === 'object' && 'formatter' in value) {
      return value;
    }
    return formatValue(this.state.name, value);
  }
}

export function createFilterVariable(name: FilterName, label: string): FilterVariable {
  return new FilterVariable({
    name,
    label,
    datasource: DATA_SOURCE,
    query: { refId: name, queryType: 'sql', rawSql: filterOptions(name) } as unknown as string,
    refresh: VariableRefresh.onTimeRangeChanged,
    isMulti: true,
    includeAll: true,
    defaultToAll: true,
    allValue: quote(ALL_VALUES),
  });
}
