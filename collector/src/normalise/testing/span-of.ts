import type { AttributeValue, OtlpSpan, OtlpSpanEvent } from '../../otlp.ts';

type PlainAttributes = Readonly<Record<string, AttributeValue>>;

export interface SpanOptions {
  readonly scope?: string;
  readonly version?: string;
  readonly name?: string;
  readonly parent?: string;
  readonly status?: number;
  readonly resource?: PlainAttributes;
  readonly events?: readonly {
    readonly name: string;
    readonly afterMs?: number;
    readonly attributes?: PlainAttributes;
  }[];
}

const START_NS = 1_795_254_000_000_000_000n;
const NS_PER_MS = 1_000_000n;

/** A span with the given attributes for tests of dialects: one second long, a root unless a parent is named. */
export function spanOf(attributes: PlainAttributes, options: SpanOptions = {}): OtlpSpan {
  return {
    resource: { attributes: new Map(Object.entries(options.resource ?? {})) },
    scope: { name: options.scope ?? '', version: options.version ?? '', attributes: new Map() },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: options.parent ?? '',
    name: options.name ?? 'span',
    kind: 1,
    startTimeUnixNano: START_NS,
    endTimeUnixNano: START_NS + 1000n * NS_PER_MS,
    attributes: new Map(Object.entries(attributes)),
    events: (options.events ?? []).map((event): OtlpSpanEvent => ({
      timeUnixNano: START_NS + BigInt(event.afterMs ?? 0) * NS_PER_MS,
      name: event.name,
      attributes: new Map(Object.entries(event.attributes ?? {})),
    })),
    statusCode: options.status ?? 0,
    statusMessage: '',
  };
}
