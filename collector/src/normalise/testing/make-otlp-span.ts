import type { AttributeValue, OtlpLogRecord, OtlpResource, OtlpScope, OtlpSpan } from '../../otlp.ts';

/** Unix milliseconds at which tests receive their spans. */
export const RECEIVED_MS = 1_795_253_923_000;
/** A second before that, in nanoseconds. */
export const STARTED_NS = 1_795_253_922_000_000_000n;

type Values = Readonly<Record<string, AttributeValue>>;
type SpanOverrides = Partial<Omit<OtlpSpan, 'attributes' | 'resource' | 'scope'>> & {
  readonly attributes?: Values;
  readonly resource?: Values;
  readonly scope?: string;
};

function attributesOf(values: Values): ReadonlyMap<string, AttributeValue> {
  return new Map(Object.entries(values));
}

function resourceOf(values: Values | undefined): OtlpResource {
  return { attributes: attributesOf(values ?? { 'service.name': 'shop-assistant' }) };
}

function scopeOf(name: string | undefined): OtlpScope {
  return { name: name ?? '', version: '', attributes: new Map() };
}

/** A root span of one second without attributes, unless told otherwise. */
export function makeOtlpSpan({ attributes, resource, scope, ...overrides }: SpanOverrides = {}): OtlpSpan {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    name: 'chat gpt-4o',
    kind: 3,
    startTimeUnixNano: STARTED_NS,
    endTimeUnixNano: STARTED_NS + 1_000_000_000n,
    events: [],
    statusCode: 0,
    statusMessage: '',
    ...overrides,
    resource: resourceOf(resource),
    scope: scopeOf(scope),
    attributes: attributesOf(attributes ?? {}),
  };
}

type RecordOverrides = Partial<Omit<OtlpLogRecord, 'attributes' | 'resource' | 'scope'>> & {
  readonly attributes?: Values;
  readonly scope?: string;
};

/** A log record tied to the span of `makeOtlpSpan`, unless told otherwise. */
export function makeOtlpLogRecord({ attributes, scope, ...overrides }: RecordOverrides = {}): OtlpLogRecord {
  return {
    timeUnixNano: STARTED_NS,
    observedTimeUnixNano: STARTED_NS,
    severityNumber: 9,
    eventName: '',
    body: null,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    ...overrides,
    resource: resourceOf(undefined),
    scope: scopeOf(scope),
    attributes: attributesOf(attributes ?? {}),
  };
}
