import type { ContentFragment } from '../span.ts';
import type { TableColumn } from '../table-rows.ts';
import { COLUMN_TYPES } from './column-types.ts';
import { CONTENT_KINDS, CONTENT_SOURCES, enumType } from './enums.ts';

/** A row of `genai.content_fragments`. */
export interface FragmentRow {
  readonly workspace: string;
  readonly fragment: ContentFragment;
  readonly retentionDays: number;
  readonly ingestedAtMs: number;
}

const { name, text, count, small, nanoseconds, milliseconds } = COLUMN_TYPES;

/** Every column of `genai.content_fragments`, in the order of migration 0003; write-fragment-row.ts writes them in this order. */
export const FRAGMENT_COLUMNS: readonly TableColumn[] = [
  { name: 'workspace', type: name },
  { name: 'timestamp', type: nanoseconds },
  { name: 'trace_id', type: text },
  { name: 'span_id', type: text },
  { name: 'response_id', type: text },
  { name: 'kind', type: enumType(CONTENT_KINDS) },
  { name: 'source', type: enumType(CONTENT_SOURCES) },
  { name: 'position', type: count },
  { name: 'body', type: text },
  { name: 'retention_days', type: small },
  { name: 'ingested_at', type: milliseconds },
];
