import type { FragmentRow } from './fragment-columns.ts';
import { CONTENT_KINDS, CONTENT_SOURCES } from './enums.ts';
import type { RowBinaryWriter } from './row-binary.ts';

/** Writes a row of `genai.content_fragments`, in the order of fragment-columns.ts; spelt out as write-span-row.ts is. */
export function writeFragmentRow(writer: RowBinaryWriter, row: FragmentRow): void {
  const { fragment } = row;
  writer.string(row.workspace);
  writer.int64(fragment.timestampNs);
  writer.string(fragment.traceId);
  writer.string(fragment.spanId);
  writer.string(fragment.responseId);
  writer.int8(CONTENT_KINDS[fragment.kind]);
  writer.int8(CONTENT_SOURCES[fragment.source]);
  writer.uint64(fragment.position);
  writer.string(fragment.body);
  writer.uint16(row.retentionDays);
  writer.uint64(row.ingestedAtMs);
}
