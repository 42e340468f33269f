import type { VariableValue } from '@grafana/scenes';
import { CustomVariable } from '@grafana/scenes';
import { formatValue } from './format-value.ts';

/** One of a fixed list, quoted for ClickHouse: the URL may hold anything. */
export class ChoiceVariable extends CustomVariable {
  public getValue(): VariableValue {
    return formatValue(this.state.name, super.getValue());
  }
}
