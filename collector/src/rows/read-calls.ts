import type { ReadCall } from '../stored-call.ts';
import { COST_STATES, SPAN_STATUSES, USAGE_STATES } from './enums.ts';
import { RowBinaryReader } from './row-binary-reader.ts';

/**
 * What to select from `genai.spans` as RowBinary for `readCalls`, in its order, which up to `price_id` is that of
 * `genai.price_amendments`. The parameter `attributes` names the attributes that are wanted.
 */
export const CALL_SELECT = `workspace, timestamp, trace_id, span_id, revision, service_name, environment, department, operation, provider,
  if(response_model != '', response_model, request_model) AS model, service_tier, agent_name, agent_version, tool_name, user_id, duration_ns,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens,
  audio_output_tokens, retries, usage_state, billable, status, guard_action, reported_cost_usd, cost_usd, input_cost_usd,
  output_cost_usd, cache_read_cost_usd, cache_write_cost_usd, request_cost_usd, cache_savings_usd, cost_state, price_id,
  retention_days, request_model, response_model,
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
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** The rows that `CALL_SELECT` gave, one at a time. Throws RangeError when the bytes are not whole rows of it. */
export function* readCalls(bytes: Buffer): Generator<ReadCall> {
  const from = new RowBinaryReader(bytes);
  while (!from.isAtEnd()) yield readCall(bytes, from);
}

function readCall(bytes: Buffer, from: RowBinaryReader): ReadCall {
  const workspace = from.name();
  const identityAt = from.offset();
  const timestampNs = from.int64();
  from.skipStrings(2);
  const identityEnd = from.offset();
  const revision = from.uint32();
  const dimensionsAt = from.offset();
  from.skipStrings(3);
  const operation = from.name();
  const provider = from.name();
  from.skipStrings(1);
  const serviceTier = from.name();
  from.skipStrings(4);
  const durationNs = from.uint64();
  const inputTokens = from.uint64();
  const outputTokens = from.uint64();
  const cacheReadTokens = from.uint64();
  const cacheWriteTokens = from.uint64();
  const cacheWrite1hTokens = from.uint64();
  const reasoningTokens = from.uint64();
  const audioInputTokens = from.uint64();
  const audioOutputTokens = from.uint64();
  from.uint16();
  const usage = usageState(from.int8());
  const billable = from.uint8() === 1;
  const status = spanStatus(from.int8());
  from.int8();
  const reportedCostPico = from.int64();
  const costAt = from.offset();
  return {
    bytes,
    workspace,
    identityAt,
    timestampNs,
    identityEnd,
    revision,
    dimensionsAt,
    operation,
    provider,
    serviceTier,
    durationNs,
    inputTokens,
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    reasoningTokens,
    audioInputTokens,
    audioOutputTokens,
    usageState: usage,
    billable,
    status,
    reportedCostPico,
    costAt,
    costPico: from.int64(),
    inputCostPico: from.int64(),
    outputCostPico: from.int64(),
    cacheReadCostPico: from.int64(),
    cacheWriteCostPico: from.int64(),
    requestCostPico: from.int64(),
    cacheSavingsPico: from.int64(),
    costState: costState(from.int8()),
    priceId: from.name(),
    costEnd: from.offset(),
    retentionDays: from.uint16(),
    requestModel: from.name(),
    responseModel: from.name(),
    attributes: readAttributes(from),
  };
}

function readAttributes(from: RowBinaryReader): ReadonlyMap<string, string> {
  const attributes = from.stringMap();
  return attributes.size === 0 ? NO_ATTRIBUTES : attributes;
}
