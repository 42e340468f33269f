import type { TableColumn, TableColumns, TableName, TableRows } from '../table-rows.ts';
import { RowBinaryWriter } from './row-binary.ts';

/** How the rows of one table become bytes. */
export interface TableEncoder<Row> extends TableColumns {
  /** Rows as RowBinary; `undefined` when there are none. */
  readonly encode: (rows: readonly Row[]) => TableRows | undefined;
}

/** An encoder with a buffer of its own, so not for two encodings at once; what it returns shares no memory with it. */
export function createTableEncoder<Row>(options: {
  readonly table: TableName;
  readonly columns: readonly TableColumn[];
  /** Writes the values of a row in the order of the columns. */
  readonly write: (writer: RowBinaryWriter, row: Row) => void;
  readonly partition: (row: Row) => number;
}): TableEncoder<Row> {
  const { table, columns, write, partition } = options;
  const writer = new RowBinaryWriter();
  return {
    table,
    columns: columns.map(({ name, type }) => ({ name, type })),
    encode: (rows) => {
      if (rows.length === 0) return undefined;
      const partitions = new Set<number>();
      for (const row of rows) {
        write(writer, row);
        partitions.add(partition(row));
      }
      return { table, rows: rows.length, bytes: writer.take(), partitions: [...partitions] };
    },
  };
}
