import type { DecodedLogs, OtlpLogRecord, OtlpResource, OtlpScope } from '../otlp.ts';
import { DecodeError } from './decode-error.ts';
import { readScopeJson } from './decode-traces-json.ts';
import { asObject, jsonFields, type JsonObject } from './json-fields.ts';
import { parseJson } from './parse-json.ts';
import { readAnyValueJson, readAttributesJson } from './read-attributes-json.ts';
import { readHexId } from './read-hex-id.ts';
import { Rejections } from './rejections.ts';

const SEVERITIES = [
  'SEVERITY_NUMBER_UNSPECIFIED',
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((level) =>
    ['', '2', '3', '4'].map((step) => `SEVERITY_NUMBER_${level}${step}`)
  ),
];

/**
 * Decodes an ExportLogsServiceRequest in OTLP/JSON; equal content gives results equal to those of `decodeLogsProtobuf`.
 * Invalid ids mean "not tied to a span"; a record with a field of a wrong type is refused alone; a body that is no
 * such message throws DecodeError.
 */
export function decodeLogsJson(body: Buffer): DecodedLogs {
  const request = asObject(parseJson(body), 'the request');
  const records: OtlpLogRecord[] = [];
  const rejections = new Rejections();
  let index = 0;
  for (const resourceLogs of jsonFields.objects(request, 'resourceLogs')) {
    const resource = { attributes: readAttributesJson(jsonFields.object(resourceLogs, 'resource')) };
    for (const scopeLogs of jsonFields.objects(resourceLogs, 'scopeLogs')) {
      const scope = readScopeJson(scopeLogs);
      for (const record of jsonFields.array(scopeLogs, 'logRecords')) {
        try {
          records.push(readLogRecord(asObject(record, 'log record'), resource, scope));
        } catch (error) {
          if (!(error instanceof DecodeError) || error.code !== 'bad_field') throw error;
          rejections.add('log record', index, error.message);
        }
        index += 1;
      }
    }
  }
  return { records, rejected: rejections.result() };
}

function readLogRecord(record: JsonObject, resource: OtlpResource, scope: OtlpScope): OtlpLogRecord {
  return {
    resource,
    scope,
    timeUnixNano: jsonFields.uint64(record, 'timeUnixNano'),
    observedTimeUnixNano: jsonFields.uint64(record, 'observedTimeUnixNano'),
    severityNumber: jsonFields.enumeration(record, 'severityNumber', SEVERITIES),
    eventName: jsonFields.text(record, 'eventName'),
    body: readAnyValueJson(record['body']),
    attributes: readAttributesJson(record),
    traceId: readHexId(record['traceId'], 32) ?? '',
    spanId: readHexId(record['spanId'], 16) ?? '',
  };
}
