import type { Score } from '../span.ts';
import type { Column } from './column.ts';
import { columnKinds } from './column-kinds.ts';
import { SCORE_SOURCES } from './enums.ts';
import type { SpanContext } from './span-context.ts';
import { contextColumns } from './span-context.ts';

/** A row of `genai.scores`. */
export interface ScoreRow {
  readonly score: Score;
  readonly context: SpanContext;
  readonly ingestedAtMs: number;
}

const { name, text, ratio, choice, nanoseconds, milliseconds } = columnKinds<ScoreRow>();

/** Every column of `genai.scores`, in the order of migration 0004. */
export const SCORE_COLUMNS: readonly Column<ScoreRow>[] = [
  name('workspace', (row) => row.score.workspace),
  nanoseconds('timestamp', (row) => row.score.timestampNs),
  text('trace_id', (row) => row.score.traceId),
  text('span_id', (row) => row.score.spanId),
  text('response_id', (row) => row.score.responseId),
  text('conversation_id', (row) => row.score.conversationId),
  name('name', (row) => row.score.name),
  choice('source', SCORE_SOURCES, (row) => row.score.source),
  ratio('value', (row) => row.score.value),
  name('label', (row) => row.score.label),
  text('comment', (row) => row.score.comment),
  name('experiment', (row) => row.score.experiment),
  name('variant', (row) => row.score.variant),
  text('id', (row) => row.score.id),
  ...contextColumns<ScoreRow>((row) => row.context),
  milliseconds('ingested_at', (row) => row.ingestedAtMs),
];
