import type { AttributeValue, DecodedTraces, OtlpResource, OtlpScope, OtlpSpan, OtlpSpanEvent } from '../otlp.ts';
import { FIXED64, LENGTH_DELIMITED, ProtobufReader, VARINT } from './protobuf-reader.ts';
import { NO_ATTRIBUTES, readAttributeProtobuf } from './read-attributes-protobuf.ts';
import { readResourceProtobuf, readScopeProtobuf } from './read-origin-protobuf.ts';
import { Rejections } from './rejections.ts';
import { BAD_PARENT_SPAN_ID, BAD_SPAN_ID, BAD_TRACE_ID } from './span-ids.ts';

/*
 * trace.proto
 *   TracesData     1 resource_spans
 *   ResourceSpans  1 resource, 2 scope_spans
 *   ScopeSpans     1 scope, 2 spans
 *   Span           1 trace_id bytes, 2 span_id bytes, 4 parent_span_id bytes, 5 name, 6 kind enum, 7 start fixed64,
 *                  8 end fixed64, 9 attributes, 11 events, 15 status
 *   Event          1 time fixed64, 2 name, 3 attributes
 *   Status         2 message, 3 code enum
 */
const FIRST_MESSAGE = (1 << 3) | LENGTH_DELIMITED;
const SECOND_MESSAGE = (2 << 3) | LENGTH_DELIMITED;
const ENVELOPE_FIELDS = 0b110;

const TRACE_ID = (1 << 3) | LENGTH_DELIMITED;
const SPAN_ID = (2 << 3) | LENGTH_DELIMITED;
const PARENT_SPAN_ID = (4 << 3) | LENGTH_DELIMITED;
const NAME = (5 << 3) | LENGTH_DELIMITED;
const KIND = (6 << 3) | VARINT;
const START_TIME = (7 << 3) | FIXED64;
const END_TIME = (8 << 3) | FIXED64;
const ATTRIBUTES = (9 << 3) | LENGTH_DELIMITED;
const EVENTS = (11 << 3) | LENGTH_DELIMITED;
const STATUS = (15 << 3) | LENGTH_DELIMITED;
const SPAN_FIELDS = 0b1000_1011_1111_0110;

const EVENT_TIME = (1 << 3) | FIXED64;
const EVENT_NAME = (2 << 3) | LENGTH_DELIMITED;
const EVENT_ATTRIBUTES = (3 << 3) | LENGTH_DELIMITED;
const EVENT_FIELDS = 0b1110;

const STATUS_MESSAGE = (2 << 3) | LENGTH_DELIMITED;
const STATUS_CODE = (3 << 3) | VARINT;
const STATUS_FIELDS = 0b1100;

const MAX_KIND = 5;
const MAX_STATUS_CODE = 2;
const NO_EVENTS: readonly OtlpSpanEvent[] = [];

/**
 * Decodes an ExportTraceServiceRequest. Spans with invalid ids are refused one by one; a parent id of zeros is a root.
 * Kinds and status codes outside the enum become 0. A body that is no such message throws DecodeError.
 */
export function decodeTracesProtobuf(body: Buffer): DecodedTraces {
  const reader = new ProtobufReader(body);
  const request = new TracesReader(reader);
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === FIRST_MESSAGE) request.readResourceSpans();
    else reader.skip(tag, 0b10);
  }
  return { spans: request.spans, rejected: request.rejections.result() };
}

class TracesReader {
  readonly spans: OtlpSpan[] = [];
  readonly rejections = new Rejections();
  private seen = 0;
  private readonly reader: ProtobufReader;

  constructor(reader: ProtobufReader) {
    this.reader = reader;
  }

  readResourceSpans(): void {
    const reader = this.reader;
    const outer = reader.enter();
    // Fields come in any order: spans hold the resource before it is read, and it is filled in place.
    const resource = { attributes: new Map<string, AttributeValue>() };
    while (reader.position < reader.limit) {
      const tag = reader.tag();
      if (tag === SECOND_MESSAGE) this.readScopeSpans(resource);
      else if (tag === FIRST_MESSAGE) readResourceProtobuf(reader, resource);
      else reader.skip(tag, ENVELOPE_FIELDS);
    }
    reader.leave(outer);
  }

  private readScopeSpans(resource: OtlpResource): void {
    const reader = this.reader;
    const outer = reader.enter();
    const scope = { name: '', version: '', attributes: new Map<string, AttributeValue>() };
    while (reader.position < reader.limit) {
      const tag = reader.tag();
      if (tag === SECOND_MESSAGE) this.readSpan(resource, scope);
      else if (tag === FIRST_MESSAGE) readScopeProtobuf(reader, scope);
      else reader.skip(tag, ENVELOPE_FIELDS);
    }
    reader.leave(outer);
  }

  private readSpan(resource: OtlpResource, scope: OtlpScope): void {
    const reader = this.reader;
    reader.countItem();
    const outer = reader.enter();
    let traceId: string | undefined;
    let spanId: string | undefined;
    let parentSpanId: string | undefined = '';
    let name = '';
    let kind = 0;
    let startTimeUnixNano = 0n;
    let endTimeUnixNano = 0n;
    let events: OtlpSpanEvent[] | undefined;
    const status = { code: 0, message: '' };
    const attributes = new Map<string, AttributeValue>();
    while (reader.position < reader.limit) {
      const tag = reader.tag();
      switch (tag) {
        case ATTRIBUTES:
          readAttributeProtobuf(reader, attributes);
          break;
        case TRACE_ID:
          traceId = reader.id(16);
          break;
        case SPAN_ID:
          spanId = reader.id(8);
          break;
        case PARENT_SPAN_ID:
          parentSpanId = reader.id(8, '');
          break;
        case NAME:
          name = reader.string();
          break;
        case KIND:
          kind = reader.enumeration(MAX_KIND);
          break;
        case START_TIME:
          startTimeUnixNano = reader.fixed64();
          break;
        case END_TIME:
          endTimeUnixNano = reader.fixed64();
          break;
        case EVENTS:
          (events ??= []).push(readEvent(reader));
          break;
        case STATUS:
          readStatus(reader, status);
          break;
        default:
          reader.skip(tag, SPAN_FIELDS);
      }
    }
    reader.leave(outer);
    const index = this.seen++;
    if (!traceId) return this.rejections.add('span', index, BAD_TRACE_ID);
    if (!spanId) return this.rejections.add('span', index, BAD_SPAN_ID);
    if (parentSpanId === undefined) return this.rejections.add('span', index, BAD_PARENT_SPAN_ID);
    this.spans.push({
      resource,
      scope,
      traceId,
      spanId,
      parentSpanId,
      name,
      kind,
      startTimeUnixNano,
      endTimeUnixNano,
      attributes,
      events: events ?? NO_EVENTS,
      statusCode: status.code,
      statusMessage: status.message,
    });
  }
}

function readEvent(reader: ProtobufReader): OtlpSpanEvent {
  reader.countItem();
  const outer = reader.enter();
  let timeUnixNano = 0n;
  let name = '';
  let attributes: Map<string, AttributeValue> | undefined;
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === EVENT_ATTRIBUTES) readAttributeProtobuf(reader, (attributes ??= new Map<string, AttributeValue>()));
    else if (tag === EVENT_TIME) timeUnixNano = reader.fixed64();
    else if (tag === EVENT_NAME) name = reader.string();
    else reader.skip(tag, EVENT_FIELDS);
  }
  reader.leave(outer);
  return { timeUnixNano, name, attributes: attributes ?? NO_ATTRIBUTES };
}

function readStatus(reader: ProtobufReader, status: { code: number; message: string }): void {
  const outer = reader.enter();
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === STATUS_CODE) status.code = reader.enumeration(MAX_STATUS_CODE);
    else if (tag === STATUS_MESSAGE) status.message = reader.string();
    else reader.skip(tag, STATUS_FIELDS);
  }
  reader.leave(outer);
}
