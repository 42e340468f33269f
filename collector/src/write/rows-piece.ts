import type { TableColumns, TableName } from '../table-rows.ts';
import type { Batch } from './batch-builder.ts';
import type { DeliveryPlan } from './delivery-ledger.ts';
import { splitRows } from './split-rows.ts';

/** Rows of one table that go into one insert. */
export interface RowsPiece {
  readonly table: TableName;
  readonly columns: TableColumns['columns'];
  /** Which rows, as it stands in the token: `<first>-<last>` records, or `<record>[<first>-<last>]` rows of one record. */
  readonly range: string;
  /** Of the plan. */
  readonly run?: string | undefined;
  readonly items: readonly RowsItem[];
}

interface RowsItem {
  readonly sequence: number;
  /** Index of the row in its record; `undefined` = all rows of the record. */
  readonly row: number | undefined;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** The order of inserts: what a span refers to first, the spans late, so that a visible span is whole; then what amends them. */
const TABLE_ORDER: readonly TableName[] = [
  'content_fragments',
  'findings',
  'scores',
  'other_spans',
  'dead_letters',
  'spans',
  'span_amendments',
  'price_amendments',
];

/** One piece a table, in the order of insertion. Tables without columns in the segment's header cannot occur. */
export function piecesOf(batch: Batch): readonly RowsPiece[] {
  return TABLE_ORDER.flatMap((table) => {
    const items = batch.records.flatMap(({ sequence, tables }) =>
      tables
        .filter((rows) => rows.table === table && rows.rows > 0)
        .map(({ rows, bytes }): RowsItem => ({ sequence, row: undefined, rows, bytes }))
    );
    const columns = batch.columns.find((other) => other.table === table)?.columns ?? [];
    return items.length === 0 ? [] : [{ table, columns, range: rangeOf(batch.plan), run: batch.plan.run, items }];
  });
}

function rangeOf({ first, last }: DeliveryPlan): string {
  return `${first}-${last}`;
}

function pieceFrom(piece: RowsPiece, items: readonly RowsItem[]): RowsPiece {
  const first = items[0]!;
  const last = items.at(-1)!;
  const range =
    first.row === undefined
      ? rangeOf({ first: first.sequence, last: last.sequence })
      : `${first.sequence}[${first.row}-${last.row ?? first.row}]`;
  return { ...piece, items, range };
}

/**
 * The two halves of a piece: by records, and a single record by its rows. `undefined` when it is one row, or one record whose
 * rows cannot be told apart. The same piece always has the same halves, so that their tokens are stable.
 */
export function halvesOf(piece: RowsPiece): readonly [RowsPiece, RowsPiece] | undefined {
  let { items } = piece;
  const only = items[0]!;
  if (items.length === 1) {
    if (only.row !== undefined || only.rows < 2) return undefined;
    const parts = splitRows(piece.columns, only.bytes, only.rows);
    if (parts === undefined) return undefined;
    items = parts.map((bytes, row) => ({ sequence: only.sequence, row, rows: 1, bytes }));
  }
  const middle = Math.ceil(items.length / 2);
  return [pieceFrom(piece, items.slice(0, middle)), pieceFrom(piece, items.slice(middle))];
}

export function rowsIn(piece: RowsPiece): number {
  return piece.items.reduce((sum, { rows }) => sum + rows, 0);
}
