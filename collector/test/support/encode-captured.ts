import type { OtlpResource, OtlpScope } from '../../src/otlp.ts';
import type { JsonStyle } from '../../src/receive/testing/encode-otlp-json.ts';
import { OtlpJsonEncoder } from '../../src/receive/testing/encode-otlp-json.ts';
import { encodeLogsProtobuf, encodeTracesProtobuf } from '../../src/receive/testing/encode-otlp-protobuf.ts';
import type { CapturedRequest } from '../captures/load-captures.ts';

const wrap = <T extends { readonly resource: OtlpResource; readonly scope: OtlpScope }>(item: T) => ({
  resource: item.resource,
  scopes: [{ scope: item.scope, items: [item] }],
});

export function encodeCapturedProtobuf(request: CapturedRequest): Buffer {
  return request.signal === 'traces'
    ? encodeTracesProtobuf(request.spans.map(wrap))
    : encodeLogsProtobuf(request.records.map(wrap));
}

export function encodeCapturedJson(request: CapturedRequest, style: JsonStyle): Buffer {
  const encoder = new OtlpJsonEncoder(style);
  return request.signal === 'traces'
    ? encoder.traces(request.spans.map(wrap))
    : encoder.logs(request.records.map(wrap));
}
