import type { SpanRow } from '../span-row.ts';
import type { Column } from './column.ts';
import { columnKinds } from './column-kinds.ts';
import { COST_STATES, GUARD_ACTIONS, SPAN_STATUSES, USAGE_STATES } from './enums.ts';

/** A row of `genai.span_amendments`. */
export interface AmendmentRow {
  readonly span: SpanRow;
  readonly revision: number;
  readonly sign: -1 | 1;
  readonly reason: string;
  readonly amendedAtMs: number;
}

const { name, text, count, small, money, flag, choice, nanoseconds, milliseconds } = columnKinds<AmendmentRow>();

/** Every column of `genai.span_amendments`, in the order of migration 0002. */
export const AMENDMENT_COLUMNS: readonly Column<AmendmentRow>[] = [
  name('workspace', (row) => row.span.workspace),
  nanoseconds('timestamp', (row) => row.span.timestampNs),
  text('trace_id', (row) => row.span.traceId),
  text('span_id', (row) => row.span.spanId),
  text('parent_span_id', (row) => row.span.parentSpanId),
  name('span_name', (row) => row.span.spanName),
  name('service_name', (row) => row.span.serviceName),
  name('environment', (row) => row.span.environment),
  name('department', (row) => row.span.department),
  name('operation', (row) => row.span.operation),
  name('provider', (row) => row.span.provider),
  name('request_model', (row) => row.span.requestModel),
  name('response_model', (row) => row.span.responseModel),
  count('duration_ns', (row) => row.span.durationNs),
  count('time_to_first_token_ns', (row) => row.span.timeToFirstTokenNs),
  count('input_tokens', (row) => row.span.inputTokens),
  count('output_tokens', (row) => row.span.outputTokens),
  count('cache_read_tokens', (row) => row.span.cacheReadTokens),
  count('cache_write_tokens', (row) => row.span.cacheWriteTokens),
  count('cache_write_1h_tokens', (row) => row.span.cacheWrite1hTokens),
  count('reasoning_tokens', (row) => row.span.reasoningTokens),
  count('audio_input_tokens', (row) => row.span.audioInputTokens),
  count('audio_output_tokens', (row) => row.span.audioOutputTokens),
  choice('usage_state', USAGE_STATES, (row) => row.span.usageState),
  money('cost_usd', (row) => row.span.costPico),
  money('input_cost_usd', (row) => row.span.inputCostPico),
  money('output_cost_usd', (row) => row.span.outputCostPico),
  money('cache_read_cost_usd', (row) => row.span.cacheReadCostPico),
  money('cache_write_cost_usd', (row) => row.span.cacheWriteCostPico),
  money('request_cost_usd', (row) => row.span.requestCostPico),
  money('cache_savings_usd', (row) => row.span.cacheSavingsPico),
  money('reported_cost_usd', (row) => row.span.reportedCostPico),
  choice('cost_state', COST_STATES, (row) => row.span.costState),
  name('price_id', (row) => row.span.priceId),
  name('service_tier', (row) => row.span.serviceTier),
  flag('billable', (row) => row.span.billable),
  choice('status', SPAN_STATUSES, (row) => row.span.status),
  small('retries', (row) => row.span.retries),
  name('agent_name', (row) => row.span.agentName),
  name('agent_version', (row) => row.span.agentVersion),
  name('tool_name', (row) => row.span.toolName),
  text('conversation_id', (row) => row.span.conversationId),
  text('user_id', (row) => row.span.userId),
  choice('guard_action', GUARD_ACTIONS, (row) => row.span.guardAction),
  { name: 'revision', type: 'UInt32', write: (writer, row) => writer.uint32(row.revision) },
  { name: 'sign', type: 'Int8', write: (writer, row) => writer.int8(row.sign) },
  name('reason', (row) => row.reason),
  milliseconds('amended_at', (row) => row.amendedAtMs),
];
