import type { SpanRow } from './span-row.ts';

/** What a price says of a stored call. */
export type StoredCost = Pick<
  SpanRow,
  | 'costPico'
  | 'inputCostPico'
  | 'outputCostPico'
  | 'cacheReadCostPico'
  | 'cacheWriteCostPico'
  | 'requestCostPico'
  | 'cacheSavingsPico'
  | 'costState'
  | 'priceId'
>;

/** Of a row of `genai.spans` what its price and the sums over prices depend on; `attributes` holds only those that a price depends on. */
export type StoredCall = StoredCost &
  Pick<
    SpanRow,
    | 'workspace'
    | 'timestampNs'
    | 'traceId'
    | 'spanId'
    | 'revision'
    | 'retentionDays'
    | 'serviceName'
    | 'environment'
    | 'department'
    | 'operation'
    | 'provider'
    | 'requestModel'
    | 'responseModel'
    | 'serviceTier'
    | 'agentName'
    | 'agentVersion'
    | 'toolName'
    | 'userId'
    | 'durationNs'
    | 'inputTokens'
    | 'outputTokens'
    | 'cacheReadTokens'
    | 'cacheWriteTokens'
    | 'cacheWrite1hTokens'
    | 'reasoningTokens'
    | 'audioInputTokens'
    | 'audioOutputTokens'
    | 'retries'
    | 'usageState'
    | 'billable'
    | 'status'
    | 'guardAction'
    | 'reportedCostPico'
    | 'attributes'
  >;
