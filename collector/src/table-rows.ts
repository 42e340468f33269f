/**
 * Rows of one table, encoded as ClickHouse RowBinary: what the ledger keeps and the writer sends, byte for byte.
 * Blocks of the same table concatenate; the writer puts one RowBinaryWithNamesAndTypes header before them.
 */
export type TableName =
  | 'spans'
  | 'content_fragments'
  | 'findings'
  | 'scores'
  | 'other_spans'
  | 'span_amendments'
  | 'price_amendments'
  | 'dead_letters';

export interface TableRows {
  readonly table: TableName;
  readonly rows: number;
  readonly bytes: Uint8Array;
  /** Opaque numbers of the partitions touched, so that a batch can stay under the limit of partitions per insert. */
  readonly partitions: readonly number[];
}

/** A column's name and its type as `system.columns` shows it. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
}

/** The columns of a table in the order the encoder writes them. */
export interface TableColumns {
  readonly table: TableName;
  readonly columns: readonly TableColumn[];
}

/** Identity of a span for the duplicate check. */
export interface SpanKey {
  readonly workspace: string;
  readonly traceId: string;
  readonly spanId: string;
}
