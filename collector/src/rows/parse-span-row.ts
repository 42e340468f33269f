import type { SpanRow } from '../span-row.ts';
import { COST_STATES, GUARD_ACTIONS, SPAN_STATUSES, USAGE_STATES } from './enums.ts';

/** What to select from `genai.spans` so that `parseSpanRow` reads the row back exactly; read it as JSONEachRow with the settings below. */
export const SPAN_ROW_SELECT =
  '* EXCEPT (timestamp, ingested_at), toUnixTimestamp64Nano(timestamp) AS timestamp_ns, toUnixTimestamp64Milli(ingested_at) AS ingested_at_ms';

/** 64-bit integers and decimals as text: JSON numbers would lose digits. */
export const SPAN_ROW_SETTINGS = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
} as const;

const PICO_DIGITS = 12;

function pico(decimal: string): bigint {
  const negative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? decimal.slice(1) : decimal).split('.');
  const value = BigInt(whole + fraction.slice(0, PICO_DIGITS).padEnd(PICO_DIGITS, '0'));
  return negative ? -value : value;
}

function oneOf<T extends string>(values: Readonly<Record<T, number>>, text: string): T {
  if (!(text in values)) throw new Error(`genai.spans holds the unknown state ${text}`);
  return text as T;
}

/**
 * A row of `genai.spans` as JSONEachRow gave it back.
 * Throws when the row is not of the known schema: an amendment made from a half-read row would destroy the other half.
 */
export function parseSpanRow(row: Readonly<Record<string, unknown>>): SpanRow {
  const value = (column: string): unknown => {
    const found = row[column];
    if (found === undefined) throw new Error(`genai.spans row without the column ${column}`);
    return found;
  };
  const text = (column: string) => String(value(column));
  const count = (column: string) => Number(value(column));
  const money = (column: string) => pico(text(column));
  const list = (column: string) => (value(column) as unknown[]).map(String);
  return {
    workspace: text('workspace'),
    timestampNs: BigInt(text('timestamp_ns')),
    durationNs: count('duration_ns'),
    timeToFirstTokenNs: count('time_to_first_token_ns'),
    traceId: text('trace_id'),
    spanId: text('span_id'),
    parentSpanId: text('parent_span_id'),
    spanName: text('span_name'),
    serviceName: text('service_name'),
    serviceVersion: text('service_version'),
    environment: text('environment'),
    department: text('department'),
    operation: text('operation'),
    provider: text('provider'),
    requestModel: text('request_model'),
    responseModel: text('response_model'),
    inputTokens: count('input_tokens'),
    outputTokens: count('output_tokens'),
    cacheReadTokens: count('cache_read_tokens'),
    cacheWriteTokens: count('cache_write_tokens'),
    cacheWrite1hTokens: count('cache_write_1h_tokens'),
    reasoningTokens: count('reasoning_tokens'),
    audioInputTokens: count('audio_input_tokens'),
    audioOutputTokens: count('audio_output_tokens'),
    usageState: oneOf(USAGE_STATES, text('usage_state')),
    costPico: money('cost_usd'),
    inputCostPico: money('input_cost_usd'),
    outputCostPico: money('output_cost_usd'),
    cacheReadCostPico: money('cache_read_cost_usd'),
    cacheWriteCostPico: money('cache_write_cost_usd'),
    requestCostPico: money('request_cost_usd'),
    cacheSavingsPico: money('cache_savings_usd'),
    reportedCostPico: money('reported_cost_usd'),
    costState: oneOf(COST_STATES, text('cost_state')),
    priceId: text('price_id'),
    serviceTier: text('service_tier'),
    billable: count('billable') === 1,
    streaming: count('streaming') === 1,
    finishReasons: list('finish_reasons'),
    status: oneOf(SPAN_STATUSES, text('status')),
    errorType: text('error_type'),
    errorMessage: text('error_message'),
    retries: count('retries'),
    agentName: text('agent_name'),
    agentId: text('agent_id'),
    agentVersion: text('agent_version'),
    workflowName: text('workflow_name'),
    promptName: text('prompt_name'),
    promptVersion: text('prompt_version'),
    toolName: text('tool_name'),
    conversationId: text('conversation_id'),
    userId: text('user_id'),
    responseId: text('response_id'),
    guardAction: oneOf(GUARD_ACTIONS, text('guard_action')),
    guardRules: list('guard_rules'),
    dialect: text('dialect'),
    scopeName: text('scope_name'),
    sdkLanguage: text('sdk_language'),
    attributes: new Map(Object.entries(value('attributes') as Record<string, unknown>).map(([k, v]) => [k, String(v)])),
    revision: count('revision'),
    ingestedAtMs: count('ingested_at_ms'),
    retentionDays: count('retention_days'),
  };
}
