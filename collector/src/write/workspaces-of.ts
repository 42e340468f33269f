import type { RowsPiece } from './rows-piece.ts';

const MAX_LENGTH = 127;

/**
 * The workspaces of a piece, by the first row of each of its records: a request has one. The column `workspace` stands first in
 * every table and is shorter than 128 bytes; empty when it cannot be read.
 */
export function workspacesOf({ columns, items }: RowsPiece): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { bytes } of items) {
    const length = bytes[0] ?? 0;
    const isReadable = columns[0]?.name === 'workspace' && length <= MAX_LENGTH;
    found.add(isReadable ? Buffer.from(bytes.buffer, bytes.byteOffset + 1, length).toString('utf8') : '');
  }
  return found;
}
