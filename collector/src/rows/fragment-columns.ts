import type { ContentFragment } from '../span.ts';
import type { Column } from './column.ts';
import { columnKinds } from './column-kinds.ts';
import { CONTENT_KINDS, CONTENT_SOURCES } from './enums.ts';

/** A row of `genai.content_fragments`. */
export interface FragmentRow {
  readonly workspace: string;
  readonly fragment: ContentFragment;
  readonly retentionDays: number;
  readonly ingestedAtMs: number;
}

const { name, text, count, small, choice, nanoseconds, milliseconds } = columnKinds<FragmentRow>();

/** Every column of `genai.content_fragments`, in the order of migration 0003. */
export const FRAGMENT_COLUMNS: readonly Column<FragmentRow>[] = [
  name('workspace', (row) => row.workspace),
  nanoseconds('timestamp', (row) => row.fragment.timestampNs),
  text('trace_id', (row) => row.fragment.traceId),
  text('span_id', (row) => row.fragment.spanId),
  text('response_id', (row) => row.fragment.responseId),
  choice('kind', CONTENT_KINDS, (row) => row.fragment.kind),
  choice('source', CONTENT_SOURCES, (row) => row.fragment.source),
  count('position', (row) => row.fragment.position),
  text('body', (row) => row.fragment.body),
  small('retention_days', (row) => row.retentionDays),
  milliseconds('ingested_at', (row) => row.ingestedAtMs),
];
