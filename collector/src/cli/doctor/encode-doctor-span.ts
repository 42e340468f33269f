import { DOCTOR_SERVICE, type DoctorSpan } from './doctor-span.ts';

const DURATION_MS = 5;
const NANOSECONDS_PER_MS = 1_000_000n;
const SPAN_KIND_CLIENT = 3;
const SCOPE = 'spanledger.doctor';

function times({ startMs }: DoctorSpan): { readonly start: bigint; readonly end: bigint } {
  const start = BigInt(Math.round(startMs)) * NANOSECONDS_PER_MS;
  return { start, end: start + BigInt(DURATION_MS) * NANOSECONDS_PER_MS };
}

/** ExportTraceServiceRequest as OTLP/JSON. */
export function encodeJson(span: DoctorSpan): Buffer {
  const { start, end } = times(span);
  const attribute = ([key, value]: [string, string | number]): object => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  });
  const resource = { attributes: [attribute(['service.name', DOCTOR_SERVICE])] };
  const spans = [
    {
      traceId: span.traceId,
      spanId: span.spanId,
      name: span.name,
      kind: SPAN_KIND_CLIENT,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(end),
      attributes: Object.entries(span.attributes).map(attribute),
    },
  ];
  return Buffer.from(
    JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: SCOPE }, spans }] }] })
  );
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function bytesField(field: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([varint(field * 8 + LENGTH_DELIMITED), varint(body.length), body]);
}

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8 + VARINT), varint(value)]);
}

function fixed64Field(field: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint(field * 8 + FIXED64), bytes]);
}

const textField = (field: number, text: string): Buffer => bytesField(field, Buffer.from(text, 'utf8'));

/** KeyValue { 1 key, 2 AnyValue { 1 string_value, 3 int_value } } */
function keyValue(field: number, key: string, value: string | number): Buffer {
  const anyValue = typeof value === 'string' ? textField(1, value) : varintField(3, value);
  return bytesField(field, textField(1, key), bytesField(2, anyValue));
}

/** ExportTraceServiceRequest as protobuf. Source: opentelemetry-proto trace.proto, field numbers as there. */
export function encodeProtobuf(span: DoctorSpan): Buffer {
  const { start, end } = times(span);
  const encoded = bytesField(
    2,
    bytesField(1, Buffer.from(span.traceId, 'hex')),
    bytesField(2, Buffer.from(span.spanId, 'hex')),
    textField(5, span.name),
    varintField(6, SPAN_KIND_CLIENT),
    fixed64Field(7, start),
    fixed64Field(8, end),
    ...Object.entries(span.attributes).map(([key, value]) => keyValue(9, key, value))
  );
  const scope = bytesField(1, textField(1, SCOPE));
  const resource = bytesField(1, keyValue(1, 'service.name', DOCTOR_SERVICE));
  return bytesField(1, resource, bytesField(2, scope, encoded));
}
