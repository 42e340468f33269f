import type { AttributeValue, DecodedLogs, OtlpLogRecord, OtlpResource, OtlpScope } from '../otlp.ts';
import { FIXED64, LENGTH_DELIMITED, ProtobufReader, VARINT } from './protobuf-reader.ts';
import { readAnyValueProtobuf, readAttributeProtobuf } from './read-attributes-protobuf.ts';
import { readResourceProtobuf, readScopeProtobuf } from './read-origin-protobuf.ts';

/*
 * logs.proto
 *   LogsData      1 resource_logs
 *   ResourceLogs  1 resource, 2 scope_logs
 *   ScopeLogs     1 scope, 2 log_records
 *   LogRecord     1 time fixed64, 2 severity_number enum, 5 body AnyValue, 6 attributes, 9 trace_id, 10 span_id,
 *                 11 observed_time fixed64, 12 event_name
 */
const FIRST_MESSAGE = (1 << 3) | LENGTH_DELIMITED;
const SECOND_MESSAGE = (2 << 3) | LENGTH_DELIMITED;
const ENVELOPE_FIELDS = 0b110;

const TIME = (1 << 3) | FIXED64;
const SEVERITY_NUMBER = (2 << 3) | VARINT;
const BODY = (5 << 3) | LENGTH_DELIMITED;
const ATTRIBUTES = (6 << 3) | LENGTH_DELIMITED;
const TRACE_ID = (9 << 3) | LENGTH_DELIMITED;
const SPAN_ID = (10 << 3) | LENGTH_DELIMITED;
const OBSERVED_TIME = (11 << 3) | FIXED64;
const EVENT_NAME = (12 << 3) | LENGTH_DELIMITED;
const RECORD_FIELDS = 0b1_1110_0110_0110;

const MAX_SEVERITY_NUMBER = 24;

/**
 * Decodes an ExportLogsServiceRequest. An invalid trace or span id means that the record is not tied to one
 * (logs.proto), so no record is refused. A body that is no such message throws DecodeError.
 */
export function decodeLogsProtobuf(body: Buffer): DecodedLogs {
  const reader = new ProtobufReader(body);
  const records: OtlpLogRecord[] = [];
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === FIRST_MESSAGE) readResourceLogs(reader, records);
    else reader.skip(tag, 0b10);
  }
  return { records, rejected: { count: 0, message: '' } };
}

function readResourceLogs(reader: ProtobufReader, records: OtlpLogRecord[]): void {
  const outer = reader.enter();
  const resource = { attributes: new Map<string, AttributeValue>() };
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === SECOND_MESSAGE) readScopeLogs(reader, records, resource);
    else if (tag === FIRST_MESSAGE) readResourceProtobuf(reader, resource);
    else reader.skip(tag, ENVELOPE_FIELDS);
  }
  reader.leave(outer);
}

function readScopeLogs(reader: ProtobufReader, records: OtlpLogRecord[], resource: OtlpResource): void {
  const outer = reader.enter();
  const scope = { name: '', version: '', attributes: new Map<string, AttributeValue>() };
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    if (tag === SECOND_MESSAGE) records.push(readLogRecord(reader, resource, scope));
    else if (tag === FIRST_MESSAGE) readScopeProtobuf(reader, scope);
    else reader.skip(tag, ENVELOPE_FIELDS);
  }
  reader.leave(outer);
}

function readLogRecord(reader: ProtobufReader, resource: OtlpResource, scope: OtlpScope): OtlpLogRecord {
  reader.countItem();
  const outer = reader.enter();
  let timeUnixNano = 0n;
  let observedTimeUnixNano = 0n;
  let severityNumber = 0;
  let eventName = '';
  let body: AttributeValue = null;
  let traceId = '';
  let spanId = '';
  const attributes = new Map<string, AttributeValue>();
  while (reader.position < reader.limit) {
    const tag = reader.tag();
    switch (tag) {
      case ATTRIBUTES:
        readAttributeProtobuf(reader, attributes);
        break;
      case TIME:
        timeUnixNano = reader.fixed64();
        break;
      case OBSERVED_TIME:
        observedTimeUnixNano = reader.fixed64();
        break;
      case SEVERITY_NUMBER:
        severityNumber = reader.enumeration(MAX_SEVERITY_NUMBER);
        break;
      case EVENT_NAME:
        eventName = reader.string();
        break;
      case BODY:
        body = readAnyValueProtobuf(reader);
        break;
      case TRACE_ID:
        traceId = reader.id(16) ?? '';
        break;
      case SPAN_ID:
        spanId = reader.id(8) ?? '';
        break;
      default:
        reader.skip(tag, RECORD_FIELDS);
    }
  }
  reader.leave(outer);
  return {
    resource,
    scope,
    timeUnixNano,
    observedTimeUnixNano,
    severityNumber,
    eventName,
    body,
    attributes,
    traceId,
    spanId,
  };
}
