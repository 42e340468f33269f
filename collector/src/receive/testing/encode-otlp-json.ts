import type { Attributes, AttributeValue, OtlpLogRecord, OtlpScope, OtlpSpan } from '../../otlp.ts';
import type { RequestModel } from './otlp-model.ts';

/** A bigint in the tree is written as a bare JSON number with all its digits. */
type Json = string | number | bigint | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface JsonStyle {
  /** 64-bit integers as bare numbers instead of strings. */
  readonly bareIntegers: boolean;
  readonly upperCaseIds: boolean;
}

function writeJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${writeJson(item)}`)
    .join(',')}}`;
}

export class OtlpJsonEncoder {
  private readonly style: JsonStyle;

  constructor(style: JsonStyle) {
    this.style = style;
  }

  traces(request: readonly RequestModel<OtlpSpan>[]): Buffer {
    return this.request(request, ['resourceSpans', 'scopeSpans', 'spans'], (span) => this.span(span));
  }

  logs(request: readonly RequestModel<OtlpLogRecord>[]): Buffer {
    return this.request(request, ['resourceLogs', 'scopeLogs', 'logRecords'], (record) => this.logRecord(record));
  }

  private request<Item>(
    request: readonly RequestModel<Item>[],
    [outer, inner, items]: readonly [string, string, string],
    item: (value: Item) => Json
  ): Buffer {
    const parts = request.map((part) => ({
      resource: { attributes: this.attributes(part.resource.attributes), droppedAttributesCount: 0 },
      [inner]: part.scopes.map((scope) => ({ scope: this.scope(scope.scope), [items]: scope.items.map(item) })),
    }));
    return Buffer.from(writeJson({ [outer]: parts, unknownField: { ['__proto__']: null, nested: [1, [2]] } }));
  }

  private scope(scope: OtlpScope): Json {
    return { name: scope.name, version: scope.version, attributes: this.attributes(scope.attributes) };
  }

  private span(span: OtlpSpan): Json {
    return {
      traceId: this.id(span.traceId),
      spanId: this.id(span.spanId),
      parentSpanId: this.id(span.parentSpanId),
      name: span.name,
      kind: span.kind,
      startTimeUnixNano: this.integer(span.startTimeUnixNano),
      endTimeUnixNano: this.integer(span.endTimeUnixNano),
      attributes: this.attributes(span.attributes),
      events: span.events.map((event) => ({
        timeUnixNano: this.integer(event.timeUnixNano),
        name: event.name,
        attributes: this.attributes(event.attributes),
      })),
      links: [{ traceId: this.id(span.traceId) }],
      status: { code: span.statusCode, message: span.statusMessage },
      flags: 257,
    };
  }

  private logRecord(record: OtlpLogRecord): Json {
    return {
      timeUnixNano: this.integer(record.timeUnixNano),
      observedTimeUnixNano: this.integer(record.observedTimeUnixNano),
      severityNumber: record.severityNumber,
      severityText: 'INFO',
      body: this.value(record.body),
      attributes: this.attributes(record.attributes),
      traceId: this.id(record.traceId),
      spanId: this.id(record.spanId),
      eventName: record.eventName,
    };
  }

  private attributes(attributes: Attributes): Json {
    return [...attributes].map(([key, value]) => ({ key, value: this.value(value) }));
  }

  private value(value: AttributeValue): Json {
    if (value === null) return {};
    if (typeof value === 'string') return { stringValue: value };
    if (typeof value === 'boolean') return { boolValue: value };
    if (typeof value === 'bigint') return { intValue: this.integer(value) };
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { intValue: this.integer(BigInt(value)) };
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    }
    if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
    if (value instanceof Map) return { kvlistValue: { values: this.attributes(value as Attributes) } };
    return { arrayValue: { values: (value as readonly AttributeValue[]).map((item) => this.value(item)) } };
  }

  private integer(value: bigint): Json {
    return this.style.bareIntegers ? value : value.toString();
  }

  private id(hex: string): string {
    return this.style.upperCaseIds ? hex.toUpperCase() : hex;
  }
}
