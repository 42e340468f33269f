import type { TableColumns } from '../table-rows.ts';

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  bytes.push(rest);
}

/**
 * The header of ClickHouse's RowBinaryWithNamesAndTypes: number of columns, names, types; numbers as LEB128, strings with their
 * length before them. Rows in RowBinary follow it unchanged.
 */
export function encodeRowBinaryHeader(columns: TableColumns['columns']): Buffer {
  const head: number[] = [];
  pushVarint(head, columns.length);
  for (const text of [...columns.map(({ name }) => name), ...columns.map(({ type }) => type)]) {
    const bytes = Buffer.from(text, 'utf8');
    pushVarint(head, bytes.length);
    head.push(...bytes);
  }
  return Buffer.from(head);
}
