import type { TableColumn } from '../table-rows.ts';
import { COLUMN_TYPES } from './column-types.ts';
import { SPAN_COLUMNS } from './span-columns.ts';

const SPAN_TYPES = new Map(SPAN_COLUMNS.map(({ name, type }) => [name, type]));

/** Columns that `genai.spans` has too, or has as they are now where these tell what was. */
const ofSpans = (names: string, prefix: '' | 'old_' = ''): readonly TableColumn[] =>
  names.split(/\s+/).map((name) => ({ name: prefix + name, type: SPAN_TYPES.get(name)! }));

const COST =
  'cost_usd input_cost_usd output_cost_usd cache_read_cost_usd cache_write_cost_usd request_cost_usd cache_savings_usd cost_state price_id';

/** Every column of `genai.price_amendments`, in the order of migration 0015. The writer reads the first two (write-revisions). */
export const PRICE_AMENDMENT_COLUMNS: readonly TableColumn[] = [
  ...ofSpans('workspace'),
  { name: 'amended_at', type: COLUMN_TYPES.milliseconds },
  ...ofSpans('timestamp trace_id span_id revision service_name environment department operation provider'),
  { name: 'model', type: COLUMN_TYPES.name },
  ...ofSpans('service_tier agent_name agent_version tool_name user_id duration_ns input_tokens output_tokens'),
  ...ofSpans('cache_read_tokens cache_write_tokens cache_write_1h_tokens reasoning_tokens audio_input_tokens'),
  ...ofSpans('audio_output_tokens retries usage_state billable status guard_action reported_cost_usd'),
  ...ofSpans(COST),
  ...ofSpans(COST, 'old_'),
  { name: 'reason', type: COLUMN_TYPES.name },
];
