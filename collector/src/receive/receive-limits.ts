/** Bounds of the receivers. Operators may change them; each has a default that a laptop survives. */
export interface ReceiveLimits {
  /** Size of a body on the wire and again after inflation (OTLP recommends 64 MiB). Larger: 413 / RESOURCE_EXHAUSTED. */
  readonly maxBodyBytes: number;
  /** Bytes of bodies that are being read, inflated, decoded or waited for, over all connections. Full: 503 / UNAVAILABLE. */
  readonly maxBytesInFlight: number;
  /** Connections of each listener; more are closed at once. */
  readonly maxConnections: number;
  /** gRPC calls of one connection at a time. */
  readonly maxStreamsPerConnection: number;
  /** gRPC calls of all connections that are being received: their size is not known before they are. Full: UNAVAILABLE. */
  readonly maxCallsReceiving: number;
  /** From the first byte of a request to its last. */
  readonly requestTimeoutMs: number;
  /** From the first byte of a request to the end of its headers. */
  readonly headersTimeoutMs: number;
  /** A connection on which nothing moves. Longer than an answer may take. */
  readonly idleTimeoutMs: number;
  /** What an overloaded receiver asks senders to wait. */
  readonly retryAfterSeconds: number;
}

const MiB = 1024 * 1024;

export const DEFAULT_RECEIVE_LIMITS: ReceiveLimits = {
  maxBodyBytes: 64 * MiB,
  maxBytesInFlight: 128 * MiB,
  maxConnections: 1024,
  maxStreamsPerConnection: 64,
  maxCallsReceiving: 64,
  requestTimeoutMs: 30_000,
  headersTimeoutMs: 10_000,
  idleTimeoutMs: 75_000,
  retryAfterSeconds: 5,
};
