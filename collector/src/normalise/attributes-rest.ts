import type { Attributes, AttributeValue } from '../otlp.ts';
import { cutBeforeToken } from './cut-before-token.ts';
import { knownKey } from './known-keys.ts';
import { toText } from './read-attribute.ts';

/** Attributes kept per span; the rest is counted as cut. */
const MAX_ATTRIBUTES = 128;
/** Longest value and key kept, in UTF-16 units. */
const MAX_ATTRIBUTE_CHARS = 2048;
const MAX_KEY_CHARS = 256;
const CUT_MARK = '… [cut]';

export interface RestOptions {
  /** Keys (or prefixes that end with `.`) that a dialect turned into fields or content. */
  readonly consumed: readonly string[];
  /** Token counts are columns of a model call; on wrappers, which have no usage, they stay visible as attributes. */
  readonly isModelCall: boolean;
}

export interface Rest {
  readonly attributes: Map<string, string>;
  /** Values shortened and attributes left out. */
  readonly cut: number;
}

/** What no column holds, as text (JSON for structures). Message content is never in it. Bounded in number and size. */
export function attributesRest(source: Attributes, options: RestOptions): Rest {
  const attributes = new Map<string, string>();
  let cut = 0;
  const consumed = options.consumed.length === 0 ? undefined : consumedKeys(options.consumed);
  for (const [key, value] of source) {
    if (value === null) continue;
    const known = knownKey(key);
    if (known !== undefined && (known !== 'usage' || options.isModelCall)) continue;
    if (consumed !== undefined && isConsumed(key, consumed)) continue;
    if (attributes.size >= MAX_ATTRIBUTES) {
      cut++;
      continue;
    }
    if (addText(attributes, key, value)) cut++;
  }
  return { attributes, cut };
}

/** True when something had to be shortened. */
function addText(attributes: Map<string, string>, key: string, value: AttributeValue): boolean {
  const text = boundedText(value);
  if (text === '') return false;
  const isLong = text.length > MAX_ATTRIBUTE_CHARS;
  const name = cutBeforeToken(key, MAX_KEY_CHARS);
  attributes.set(name, isLong ? cutBeforeToken(text, MAX_ATTRIBUTE_CHARS) + CUT_MARK : text);
  return isLong || name !== key;
}

/** Long lists (embedding vectors, chunks) are not written out whole only to be cut. */
function boundedText(value: AttributeValue): string {
  if (Array.isArray(value) && value.length > MAX_ATTRIBUTE_CHARS)
    return toText((value as readonly AttributeValue[]).slice(0, MAX_ATTRIBUTE_CHARS));
  if (value instanceof Uint8Array && value.length > MAX_ATTRIBUTE_CHARS)
    return toText(value.subarray(0, MAX_ATTRIBUTE_CHARS + 1));
  return toText(value);
}

interface ConsumedKeys {
  readonly exact: ReadonlySet<string>;
  readonly prefixes: readonly string[];
}

/** Dialects hand over the same constant list for each span. */
const consumedLists = new WeakMap<readonly string[], ConsumedKeys>();

function consumedKeys(list: readonly string[]): ConsumedKeys {
  let keys = consumedLists.get(list);
  if (keys === undefined) {
    keys = {
      exact: new Set(list.filter((key) => !key.endsWith('.'))),
      prefixes: list.filter((key) => key.endsWith('.')),
    };
    consumedLists.set(list, keys);
  }
  return keys;
}

function isConsumed(key: string, consumed: ConsumedKeys): boolean {
  if (consumed.exact.has(key)) return true;
  for (const prefix of consumed.prefixes) {
    if (key.startsWith(prefix)) return true;
  }
  return false;
}
