import type { Column } from './column.ts';
import { COLUMN_TYPES } from './column-types.ts';
import { enumType } from './enums.ts';

type Pick<Row, Value> = (row: Row) => Value;

/** The kinds of columns that the tables are made of; each takes the column's name and where its value comes from. */
export interface ColumnKinds<Row> {
  /** Text with few distinct values. */
  readonly name: (column: string, pick: Pick<Row, string>) => Column<Row>;
  readonly names: (column: string, pick: Pick<Row, readonly string[]>) => Column<Row>;
  readonly text: (column: string, pick: Pick<Row, string>) => Column<Row>;
  /** UInt64 from a safe integer. */
  readonly count: (column: string, pick: Pick<Row, number>) => Column<Row>;
  readonly small: (column: string, pick: Pick<Row, number>) => Column<Row>;
  readonly ratio: (column: string, pick: Pick<Row, number>) => Column<Row>;
  /** Decimal(18, 12) from pico-dollars. */
  readonly money: (column: string, pick: Pick<Row, bigint>) => Column<Row>;
  readonly flag: (column: string, pick: Pick<Row, boolean>) => Column<Row>;
  readonly choice: <T extends string>(
    column: string,
    values: Readonly<Record<T, number>>,
    pick: Pick<Row, T>
  ) => Column<Row>;
  readonly nanoseconds: (column: string, pick: Pick<Row, bigint>) => Column<Row>;
  readonly milliseconds: (column: string, pick: Pick<Row, number>) => Column<Row>;
}

/** The kinds of columns for the rows of one table. */
export function columnKinds<Row>(): ColumnKinds<Row> {
  const types = COLUMN_TYPES;
  return {
    name: (name, pick) => ({ name, type: types.name, write: (writer, row) => writer.string(pick(row)) }),
    names: (name, pick) => ({ name, type: types.names, write: (writer, row) => writer.strings(pick(row)) }),
    text: (name, pick) => ({ name, type: types.text, write: (writer, row) => writer.string(pick(row)) }),
    count: (name, pick) => ({ name, type: types.count, write: (writer, row) => writer.uint64(pick(row)) }),
    small: (name, pick) => ({ name, type: types.small, write: (writer, row) => writer.uint16(pick(row)) }),
    ratio: (name, pick) => ({ name, type: types.ratio, write: (writer, row) => writer.float64(pick(row)) }),
    money: (name, pick) => ({ name, type: types.money, write: (writer, row) => writer.int64(pick(row)) }),
    flag: (name, pick) => ({ name, type: types.flag, write: (writer, row) => writer.uint8(pick(row) ? 1 : 0) }),
    choice: (name, values, pick) => ({
      name,
      type: enumType(values),
      write: (writer, row) => writer.int8(values[pick(row)]),
    }),
    nanoseconds: (name, pick) => ({
      name,
      type: types.nanoseconds,
      write: (writer, row) => writer.int64(pick(row)),
    }),
    milliseconds: (name, pick) => ({
      name,
      type: types.milliseconds,
      write: (writer, row) => writer.uint64(pick(row)),
    }),
  };
}
