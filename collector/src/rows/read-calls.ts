import type { StoredCall } from '../stored-call.ts';
import { COST_STATES, GUARD_ACTIONS, SPAN_STATUSES, USAGE_STATES } from './enums.ts';
import { RowBinaryReader } from './row-binary-reader.ts';

/** What to select from `genai.spans` as RowBinary for `readCalls`, in its order. The parameter `attributes` names those that are wanted. */
export const CALL_SELECT = `workspace, timestamp, trace_id, span_id, revision, retention_days, service_name, environment, department,
  operation, provider, request_model, response_model, service_tier, agent_name, agent_version, tool_name, user_id, duration_ns,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens,
  audio_output_tokens, retries, usage_state, billable, status, guard_action, reported_cost_usd, cost_usd, input_cost_usd,
  output_cost_usd, cache_read_cost_usd, cache_write_cost_usd, request_cost_usd, cache_savings_usd, cost_state, price_id,
  mapFilter((name, value) -> has({attributes:Array(String)}, name), attributes) AS priced_attributes`;

function named<T extends string>(values: Readonly<Record<T, number>>): (number: number) => T {
  const names = new Map(Object.entries<number>(values).map(([name, number]) => [number, name as T]));
  return (number) => {
    const name = names.get(number);
    if (name === undefined) throw new RangeError(`genai.spans holds the unknown state ${number}`);
    return name;
  };
}

const usageState = named(USAGE_STATES);
const costState = named(COST_STATES);
const spanStatus = named(SPAN_STATUSES);
const guardAction = named(GUARD_ACTIONS);
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** The rows that `CALL_SELECT` gave, one at a time. Throws RangeError when the bytes are not whole rows of it. */
export function* readCalls(bytes: Buffer): Generator<StoredCall> {
  const from = new RowBinaryReader(bytes);
  while (!from.isAtEnd()) yield readCall(from);
}

function readCall(from: RowBinaryReader): StoredCall {
  return {
    workspace: from.string(),
    timestampNs: from.int64(),
    traceId: from.string(),
    spanId: from.string(),
    revision: from.uint32(),
    retentionDays: from.uint16(),
    serviceName: from.string(),
    environment: from.string(),
    department: from.string(),
    operation: from.string(),
    provider: from.string(),
    requestModel: from.string(),
    responseModel: from.string(),
    serviceTier: from.string(),
    agentName: from.string(),
    agentVersion: from.string(),
    toolName: from.string(),
    userId: from.string(),
    durationNs: from.uint64(),
    inputTokens: from.uint64(),
    outputTokens: from.uint64(),
    cacheReadTokens: from.uint64(),
    cacheWriteTokens: from.uint64(),
    cacheWrite1hTokens: from.uint64(),
    reasoningTokens: from.uint64(),
    audioInputTokens: from.uint64(),
    audioOutputTokens: from.uint64(),
    retries: from.uint16(),
    usageState: usageState(from.int8()),
    billable: from.uint8() === 1,
    status: spanStatus(from.int8()),
    guardAction: guardAction(from.int8()),
    reportedCostPico: from.int64(),
    costPico: from.int64(),
    inputCostPico: from.int64(),
    outputCostPico: from.int64(),
    cacheReadCostPico: from.int64(),
    cacheWriteCostPico: from.int64(),
    requestCostPico: from.int64(),
    cacheSavingsPico: from.int64(),
    costState: costState(from.int8()),
    priceId: from.string(),
    attributes: readAttributes(from),
  };
}

function readAttributes(from: RowBinaryReader): ReadonlyMap<string, string> {
  const attributes = from.stringMap();
  return attributes.size === 0 ? NO_ATTRIBUTES : attributes;
}
