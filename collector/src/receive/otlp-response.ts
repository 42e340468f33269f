/** Why a request got no success. */
export type RefusalReason =
  | 'undecodable'
  | 'bad_request'
  | 'missing_key'
  | 'invalid_key'
  | 'forbidden'
  | 'unknown_path'
  | 'wrong_method'
  | 'timeout'
  | 'too_large'
  | 'unsupported_media_type'
  | 'unsupported_encoding'
  | 'headers_too_large'
  | 'rate_limited'
  | 'overloaded'
  | 'crashed';

/** google.rpc.Code, which gRPC and the Status body of OTLP/HTTP share. */
const GRPC_CODES = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

export interface Refusal {
  readonly httpStatus: number;
  /** `Status.code` and the gRPC status. */
  readonly grpcCode: (typeof GRPC_CODES)[keyof typeof GRPC_CODES];
  /** Should the sender send the same again? Exactly the retryable ones carry Retry-After / RetryInfo. */
  readonly retryable: boolean;
  readonly message: string;
}

const refusal = (httpStatus: number, code: keyof typeof GRPC_CODES, message: string, retryable = false): Refusal => ({
  httpStatus,
  grpcCode: GRPC_CODES[code],
  retryable,
  message,
});

/**
 * The one table from outcome to answer. Sources: OTLP specification 1.11 ("Failures", "Throttling"): only 429, 502, 503
 * and 504 are retried; RESOURCE_EXHAUSTED without RetryInfo is not. Overload is 503, never 429, on which the Python
 * exporter drops the batch; 429 is for a key that is over its own limit. 401 for an unknown, wrong, revoked and expired key alike.
 */
export const REFUSALS: Readonly<Record<RefusalReason, Refusal>> = {
  undecodable: refusal(400, 'INVALID_ARGUMENT', 'the body cannot be decoded'),
  bad_request: refusal(400, 'INVALID_ARGUMENT', 'the request is not valid HTTP'),
  missing_key: refusal(401, 'UNAUTHENTICATED', 'an ingest key is required'),
  invalid_key: refusal(401, 'UNAUTHENTICATED', 'the key is not valid'),
  forbidden: refusal(403, 'PERMISSION_DENIED', 'the key may not send telemetry'),
  unknown_path: refusal(404, 'NOT_FOUND', 'unknown path; telemetry goes to /v1/traces, /v1/logs or /v1/metrics'),
  wrong_method: refusal(405, 'UNIMPLEMENTED', 'telemetry is sent with POST'),
  timeout: refusal(408, 'DEADLINE_EXCEEDED', 'the request took too long to arrive'),
  too_large: refusal(413, 'RESOURCE_EXHAUSTED', 'the body is larger than this receiver accepts'),
  unsupported_media_type: refusal(
    415,
    'INVALID_ARGUMENT',
    'Content-Type must be application/x-protobuf or application/json'
  ),
  unsupported_encoding: refusal(415, 'INVALID_ARGUMENT', 'Content-Encoding must be gzip or identity'),
  headers_too_large: refusal(431, 'INVALID_ARGUMENT', 'the request headers are too large'),
  rate_limited: refusal(429, 'RESOURCE_EXHAUSTED', 'the key has sent as many events as it may for now', true),
  overloaded: refusal(503, 'UNAVAILABLE', 'overloaded; try again later', true),
  crashed: refusal(500, 'INTERNAL', 'internal error'),
};
