import type { DecodedTraces, OtlpResource, OtlpScope, OtlpSpan, OtlpSpanEvent } from '../otlp.ts';
import { DecodeError } from './decode-error.ts';
import { asObject, jsonFields, type JsonObject } from './json-fields.ts';
import { parseJson } from './parse-json.ts';
import { readAttributesJson } from './read-attributes-json.ts';
import { readHexId } from './read-hex-id.ts';
import { Rejections } from './rejections.ts';
import { BAD_PARENT_SPAN_ID, BAD_SPAN_ID, BAD_TRACE_ID } from './span-ids.ts';

const KINDS = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];
const STATUS_CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

/**
 * Decodes an ExportTraceServiceRequest in OTLP/JSON (lowerCamelCase keys only; hex ids of any case; unknown and
 * snake_case keys are ignored). Equal content gives results equal to those of `decodeTracesProtobuf`. A span with
 * invalid ids or a field of a wrong type is refused alone; a body that is no such message throws DecodeError.
 */
export function decodeTracesJson(body: Buffer): DecodedTraces {
  const request = asObject(parseJson(body), 'the request');
  const spans: OtlpSpan[] = [];
  const rejections = new Rejections();
  let index = 0;
  for (const resourceSpans of jsonFields.objects(request, 'resourceSpans')) {
    const resource = { attributes: readAttributesJson(jsonFields.object(resourceSpans, 'resource')) };
    for (const scopeSpans of jsonFields.objects(resourceSpans, 'scopeSpans')) {
      const scope = readScopeJson(scopeSpans);
      for (const span of jsonFields.array(scopeSpans, 'spans')) {
        try {
          spans.push(readSpan(asObject(span, 'span'), resource, scope));
        } catch (error) {
          if (!(error instanceof DecodeError) || error.code !== 'bad_field') throw error;
          rejections.add('span', index, error.message);
        }
        index += 1;
      }
    }
  }
  return { spans, rejected: rejections.result() };
}

/** The scope of a ScopeSpans or ScopeLogs. */
export function readScopeJson(parent: JsonObject): OtlpScope {
  const scope = jsonFields.object(parent, 'scope');
  return {
    name: jsonFields.text(scope, 'name'),
    version: jsonFields.text(scope, 'version'),
    attributes: readAttributesJson(scope),
  };
}

function readSpan(span: JsonObject, resource: OtlpResource, scope: OtlpScope): OtlpSpan {
  const traceId = readHexId(span['traceId'], 32);
  if (!traceId) throw badId(BAD_TRACE_ID);
  const spanId = readHexId(span['spanId'], 16);
  if (!spanId) throw badId(BAD_SPAN_ID);
  const parentSpanId = readHexId(span['parentSpanId'], 16, '');
  if (parentSpanId === undefined) throw badId(BAD_PARENT_SPAN_ID);
  const status = jsonFields.object(span, 'status');
  return {
    resource,
    scope,
    traceId,
    spanId,
    parentSpanId,
    name: jsonFields.text(span, 'name'),
    kind: jsonFields.enumeration(span, 'kind', KINDS),
    startTimeUnixNano: jsonFields.uint64(span, 'startTimeUnixNano'),
    endTimeUnixNano: jsonFields.uint64(span, 'endTimeUnixNano'),
    attributes: readAttributesJson(span),
    events: jsonFields.objects(span, 'events').map(readEvent),
    statusCode: jsonFields.enumeration(status, 'code', STATUS_CODES),
    statusMessage: jsonFields.text(status, 'message'),
  };
}

function readEvent(event: JsonObject): OtlpSpanEvent {
  return {
    timeUnixNano: jsonFields.uint64(event, 'timeUnixNano'),
    name: jsonFields.text(event, 'name'),
    attributes: readAttributesJson(event),
  };
}

const badId = (reason: string): DecodeError => new DecodeError('bad_field', reason);
