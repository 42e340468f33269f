import type { StoredCall, StoredCost } from '../stored-call.ts';
import type { Column } from './column.ts';
import { columnKinds } from './column-kinds.ts';
import { COST_STATES, GUARD_ACTIONS, SPAN_STATUSES, USAGE_STATES } from './enums.ts';

/** A row of `genai.price_amendments`. */
export interface PriceAmendmentRow {
  /** As the store holds it. */
  readonly call: StoredCall;
  readonly after: StoredCost;
  readonly reason: string;
  readonly amendedAtMs: number;
}

const { name, text, count, small, money, flag, choice, nanoseconds, milliseconds } = columnKinds<PriceAmendmentRow>();

/** Every column of `genai.price_amendments`, in the order of migration 0015. The writer reads the first two (write-revisions). */
export const PRICE_AMENDMENT_COLUMNS: readonly Column<PriceAmendmentRow>[] = [
  name('workspace', (row) => row.call.workspace),
  milliseconds('amended_at', (row) => row.amendedAtMs),
  nanoseconds('timestamp', (row) => row.call.timestampNs),
  text('trace_id', (row) => row.call.traceId),
  text('span_id', (row) => row.call.spanId),
  { name: 'revision', type: 'UInt32', write: (writer, row) => writer.uint32(row.call.revision + 1) },
  name('service_name', (row) => row.call.serviceName),
  name('environment', (row) => row.call.environment),
  name('department', (row) => row.call.department),
  name('operation', (row) => row.call.operation),
  name('provider', (row) => row.call.provider),
  name('model', (row) => row.call.responseModel || row.call.requestModel),
  name('service_tier', (row) => row.call.serviceTier),
  name('agent_name', (row) => row.call.agentName),
  name('agent_version', (row) => row.call.agentVersion),
  name('tool_name', (row) => row.call.toolName),
  text('user_id', (row) => row.call.userId),
  count('duration_ns', (row) => row.call.durationNs),
  count('input_tokens', (row) => row.call.inputTokens),
  count('output_tokens', (row) => row.call.outputTokens),
  count('cache_read_tokens', (row) => row.call.cacheReadTokens),
  count('cache_write_tokens', (row) => row.call.cacheWriteTokens),
  count('cache_write_1h_tokens', (row) => row.call.cacheWrite1hTokens),
  count('reasoning_tokens', (row) => row.call.reasoningTokens),
  count('audio_input_tokens', (row) => row.call.audioInputTokens),
  count('audio_output_tokens', (row) => row.call.audioOutputTokens),
  small('retries', (row) => row.call.retries),
  choice('usage_state', USAGE_STATES, (row) => row.call.usageState),
  flag('billable', (row) => row.call.billable),
  choice('status', SPAN_STATUSES, (row) => row.call.status),
  choice('guard_action', GUARD_ACTIONS, (row) => row.call.guardAction),
  money('reported_cost_usd', (row) => row.call.reportedCostPico),
  ...costColumns('', (row) => row.after),
  ...costColumns('old_', (row) => row.call),
  name('reason', (row) => row.reason),
];

function costColumns(
  prefix: '' | 'old_',
  pick: (row: PriceAmendmentRow) => StoredCost
): readonly Column<PriceAmendmentRow>[] {
  return [
    money(`${prefix}cost_usd`, (row) => pick(row).costPico),
    money(`${prefix}input_cost_usd`, (row) => pick(row).inputCostPico),
    money(`${prefix}output_cost_usd`, (row) => pick(row).outputCostPico),
    money(`${prefix}cache_read_cost_usd`, (row) => pick(row).cacheReadCostPico),
    money(`${prefix}cache_write_cost_usd`, (row) => pick(row).cacheWriteCostPico),
    money(`${prefix}request_cost_usd`, (row) => pick(row).requestCostPico),
    money(`${prefix}cache_savings_usd`, (row) => pick(row).cacheSavingsPico),
    choice(`${prefix}cost_state`, COST_STATES, (row) => pick(row).costState),
    name(`${prefix}price_id`, (row) => pick(row).priceId),
  ];
}
