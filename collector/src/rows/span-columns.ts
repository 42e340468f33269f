import type { SpanRow } from '../span-row.ts';
import type { Column } from './column.ts';
import { COST_STATES, GUARD_ACTIONS, SPAN_STATUSES, USAGE_STATES, enumType } from './enums.ts';

const NAME = 'LowCardinality(String)';

const name = (column: string, pick: (row: SpanRow) => string): Column<SpanRow> => ({
  name: column,
  type: NAME,
  write: (writer, row) => writer.string(pick(row)),
});
const text = (column: string, pick: (row: SpanRow) => string): Column<SpanRow> => ({
  name: column,
  type: 'String',
  write: (writer, row) => writer.string(pick(row)),
});
const count = (column: string, pick: (row: SpanRow) => number): Column<SpanRow> => ({
  name: column,
  type: 'UInt64',
  write: (writer, row) => writer.uint64(pick(row)),
});
const money = (column: string, pick: (row: SpanRow) => bigint): Column<SpanRow> => ({
  name: column,
  type: 'Decimal(18, 12)',
  write: (writer, row) => writer.int64(pick(row)),
});
const flag = (column: string, pick: (row: SpanRow) => boolean): Column<SpanRow> => ({
  name: column,
  type: 'UInt8',
  write: (writer, row) => writer.uint8(pick(row) ? 1 : 0),
});
const names = (column: string, pick: (row: SpanRow) => readonly string[]): Column<SpanRow> => ({
  name: column,
  type: `Array(${NAME})`,
  write: (writer, row) => writer.strings(pick(row)),
});
const choice = <T extends string>(
  column: string,
  values: Readonly<Record<T, number>>,
  pick: (row: SpanRow) => T
): Column<SpanRow> => ({
  name: column,
  type: enumType(values),
  write: (writer, row) => writer.int8(values[pick(row)]),
});

/** Every column of `genai.spans`, in the order of migration 0002. */
export const SPAN_COLUMNS: readonly Column<SpanRow>[] = [
  name('workspace', (row) => row.workspace),
  { name: 'timestamp', type: "DateTime64(9, 'UTC')", write: (writer, row) => writer.int64(row.timestampNs) },
  count('duration_ns', (row) => row.durationNs),
  count('time_to_first_token_ns', (row) => row.timeToFirstTokenNs),
  text('trace_id', (row) => row.traceId),
  text('span_id', (row) => row.spanId),
  text('parent_span_id', (row) => row.parentSpanId),
  name('span_name', (row) => row.spanName),
  name('service_name', (row) => row.serviceName),
  name('service_version', (row) => row.serviceVersion),
  name('environment', (row) => row.environment),
  name('department', (row) => row.department),
  name('operation', (row) => row.operation),
  name('provider', (row) => row.provider),
  name('request_model', (row) => row.requestModel),
  name('response_model', (row) => row.responseModel),
  count('input_tokens', (row) => row.inputTokens),
  count('output_tokens', (row) => row.outputTokens),
  count('cache_read_tokens', (row) => row.cacheReadTokens),
  count('cache_write_tokens', (row) => row.cacheWriteTokens),
  count('cache_write_1h_tokens', (row) => row.cacheWrite1hTokens),
  count('reasoning_tokens', (row) => row.reasoningTokens),
  count('audio_input_tokens', (row) => row.audioInputTokens),
  count('audio_output_tokens', (row) => row.audioOutputTokens),
  choice('usage_state', USAGE_STATES, (row) => row.usageState),
  money('cost_usd', (row) => row.costPico),
  money('input_cost_usd', (row) => row.inputCostPico),
  money('output_cost_usd', (row) => row.outputCostPico),
  money('cache_read_cost_usd', (row) => row.cacheReadCostPico),
  money('cache_write_cost_usd', (row) => row.cacheWriteCostPico),
  money('request_cost_usd', (row) => row.requestCostPico),
  money('cache_savings_usd', (row) => row.cacheSavingsPico),
  money('reported_cost_usd', (row) => row.reportedCostPico),
  choice('cost_state', COST_STATES, (row) => row.costState),
  name('price_id', (row) => row.priceId),
  name('service_tier', (row) => row.serviceTier),
  flag('billable', (row) => row.billable),
  flag('streaming', (row) => row.streaming),
  names('finish_reasons', (row) => row.finishReasons),
  choice('status', SPAN_STATUSES, (row) => row.status),
  name('error_type', (row) => row.errorType),
  text('error_message', (row) => row.errorMessage),
  { name: 'retries', type: 'UInt16', write: (writer, row) => writer.uint16(row.retries) },
  name('agent_name', (row) => row.agentName),
  text('agent_id', (row) => row.agentId),
  name('agent_version', (row) => row.agentVersion),
  name('workflow_name', (row) => row.workflowName),
  name('prompt_name', (row) => row.promptName),
  name('prompt_version', (row) => row.promptVersion),
  name('tool_name', (row) => row.toolName),
  text('conversation_id', (row) => row.conversationId),
  text('user_id', (row) => row.userId),
  text('response_id', (row) => row.responseId),
  choice('guard_action', GUARD_ACTIONS, (row) => row.guardAction),
  names('guard_rules', (row) => row.guardRules),
  name('dialect', (row) => row.dialect),
  name('scope_name', (row) => row.scopeName),
  name('sdk_language', (row) => row.sdkLanguage),
  {
    name: 'attributes',
    type: 'Map(LowCardinality(String), String)',
    write: (writer, row) => writer.stringMap(row.attributes),
  },
  { name: 'revision', type: 'UInt32', write: (writer, row) => writer.uint32(row.revision) },
  {
    name: 'ingested_at',
    type: "DateTime64(3, 'UTC')",
    write: (writer, row) => writer.int64(BigInt(row.ingestedAtMs)),
  },
  { name: 'retention_days', type: 'UInt16', write: (writer, row) => writer.uint16(row.retentionDays) },
];
