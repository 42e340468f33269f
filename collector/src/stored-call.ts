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

/** Of a row of `genai.spans` what its price depends on; `attributes` holds only those that a price depends on. */
export type StoredCall = StoredCost &
  Pick<
    SpanRow,
    | 'workspace'
    | 'timestampNs'
    | 'revision'
    | 'retentionDays'
    | 'operation'
    | 'provider'
    | 'requestModel'
    | 'responseModel'
    | 'serviceTier'
    | 'durationNs'
    | 'inputTokens'
    | 'outputTokens'
    | 'cacheReadTokens'
    | 'cacheWriteTokens'
    | 'cacheWrite1hTokens'
    | 'reasoningTokens'
    | 'audioInputTokens'
    | 'audioOutputTokens'
    | 'usageState'
    | 'billable'
    | 'status'
    | 'reportedCostPico'
    | 'attributes'
  >;

/** A stored call as it was read: the columns that its amendment repeats stay the bytes that the store sent. */
export interface ReadCall extends StoredCall {
  readonly bytes: Buffer;
  /** RowBinary of timestamp, trace_id and span_id: from here up to `identityEnd`. */
  readonly identityAt: number;
  readonly identityEnd: number;
  /** Of service_name up to reported_cost_usd, as `genai.price_amendments` has them. */
  readonly dimensionsAt: number;
  /** The end of these, and the start of the cost: cost_usd up to price_id. */
  readonly costAt: number;
  readonly costEnd: number;
}
