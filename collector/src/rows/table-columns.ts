import type { TableColumns, TableName } from '../table-rows.ts';
import { createEncoders } from './encoders.ts';

const { spans, fragments, findings, scores, otherSpans, amendments, priceAmendments } = createEncoders();
const tables: readonly TableColumns[] = [spans, fragments, findings, scores, otherSpans, amendments, priceAmendments];

/** What the writer needs to head an insert: names and types in the order of the bytes, for every table that has an encoder. */
export const TABLE_COLUMNS: ReadonlyMap<TableName, TableColumns> = new Map(
  tables.map(({ table, columns }) => [table, { table, columns }])
);
