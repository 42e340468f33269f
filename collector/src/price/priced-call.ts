import type { GenAiSpan } from '../span.ts';

/** All of a span that its price depends on. */
export type PricedCall = Pick<
  GenAiSpan,
  | 'workspace'
  | 'timestampNs'
  | 'durationNs'
  | 'operation'
  | 'provider'
  | 'requestModel'
  | 'responseModel'
  | 'usage'
  | 'reportedCostUsd'
  | 'serviceTier'
  | 'region'
  | 'billable'
  | 'status'
  | 'attributes'
>;
