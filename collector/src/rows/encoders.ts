import type { SpanRow } from '../span-row.ts';
import type { AmendmentRow } from './amendment-columns.ts';
import { AMENDMENT_COLUMNS } from './amendment-columns.ts';
import type { Column } from './column.ts';
import type { TableEncoder } from './encode-table.ts';
import { createTableEncoder } from './encode-table.ts';
import type { FindingRow } from './finding-columns.ts';
import { FINDING_COLUMNS } from './finding-columns.ts';
import type { FragmentRow } from './fragment-columns.ts';
import { FRAGMENT_COLUMNS } from './fragment-columns.ts';
import type { OtherSpanRow } from './other-span-columns.ts';
import { OTHER_SPAN_COLUMNS } from './other-span-columns.ts';
import { dayPartition, monthPartition, weekPartition } from './partition.ts';
import type { ScoreRow } from './score-columns.ts';
import { SCORE_COLUMNS } from './score-columns.ts';
import { PRICE_AMENDMENT_COLUMNS } from './price-amendment-columns.ts';
import type { RowBinaryWriter } from './row-binary.ts';
import { SPAN_COLUMNS } from './span-columns.ts';
import { writeFragmentRow } from './write-fragment-row.ts';
import { writePriceAmendment } from './write-price-amendment.ts';
import type { PriceAmendmentRow } from './write-price-amendment.ts';
import { writeSpanRow } from './write-span-row.ts';

/** One encoder per table that the collector writes through its ledger. */
export interface Encoders {
  readonly spans: TableEncoder<SpanRow>;
  readonly fragments: TableEncoder<FragmentRow>;
  readonly findings: TableEncoder<FindingRow>;
  readonly scores: TableEncoder<ScoreRow>;
  readonly otherSpans: TableEncoder<OtherSpanRow>;
  readonly amendments: TableEncoder<AmendmentRow>;
  readonly priceAmendments: TableEncoder<PriceAmendmentRow>;
}

/** New encoders; the partitions are those of `sql/migrations`. */
export function createEncoders(): Encoders {
  return {
    spans: createTableEncoder({
      table: 'spans',
      columns: SPAN_COLUMNS,
      write: writeSpanRow,
      partition: (row) => weekPartition(row.timestampNs, row.retentionDays),
    }),
    fragments: createTableEncoder({
      table: 'content_fragments',
      columns: FRAGMENT_COLUMNS,
      write: writeFragmentRow,
      partition: (row) => dayPartition(row.fragment.timestampNs, row.retentionDays),
    }),
    findings: createTableEncoder({
      table: 'findings',
      columns: FINDING_COLUMNS,
      write: writeColumns(FINDING_COLUMNS),
      partition: (row) => monthPartition(row.finding.timestampNs, row.retentionDays),
    }),
    scores: createTableEncoder({
      table: 'scores',
      columns: SCORE_COLUMNS,
      write: writeColumns(SCORE_COLUMNS),
      partition: (row) => monthPartition(row.score.timestampNs),
    }),
    otherSpans: createTableEncoder({
      table: 'other_spans',
      columns: OTHER_SPAN_COLUMNS,
      write: writeColumns(OTHER_SPAN_COLUMNS),
      partition: (row) => dayPartition(row.span.timestampNs),
    }),
    amendments: createTableEncoder({
      table: 'span_amendments',
      columns: AMENDMENT_COLUMNS,
      write: writeColumns(AMENDMENT_COLUMNS),
      // Its own partition follows the clock, but its views write into those of the span's time.
      partition: (row) => weekPartition(row.span.timestampNs, 0),
    }),
    priceAmendments: createTableEncoder({
      table: 'price_amendments',
      columns: PRICE_AMENDMENT_COLUMNS,
      write: writePriceAmendment,
      // Those of the spans that are written from it.
      partition: ({ call }) => weekPartition(call.timestampNs, call.retentionDays),
    }),
  };
}

/** For the tables that get few rows. */
function writeColumns<Row>(columns: readonly Column<Row>[]): (writer: RowBinaryWriter, row: Row) => void {
  return (writer, row) => {
    for (const column of columns) column.write(writer, row);
  };
}
