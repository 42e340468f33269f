import type { OtlpSpan } from '../../otlp.ts';
import { encodeTracesProtobuf, MessageWriter } from './encode-otlp-protobuf.ts';
import { OtlpJsonEncoder } from './encode-otlp-json.ts';
import type { RequestModel } from './otlp-model.ts';

const resource = { attributes: new Map([['service.name', 'shop']]) };
const scope = { name: 'openai', version: '1', attributes: new Map<string, never>() };

/** A valid span; the number makes its ids. */
export function sampleSpan(number: number, fields: Partial<OtlpSpan> = {}): OtlpSpan {
  return {
    resource,
    scope,
    traceId: number.toString(16).padStart(32, 'a'),
    spanId: number.toString(16).padStart(16, 'b'),
    parentSpanId: '',
    name: 'chat gpt-4o',
    kind: 3,
    startTimeUnixNano: 1_795_254_246_534_930_401n,
    endTimeUnixNano: 1_795_254_247_534_930_403n,
    attributes: new Map<string, string | number | bigint>([
      ['gen_ai.request.model', 'gpt-4o'],
      ['gen_ai.usage.input_tokens', 37],
      ['big', 9_007_199_254_740_993n],
    ]),
    events: [],
    statusCode: 1,
    statusMessage: '',
    ...fields,
  };
}

/** One request with these spans. */
function requestOf(spans: readonly OtlpSpan[]): readonly RequestModel<OtlpSpan>[] {
  return [{ resource, scopes: [{ scope, items: spans }] }];
}

const json = new OtlpJsonEncoder({ bareIntegers: true, upperCaseIds: false });

export const sampleProtobuf = (spans: readonly OtlpSpan[]): Buffer => encodeTracesProtobuf(requestOf(spans));

export const sampleJson = (spans: readonly OtlpSpan[]): Buffer => json.traces(requestOf(spans));

/** A request of spans that are given as bytes. */
export function protobufOf(spans: readonly MessageWriter[]): Buffer {
  const scopeSpans = new MessageWriter();
  for (const span of spans) scopeSpans.message(2, span);
  return new MessageWriter().message(1, new MessageWriter().message(2, scopeSpans)).finish();
}
