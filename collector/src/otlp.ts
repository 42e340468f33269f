/**
 * The decoded OTLP nouns: what `receive` hands to `normalise`, the same for protobuf, JSON and gRPC.
 * Source: opentelemetry-proto `trace.proto`, `logs.proto`, `common.proto` (v1.11).
 */

/**
 * An OTLP AnyValue. Integers are `number` when safe and `bigint` beyond ±2^53, so no int64 loses digits.
 * `null` is an AnyValue without a value. Key-value lists are `Map`s: attacker-chosen keys never meet a prototype.
 */
export type AttributeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | ReadonlyMap<string, AttributeValue>;

/** Attribute keys are unique; when a sender repeats one, the last wins. */
export type Attributes = ReadonlyMap<string, AttributeValue>;

/** One instance is shared by all spans of a ResourceSpans, so stages may memoise by identity. */
export interface OtlpResource {
  readonly attributes: Attributes;
}

/** One instance is shared by all spans of a ScopeSpans. */
export interface OtlpScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
}

export interface OtlpSpanEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: Attributes;
}

export interface OtlpSpan {
  readonly resource: OtlpResource;
  readonly scope: OtlpScope;
  /** 32 lower-case hex digits, never all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, never all zero. */
  readonly spanId: string;
  /** 16 lower-case hex digits, or empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: Attributes;
  readonly events: readonly OtlpSpanEvent[];
  /** 0 unset, 1 ok, 2 error. */
  readonly statusCode: number;
  readonly statusMessage: string;
}

export interface OtlpLogRecord {
  readonly resource: OtlpResource;
  readonly scope: OtlpScope;
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  readonly severityNumber: number;
  /** LogRecord.event_name, empty when absent (older senders put it into the attribute `event.name`). */
  readonly eventName: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  /** Lower-case hex, or empty when the record is not tied to a trace or span. */
  readonly traceId: string;
  readonly spanId: string;
}

/** What a decoder refuses, span by span; the rest of the request is accepted (partial success). */
export interface Rejected {
  readonly count: number;
  /** English, says what is wrong with the first rejected item; never echoes content. */
  readonly message: string;
}

export interface DecodedTraces {
  readonly spans: readonly OtlpSpan[];
  readonly rejected: Rejected;
}

export interface DecodedLogs {
  readonly records: readonly OtlpLogRecord[];
  readonly rejected: Rejected;
}

/** Metrics are accepted and counted, never stored: only the number of data points is decoded. */
export interface DecodedMetrics {
  readonly dataPoints: number;
}
