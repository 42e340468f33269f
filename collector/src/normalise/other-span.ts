import type { OtlpSpan } from '../otlp.ts';
import type { OtherSpan } from '../span.ts';
import { cutBeforeToken } from './cut-before-token.ts';
import type { CardinalityCap } from './cardinality-cap.ts';
import type { AcceptedTimes } from './clamp-time.ts';
import { clampTime, durationNs } from './clamp-time.ts';
import { readString } from './read-attribute.ts';

const MAX_NAME_CHARS = 256;

/** A span that is not GenAI, in lean form: enough to draw a trace whole. */
export function otherSpan(
  span: OtlpSpan,
  workspace: string,
  accepted: AcceptedTimes,
  names: CardinalityCap
): OtherSpan {
  return {
    workspace,
    timestampNs: clampTime(span.startTimeUnixNano, accepted),
    durationNs: durationNs(span.startTimeUnixNano, span.endTimeUnixNano),
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    spanName: names.cap('other_span_name', cutBeforeToken(span.name, MAX_NAME_CHARS)),
    serviceName: cutBeforeToken(readString(span.resource.attributes, 'service.name') ?? '', MAX_NAME_CHARS),
    kind: span.kind,
    status: span.statusCode === 2 ? 'error' : span.statusCode === 1 ? 'ok' : 'unset',
  };
}
