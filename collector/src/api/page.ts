import { Type, type TSchema } from '@sinclair/typebox';
import { Problem } from './problem.ts';

const DEFAULT_ITEMS = 100;
const MAX_ITEMS = 1_000;
/** Names of a workspace, a provider and a model, each of 256 characters of any script. */
const MAX_CURSOR_CHARS = 8_192;

/** Where a page ends: the sort key of its last item. `timestamp` is a whole number as text, in the unit of the route's table. */
export interface PageKey {
  readonly timestamp: string;
  readonly id: string;
}

/** Query parameters of every list: spread them into the route's own. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: MAX_ITEMS, default: DEFAULT_ITEMS, description: 'Items in a page' }),
  cursor: Type.Optional(
    Type.String({ maxLength: MAX_CURSOR_CHARS, description: 'next_cursor of the page before; unset = the first page' })
  ),
};

/** Schema of a page of these items. */
export function pageSchema<T extends TSchema>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    next_cursor: Type.Union([Type.String(), Type.Null()], { description: 'null = this is the last page' }),
  });
}

export interface Page<T> {
  readonly items: T[];
  readonly next_cursor: string | null;
}

/** The page of rows that were read with a limit of one more than asked for, in the order of their keys. */
export function toPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => PageKey): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, next_cursor: null };
  const { timestamp, id } = keyOf(last);
  return { items, next_cursor: Buffer.from(JSON.stringify([timestamp, id])).toString('base64url') };
}

/** The page of a list that is held in memory. Ordered here, newest first and then by id, so that a cursor means the same in any order. */
export function pageOfList<T>(
  all: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
  keyOf: (item: T) => PageKey
): Page<T> {
  const after = readCursor(cursor);
  const rest = all
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || compareKeys(after, key) < 0)
    .sort((a, b) => compareKeys(a.key, b.key));
  return toPage(
    rest.slice(0, limit + 1).map(({ item }) => item),
    limit,
    keyOf
  );
}

function compareKeys(a: PageKey, b: PageKey): number {
  const [timeA, timeB] = [BigInt(a.timestamp), BigInt(b.timestamp)];
  if (timeA !== timeB) return timeA > timeB ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

/** Reads a cursor. Undefined when there is none; throws a Problem for one that no page gave. */
export function readCursor(cursor: string | undefined): PageKey | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === 2) {
      const [timestamp, id] = key as unknown[];
      if (typeof timestamp === 'string' && /^-?\d{1,19}$/.test(timestamp) && typeof id === 'string')
        return { timestamp, id };
    }
  } catch {
    // No JSON: the same answer as for any other text that is no cursor.
  }
  throw new Problem(400, 'The cursor is not one of ours', {
    errors: [{ field: 'cursor', message: 'must be the next_cursor of a page, unchanged' }],
  });
}
