import type { DecodedLogs, DecodedMetrics, DecodedTraces } from '../otlp.ts';

/** What became of a decoded request. Every answer is given only after the rows are on disk. */
export type IntakeOutcome =
  | { readonly kind: 'accepted'; readonly rejected: number; readonly message: string }
  /** Try again: HTTP 503 + Retry-After, gRPC UNAVAILABLE + RetryInfo. */
  | { readonly kind: 'overloaded'; readonly retryAfterSeconds: number; readonly message: string };

/** The flow behind the receivers. HTTP and gRPC call the same three functions. */
export interface Intake {
  readonly traces: (workspace: string, request: DecodedTraces) => Promise<IntakeOutcome>;
  readonly logs: (workspace: string, request: DecodedLogs) => Promise<IntakeOutcome>;
  readonly metrics: (workspace: string, request: DecodedMetrics) => Promise<IntakeOutcome>;
}
