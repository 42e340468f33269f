import type { Attributes, AttributeValue, OtlpLogRecord, OtlpResource, OtlpScope, OtlpSpan } from '../../otlp.ts';
import type { RequestModel } from './otlp-model.ts';

/** A protobuf message under construction: fields in the order they were added. */
export class MessageWriter {
  private readonly parts: Buffer[] = [];

  varint(field: number, value: bigint | number): this {
    return this.raw(varint(BigInt(field) << 3n), varint(BigInt.asUintN(64, BigInt(value))));
  }

  fixed64(field: number, value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return this.raw(varint((BigInt(field) << 3n) | 1n), bytes);
  }

  double(field: number, value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return this.raw(varint((BigInt(field) << 3n) | 1n), bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.raw(varint((BigInt(field) << 3n) | 2n), varint(BigInt(value.length)), Buffer.from(value));
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  attributes(field: number, value: Attributes): this {
    for (const [key, item] of value) this.message(field, keyValue(key, item));
    return this;
  }

  raw(...parts: Buffer[]): this {
    this.parts.push(...parts);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.parts);
  }
}

export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

export function keyValue(key: string, value: AttributeValue): MessageWriter {
  return new MessageWriter().text(1, key).message(2, anyValue(value));
}

export function anyValue(value: AttributeValue): MessageWriter {
  const message = new MessageWriter();
  if (value === null) return message;
  if (typeof value === 'string') return message.text(1, value);
  if (typeof value === 'boolean') return message.varint(2, value ? 1 : 0);
  if (typeof value === 'bigint') return message.varint(3, value);
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? message.varint(3, value) : message.double(4, value);
  }
  if (value instanceof Uint8Array) return message.bytes(7, value);
  if (value instanceof Map) return message.message(6, new MessageWriter().attributes(1, value as Attributes));
  const array = new MessageWriter();
  for (const item of value as readonly AttributeValue[]) array.message(1, anyValue(item));
  return message.message(5, array);
}

const id = (hex: string): Buffer => Buffer.from(hex, 'hex');

export function spanMessage(span: OtlpSpan): MessageWriter {
  const message = new MessageWriter()
    .bytes(1, id(span.traceId))
    .bytes(2, id(span.spanId))
    .text(3, 'vendor=state')
    .bytes(4, id(span.parentSpanId))
    .text(5, span.name)
    .varint(6, span.kind)
    .fixed64(7, span.startTimeUnixNano)
    .fixed64(8, span.endTimeUnixNano)
    .attributes(9, span.attributes)
    .varint(10, 3);
  for (const event of span.events) {
    const eventMessage = new MessageWriter().fixed64(1, event.timeUnixNano).text(2, event.name);
    message.message(11, eventMessage.attributes(3, event.attributes).varint(4, 1));
  }
  const link = new MessageWriter().bytes(1, id(span.traceId)).attributes(4, span.attributes);
  return message
    .message(13, link)
    .message(15, new MessageWriter().text(2, span.statusMessage).varint(3, span.statusCode))
    .raw(varint((16n << 3n) | 5n), Buffer.from([1, 1, 0, 0]));
}

function logRecordMessage(record: OtlpLogRecord): MessageWriter {
  return new MessageWriter()
    .fixed64(1, record.timeUnixNano)
    .fixed64(11, record.observedTimeUnixNano)
    .varint(2, record.severityNumber)
    .text(3, 'INFO')
    .message(5, anyValue(record.body))
    .attributes(6, record.attributes)
    .bytes(9, id(record.traceId))
    .bytes(10, id(record.spanId))
    .text(12, record.eventName);
}

function resourceMessage(resource: OtlpResource): MessageWriter {
  return new MessageWriter().attributes(1, resource.attributes);
}

function scopeMessage(scope: OtlpScope): MessageWriter {
  return new MessageWriter().text(1, scope.name).text(2, scope.version).attributes(3, scope.attributes);
}

function encode<Item>(request: readonly RequestModel<Item>[], item: (value: Item) => MessageWriter): Buffer {
  const message = new MessageWriter();
  for (const part of request) {
    const partMessage = new MessageWriter().message(1, resourceMessage(part.resource));
    for (const { scope, items } of part.scopes) {
      const scopePart = new MessageWriter().message(1, scopeMessage(scope));
      for (const value of items) scopePart.message(2, item(value));
      partMessage.message(2, scopePart.text(3, 'https://opentelemetry.io/schemas/1.37.0'));
    }
    message.message(1, partMessage);
  }
  return message.finish();
}

/** ExportTraceServiceRequest with links, trace state and flags, which no decoder reads. */
export const encodeTracesProtobuf = (request: readonly RequestModel<OtlpSpan>[]): Buffer =>
  encode(request, spanMessage);

/** ExportLogsServiceRequest. */
export const encodeLogsProtobuf = (request: readonly RequestModel<OtlpLogRecord>[]): Buffer =>
  encode(request, logRecordMessage);
