import type { CustomVariableValue } from '@grafana/scenes';
import { quote } from '../queries/sql.ts';

/** The variable's values as SQL literals of ClickHouse, as URL parameters, or plain. */
export function formatValue(name: string, value: unknown): CustomVariableValue {
  const values = Array.isArray(value) ? value : [value];
  return {
    formatter: (format) => {
      if (format === 'sqlstring') {
        return values.map(quote).join(',');
      }
      if (format === 'queryparam') {
        return values.map((each) => `var-${name}=${encodeURIComponent(String(each))}`).join('&');
      }
      return values.join(',');
    },
  };
}
