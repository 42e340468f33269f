import type { RowBinaryWriter } from './row-binary.ts';

/** One column of a table: its name and type in ClickHouse, and how a row's value is written. The order of a table's list is the order of bytes. */
export interface Column<Row> {
  readonly name: string;
  /** As `system.columns.type` shows it. */
  readonly type: string;
  readonly write: (writer: RowBinaryWriter, row: Row) => void;
}
