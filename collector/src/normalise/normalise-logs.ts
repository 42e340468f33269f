import type { OtlpLogRecord, OtlpSpan } from '../otlp.ts';
import type { GenAiSpan, Normalised, Score } from '../span.ts';
import type { CardinalityCap } from './cardinality-cap.ts';
import { capContent } from './cap-content.ts';
import { acceptedTimes, clampTime } from './clamp-time.ts';
import type { EventCall } from './call-from-event.ts';
import { callFromEvent } from './call-from-event.ts';
import { readSemconvContent } from './content-from-attributes.ts';
import type { SpanFragment } from './dialect.ts';
import { isMessageEvent, messageOfEvent } from './event-messages.ts';
import { createLogPositions } from './log-positions.ts';
import { toFragment } from './messages.ts';
import type { NormaliseCounts, NormaliseOptions } from './normalise-limits.ts';
import { noCounts } from './normalise-limits.ts';
import { createNormaliseSpan } from './normalise-span.ts';
import { readString } from './read-attribute.ts';
import { scoreFromEvent, stableId } from './score-from-event.ts';

type LogFragment = Normalised['fragments'][number];

interface NormalisedLogs {
  readonly spans: readonly GenAiSpan[];
  readonly fragments: readonly LogFragment[];
  readonly scores: readonly Score[];
  /** `ignored` counts log records that are not GenAI events, or that nothing can be joined to. */
  readonly counts: NormaliseCounts;
}

export type NormaliseLogs = (workspace: string, records: readonly OtlpLogRecord[]) => NormalisedLogs;

const DETAILS_EVENT = 'gen_ai.client.inference.operation.details';
const EVALUATION_EVENT = 'gen_ai.evaluation.result';
const NS_PER_MS = 1_000_000;
const SPAN_KIND_CLIENT = 3;
/** Positions order the events of one span by their nanoseconds; they repeat after 52 days, and a span's events lie closer together. */
const POSITION_RANGE_NS = 2n ** 52n;

/**
 * Makes content fragments, scores and, for agent CLIs that send no spans, rows from the log records of one request. Content joins its span
 * by trace and span id, or by response id when the record has no span id. Records may come before their span.
 */
export function createNormaliseLogs(options: NormaliseOptions, names: CardinalityCap): NormaliseLogs {
  const normaliseSpan = createNormaliseSpan(options, names);
  return (workspace, records) => {
    const counts = noCounts();
    const replacedBefore = names.replaced();
    const accepted = acceptedTimes(options.now(), options.retentionDays);
    const spans: GenAiSpan[] = [];
    const fragments: LogFragment[] = [];
    const scores: Score[] = [];
    const positionOf = createLogPositions();

    function addFragments(record: OtlpLogRecord, timeNs: bigint, pieces: readonly SpanFragment[]): void {
      const responseId = record.spanId === '' ? (readString(record.attributes, 'gen_ai.response.id') ?? '') : '';
      if (pieces.length === 0 || (record.spanId === '' && responseId === '')) {
        counts.ignored++;
        return;
      }
      for (const piece of pieces) {
        const kept = capContent(piece, options.limits.maxContentChars);
        if (kept !== piece) counts.cutContent++;
        const owner = record.traceId + record.spanId + responseId + kept.kind;
        const position = positionOf(owner, kept.position);
        fragments.push({
          workspace,
          retentionDays: options.retentionDays,
          traceId: record.traceId,
          spanId: record.spanId,
          responseId,
          timestampNs: clampTime(timeNs, accepted),
          kind: kept.kind,
          source: kept.source,
          position,
          body: kept.body,
        });
      }
    }

    for (const record of records) {
      const name = eventName(record);
      const timeNs = record.timeUnixNano === 0n ? record.observedTimeUnixNano : record.timeUnixNano;
      const position = Number(timeNs % POSITION_RANGE_NS);
      if (isMessageEvent(name)) {
        const message = messageOfEvent(name, record.attributes, record.body);
        const fragment =
          message === undefined ? undefined : toFragment(message.kind, 'log_event', position, message.entries);
        addFragments(record, timeNs, fragment === undefined ? [] : [fragment]);
      } else if (name === DETAILS_EVENT) {
        addFragments(record, timeNs, detailsContent(record, position));
      } else if (name === EVALUATION_EVENT) {
        const score = scoreFromEvent(record, workspace, timeNs, accepted);
        if (score === undefined) counts.ignored++;
        else scores.push(score);
      } else {
        const call = callFromEvent(name, record);
        if (call === undefined) counts.ignored++;
        else
          spans.push(
            normaliseSpan(
              spanOfCall(record, name, timeNs, call),
              { name: call.dialect, matches: () => true, read: () => call.fields },
              { workspace, accepted, counts }
            )
          );
      }
    }
    counts.cappedNames = names.replaced() - replacedBefore;
    return { spans, fragments, scores, counts };
  };
}

/** The field, or for older senders the attribute; Claude Code puts the full name into the body. */
function eventName(record: OtlpLogRecord): string {
  if (record.eventName !== '') return record.eventName;
  if (
    typeof record.body === 'string' &&
    (record.body.startsWith('claude_code.') ||
      record.body.startsWith('gemini_cli.') ||
      record.body.startsWith('codex.'))
  ) {
    return record.body.slice(0, 128);
  }
  return readString(record.attributes, 'event.name') ?? '';
}

/** Content is in the attributes, in early versions in the body. */
function detailsContent(record: OtlpLogRecord, position: number): readonly SpanFragment[] {
  const found = readSemconvContent(record.attributes, 'log_event', position);
  if (found.length > 0 || !(record.body instanceof Map)) return found;
  return readSemconvContent(record.body, 'log_event', position);
}

/** The event is written when the answer is there, so the call began its duration earlier. Ids follow from the event: sent twice, stored once. */
function spanOfCall(record: OtlpLogRecord, name: string, timeNs: bigint, call: EventCall): OtlpSpan {
  const identity = [
    name,
    String(timeNs),
    record.traceId,
    record.spanId,
    ...[...record.attributes].map(([key, value]) => `${key}=${typeof value === 'object' ? '' : String(value)}`),
  ];
  const id = stableId(identity);
  const conversation = call.fields.conversationId ?? id;
  const length = BigInt(Math.round(Math.min(Math.max(call.durationMs, 0) * NS_PER_MS, Number.MAX_SAFE_INTEGER)));
  return {
    resource: record.resource,
    scope: record.scope,
    traceId: record.traceId === '' ? stableId([call.dialect, conversation]) : record.traceId,
    spanId: id.slice(0, 16),
    parentSpanId: record.spanId,
    name,
    kind: SPAN_KIND_CLIENT,
    startTimeUnixNano: timeNs > length ? timeNs - length : timeNs,
    endTimeUnixNano: timeNs,
    attributes: record.attributes,
    events: [],
    statusCode: 0,
    statusMessage: '',
  };
}
