import type { AttributeValue, Attributes } from '../otlp.ts';
import { readPythonRepr } from './read-python-repr.ts';

/** A plain JSON value. Objects made here have no prototype, so a key such as `__proto__` is only a key. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** Longest text that is parsed as JSON, in UTF-16 units; longer text stays text. */
export const MAX_JSON_CHARS = 4 * 1024 * 1024;
/** Deepest nesting that is read; what lies deeper becomes null. */
export const MAX_JSON_DEPTH = 64;
/** Longest text that is looked at for a number, a flag or a short list. */
const MAX_SCALAR_CHARS = 64;
const MAX_LIST_CHARS = 16 * 1024;
/** Entries kept of a list of strings. */
const MAX_LIST_ENTRIES = 64;

/** Text of a scalar; numbers and booleans become text; an empty text, a structure or bytes are `undefined`. */
export function toScalarText(value: AttributeValue | JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** A token count: a non-negative integer, clamped to 2^53−1; numeric text is accepted; NaN, ∞, negative or fractional is `undefined`. */
export function toCount(value: AttributeValue | JsonValue | undefined): number | undefined {
  if (typeof value === 'bigint') {
    if (value < 0n) return undefined;
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  }
  const number = toNumber(value);
  if (number === undefined || number < 0 || !Number.isInteger(number)) return undefined;
  return Math.min(number, Number.MAX_SAFE_INTEGER);
}

/** A finite number; decimal text is accepted, `NaN`, `Infinity`, hexadecimal and anything else is `undefined`. */
export function toNumber(value: AttributeValue | JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_SCALAR_CHARS) return undefined;
  const text = value.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** A flag: booleans and the texts `true`, `True`, `1`, `false`, `False`, `0`; anything else is `undefined`. */
export function toBoolean(value: AttributeValue | JsonValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string' || value.length > MAX_SCALAR_CHARS) return undefined;
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  return undefined;
}

/** First of the keys whose value has a text (see `toScalarText`). */
export function readString(attributes: Attributes, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = toScalarText(attributes.get(key));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** First of the keys that holds a token count (see `toCount`). */
export function readCount(attributes: Attributes, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (value === undefined) continue;
    const count = toCount(value);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** First of the keys that holds a finite number (see `toNumber`). */
export function readNumber(attributes: Attributes, ...keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const number = toNumber(attributes.get(key));
    if (number !== undefined) return number;
  }
  return undefined;
}

/** First of the keys that holds a flag (see `toBoolean`). */
export function readBoolean(attributes: Attributes, ...keys: readonly string[]): boolean | undefined {
  for (const key of keys) {
    const flag = toBoolean(attributes.get(key));
    if (flag !== undefined) return flag;
  }
  return undefined;
}

/** First of the keys that holds a list of texts: an array, a JSON or Python list in a text, or one text. Empty lists are `undefined`. */
export function readStringList(attributes: Attributes, ...keys: readonly string[]): readonly string[] | undefined {
  for (const key of keys) {
    const list = toStringList(attributes.get(key));
    if (list !== undefined) return list;
  }
  return undefined;
}

/** See `readStringList`. */
export function toStringList(value: AttributeValue | JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    const texts: string[] = [];
    for (const entry of value as readonly AttributeValue[]) {
      const text = toScalarText(entry);
      if (text !== undefined && texts.length < MAX_LIST_ENTRIES) texts.push(text);
    }
    return texts.length > 0 ? texts : undefined;
  }
  if (typeof value === 'string' && value.charCodeAt(0) === 0x5b && value.length <= MAX_LIST_CHARS) {
    const parsed = parseJson(value) ?? readPythonRepr(value);
    if (Array.isArray(parsed)) return toStringList(parsed as readonly JsonValue[]);
  }
  const text = toScalarText(value);
  return text === undefined ? undefined : [text];
}

/**
 * First of the keys that holds a JSON value: text that parses (within `MAX_JSON_CHARS`), or a structured AnyValue.
 * Text that is no JSON is `undefined` (use `readString` or `readPythonRepr` then). Never throws.
 */
export function readJson(attributes: Attributes, ...keys: readonly string[]): JsonValue | undefined {
  for (const key of keys) {
    const json = toJson(attributes.get(key));
    if (json !== undefined) return json;
  }
  return undefined;
}

/** As `readJson`, and only an object (not a list) is taken. */
export function readJsonObject(attributes: Attributes, ...keys: readonly string[]): JsonObject | undefined {
  for (const key of keys) {
    const json = toJson(attributes.get(key));
    if (isJsonObject(json)) return json;
  }
  return undefined;
}

/** See `readJson`. */
function toJson(value: AttributeValue | undefined): JsonValue | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return parseJson(value);
  return toPlainJson(value, 0);
}

/** Parses JSON text within `MAX_JSON_CHARS` and `MAX_JSON_DEPTH`; `undefined` when it is no JSON. Never throws. */
export function parseJson(text: string): JsonValue | undefined {
  if (text.length === 0 || text.length > MAX_JSON_CHARS || !mayBeJson(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    return boundDepth(value, 0);
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Bytes as the text they are, else only their number: base64 would carry a secret past the guard. A character that a cut left
 * unfinished at the end does not matter.
 */
function bytesAsText(value: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value, { stream: true });
  } catch {
    return `[${value.length} bytes]`;
  }
}

/** A structured value as plain JSON: bytes become text (see `bytesAsText`), unsafe integers and non-finite numbers become text. Never throws. */
export function toPlainJson(value: AttributeValue, depth = 0): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (depth >= MAX_JSON_DEPTH) return null;
  if (value instanceof Uint8Array) return bytesAsText(value);
  if (Array.isArray(value)) return (value as readonly AttributeValue[]).map((entry) => toPlainJson(entry, depth + 1));
  const object = Object.create(null) as Record<string, JsonValue>;
  for (const [key, entry] of value as ReadonlyMap<string, AttributeValue>) object[key] = toPlainJson(entry, depth + 1);
  return object;
}

/** Any attribute value as JSON text; integers beyond 2^53 keep all their digits. */
export function toJsonText(value: AttributeValue): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(toPlainJson(value, 0));
}

/** Any attribute value as text: texts as they are, the rest as JSON; an AnyValue without a value is an empty text. */
export function toText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value === null ? '' : toJsonText(value);
}

/** Saves the exception for the many texts that are plain words: JSON begins with one of few characters. */
function mayBeJson(text: string): boolean {
  let start = 0;
  while (start < text.length && text.charCodeAt(start) <= 0x20) start++;
  const first = text.charCodeAt(start);
  return (
    first === 0x7b ||
    first === 0x5b ||
    first === 0x22 ||
    first === 0x2d ||
    (first >= 0x30 && first <= 0x39) ||
    text.startsWith('true', start) ||
    text.startsWith('false', start) ||
    text.startsWith('null', start)
  );
}

/** Returns the value itself when nothing lies deeper than the bound (the usual case), else a copy with the depths cut. */
function boundDepth(value: JsonValue, depth: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_JSON_DEPTH) return null;
  return Array.isArray(value)
    ? boundList(value as readonly JsonValue[], depth)
    : boundObject(value as Readonly<Record<string, JsonValue>>, depth);
}

function boundList(list: readonly JsonValue[], depth: number): JsonValue {
  let copy: JsonValue[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const bounded = boundDepth(list[index]!, depth + 1);
    if (bounded === list[index]) continue;
    copy ??= [...list];
    copy[index] = bounded;
  }
  return copy ?? list;
}

function boundObject(object: Readonly<Record<string, JsonValue>>, depth: number): JsonValue {
  let copy: Record<string, JsonValue> | undefined;
  for (const key of Object.keys(object)) {
    const bounded = boundDepth(object[key]!, depth + 1);
    if (bounded === object[key]) continue;
    copy ??= Object.assign(Object.create(null) as Record<string, JsonValue>, object);
    copy[key] = bounded;
  }
  return copy ?? object;
}
