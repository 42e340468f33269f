import type { Attributes } from '../otlp.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject, toPlainJson } from './read-attribute.ts';

/** Attributes read below one prefix, and the deepest path: both bound what one span can make this build. */
const MAX_LEAVES = 20_000;
const MAX_PATH = 12;

/**
 * The attributes below a prefix as one object: `a.0.b.c` with prefix `a.` gives `{"0": {"b": {"c": …}}}`.
 * Values without content (`{}` in OTLP) are left out. A key that is both a value and a branch keeps the branch.
 */
export function unflattenAttributes(attributes: Attributes, prefix: string): JsonObject {
  const root = emptyNode();
  let leaves = 0;
  for (const [key, value] of attributes) {
    if (value === null || !key.startsWith(prefix) || leaves >= MAX_LEAVES) continue;
    const path = key.slice(prefix.length).split('.', MAX_PATH + 1);
    if (path.length > MAX_PATH) continue;
    leaves++;
    let node = root;
    for (const step of path.slice(0, -1)) {
      const next = node[step];
      if (isNode(next)) node = next;
      else {
        const branch = emptyNode();
        node[step] = branch;
        node = branch;
      }
    }
    const last = path[path.length - 1]!;
    if (!isNode(node[last])) node[last] = toPlainJson(value);
  }
  return root;
}

/** The values under numeric keys in order of the numbers; gaps are closed. Anything else gives an empty list. */
export function numberedValues(value: JsonValue | undefined): readonly JsonValue[] {
  if (!isJsonObject(value)) return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  // Keys that are array indices come first and in numeric order, whatever the order they were set in.
  return Object.keys(value)
    .filter((key) => /^\d{1,9}$/.test(key))
    .map((key) => value[key] ?? null);
}

type Node = Record<string, JsonValue>;

function emptyNode(): Node {
  return Object.create(null) as Node;
}

/** Only branches made here have no prototype and are no arrays; structured attribute values may look the same and are then extended, which is harmless. */
function isNode(value: JsonValue | undefined): value is Node {
  return isJsonObject(value) && Object.getPrototypeOf(value) === null;
}
