import { createHash } from 'node:crypto';
import type { OtlpLogRecord } from '../otlp.ts';
import type { Score } from '../span.ts';
import type { AcceptedTimes } from './clamp-time.ts';
import { clampTime } from './clamp-time.ts';
import { readNumber, readString } from './read-attribute.ts';

const MAX_NAME_CHARS = 256;
const MAX_COMMENT_CHARS = 4096;
/** Labels that stand for a number when an evaluator gives only a verdict. */
const PASS_LABELS = new Set(['pass', 'passed', 'true', 'yes', 'correct', 'good', 'success', 'relevant']);

/**
 * A `gen_ai.evaluation.result` event as a score (semantic conventions, GenAI events). `undefined` when it has no name, or neither a
 * value nor a label (the evaluation itself failed). A verdict without a value counts 1 (pass, true, …) or 0.
 */
export function scoreFromEvent(
  record: OtlpLogRecord,
  workspace: string,
  timeNs: bigint,
  accepted: AcceptedTimes
): Score | undefined {
  const { attributes } = record;
  const name = readString(attributes, 'gen_ai.evaluation.name');
  const value = readNumber(attributes, 'gen_ai.evaluation.score.value');
  const label = readString(attributes, 'gen_ai.evaluation.score.label') ?? '';
  if (name === undefined || (value === undefined && label === '')) return undefined;
  const responseId = (readString(attributes, 'gen_ai.response.id') ?? '').slice(0, MAX_NAME_CHARS);
  return {
    workspace,
    timestampNs: clampTime(timeNs, accepted),
    traceId: record.traceId,
    spanId: record.spanId,
    responseId,
    conversationId: (readString(attributes, 'gen_ai.conversation.id', 'session.id') ?? '').slice(0, MAX_NAME_CHARS),
    name: name.slice(0, MAX_NAME_CHARS),
    source: 'otel',
    value: value ?? (PASS_LABELS.has(label.toLowerCase()) ? 1 : 0),
    label: label.slice(0, MAX_NAME_CHARS),
    comment: (readString(attributes, 'gen_ai.evaluation.explanation') ?? '').slice(0, MAX_COMMENT_CHARS),
    experiment: (readString(attributes, 'gen_ai.experiment.name', 'experiment') ?? '').slice(0, MAX_NAME_CHARS),
    variant: (readString(attributes, 'gen_ai.experiment.variant', 'variant') ?? '').slice(0, MAX_NAME_CHARS),
    id: stableId([workspace, record.traceId, record.spanId, responseId, name, String(timeNs), String(value), label]),
  };
}

/** 32 hex digits that depend on nothing but the given texts: the same event sent twice has the same id. */
export function stableId(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
