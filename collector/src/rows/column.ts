import type { TableColumn } from '../table-rows.ts';
import type { RowBinaryWriter } from './row-binary.ts';

/** A column and how a row's value is written. The order of a table's list is the order of bytes. */
export interface Column<Row> extends TableColumn {
  readonly write: (writer: RowBinaryWriter, row: Row) => void;
}
