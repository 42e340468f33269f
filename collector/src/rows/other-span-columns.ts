import type { OtherSpan } from '../span.ts';
import type { Column } from './column.ts';
import { columnKinds } from './column-kinds.ts';
import { SPAN_KINDS, SPAN_STATUSES, enumType } from './enums.ts';

/** A row of `genai.other_spans`. */
export interface OtherSpanRow {
  readonly span: OtherSpan;
  readonly ingestedAtMs: number;
}

const { name, text, count, choice, nanoseconds, milliseconds } = columnKinds<OtherSpanRow>();

/** OTLP's SpanKind is the number of the enum; one that a later OTLP adds is unspecified. */
const kindNumber = (kind: number) => (kind >= 0 && kind <= SPAN_KINDS.consumer ? kind : SPAN_KINDS.unspecified);

/** Every column of `genai.other_spans`, in the order of migration 0002. */
export const OTHER_SPAN_COLUMNS: readonly Column<OtherSpanRow>[] = [
  name('workspace', (row) => row.span.workspace),
  nanoseconds('timestamp', (row) => row.span.timestampNs),
  count('duration_ns', (row) => row.span.durationNs),
  text('trace_id', (row) => row.span.traceId),
  text('span_id', (row) => row.span.spanId),
  text('parent_span_id', (row) => row.span.parentSpanId),
  name('span_name', (row) => row.span.spanName),
  name('service_name', (row) => row.span.serviceName),
  { name: 'kind', type: enumType(SPAN_KINDS), write: (writer, row) => writer.int8(kindNumber(row.span.kind)) },
  choice('status', SPAN_STATUSES, (row) => row.span.status),
  milliseconds('ingested_at', (row) => row.ingestedAtMs),
];
