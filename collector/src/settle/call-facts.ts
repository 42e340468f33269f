import type { UsageState } from '../span.ts';

/**
 * What the decision "one call counts once" looks at. The same for a span at ingest and for a row read back by the settle job,
 * so both decide alike.
 */
export interface CallFacts {
  readonly workspace: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly serviceName: string;
  readonly status: 'unset' | 'ok' | 'error';
  readonly operation: string;
  readonly requestModel: string;
  readonly responseModel: string;
  readonly responseId: string;
  readonly usageState: UsageState;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How many of the parts of the totals are given (cache, reasoning, audio): more is richer. */
  readonly detailCount: number;
  readonly dialect: string;
  readonly timestampNs: bigint;
  readonly durationNs: number;
  readonly billable: boolean;
}

/** Dialects of the spans that a provider's own SDK writes beside those of any wrapper. */
export const NATIVE_DIALECTS: ReadonlySet<string> = new Set(['anthropic-sdk']);

/** Unique within the process for a span of a workspace. */
export function callKey(call: Pick<CallFacts, 'workspace' | 'traceId' | 'spanId'>): string {
  return `${call.workspace}\u0000${call.traceId}${call.spanId}`;
}
