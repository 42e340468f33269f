import type { JsonValue } from './read-attribute.ts';

/** Longest Python literal that is read, in UTF-16 units. */
const MAX_PYTHON_REPR_CHARS = 1024 * 1024;
const MAX_DEPTH = 32;

/** Where the reader stands. A failed read sets `failed` instead of throwing. */
interface Cursor {
  readonly text: string;
  at: number;
  failed: boolean;
}

/**
 * Reads the `repr()` of Python dicts, lists, tuples, texts, numbers, True, False and None as JSON.
 * LiteLLM, LangSmith and others write such text where JSON was meant. `undefined` for anything else
 * (also for object reprs such as `Usage(total=3)`). Linear time, bounded depth, never throws.
 */
export function readPythonRepr(text: string): JsonValue | undefined {
  if (text.length === 0 || text.length > MAX_PYTHON_REPR_CHARS) return undefined;
  const cursor: Cursor = { text, at: 0, failed: false };
  const value = readValue(cursor, 0);
  skipSpace(cursor);
  return cursor.failed || cursor.at < text.length ? undefined : value;
}

function readValue(cursor: Cursor, depth: number): JsonValue {
  skipSpace(cursor);
  const first = cursor.text[cursor.at];
  if (first === undefined || depth > MAX_DEPTH) return fail(cursor);
  if (first === '{') return readDict(cursor, depth);
  if (first === '[') return readSequence(cursor, ']', depth);
  if (first === '(') return readSequence(cursor, ')', depth);
  if (first === "'" || first === '"') return readQuoted(cursor);
  return readWord(cursor);
}

function readDict(cursor: Cursor, depth: number): JsonValue {
  const object = Object.create(null) as Record<string, JsonValue>;
  cursor.at++;
  for (;;) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] === '}') {
      cursor.at++;
      return object;
    }
    const key = readValue(cursor, depth + 1);
    skipSpace(cursor);
    if (cursor.failed || cursor.text[cursor.at] !== ':' || typeof key === 'object') return fail(cursor);
    cursor.at++;
    object[String(key)] = readValue(cursor, depth + 1);
    if (!endOfEntry(cursor, '}')) return fail(cursor);
  }
}

function readSequence(cursor: Cursor, close: string, depth: number): JsonValue {
  const list: JsonValue[] = [];
  cursor.at++;
  for (;;) {
    skipSpace(cursor);
    if (cursor.text[cursor.at] === close) {
      cursor.at++;
      return list;
    }
    list.push(readValue(cursor, depth + 1));
    if (!endOfEntry(cursor, close)) return fail(cursor);
  }
}

/** After an entry: a comma is consumed, the closing bracket is left for the loop. */
function endOfEntry(cursor: Cursor, close: string): boolean {
  skipSpace(cursor);
  if (cursor.failed) return false;
  if (cursor.text[cursor.at] === ',') {
    cursor.at++;
    return true;
  }
  return cursor.text[cursor.at] === close;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['a', '\x07'],
  ['0', '\0'],
  ['\n', ''],
]);
const ESCAPE_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function readQuoted(cursor: Cursor): JsonValue {
  const { text } = cursor;
  const quote = text[cursor.at]!;
  let start = ++cursor.at;
  let result = '';
  for (; cursor.at < text.length; cursor.at++) {
    const char = text[cursor.at]!;
    if (char === quote) {
      result += text.slice(start, cursor.at++);
      return result;
    }
    if (char !== '\\') continue;
    result += text.slice(start, cursor.at);
    const escape = text[++cursor.at] ?? '';
    const digits = ESCAPE_DIGITS.get(escape);
    if (digits === undefined) {
      result +=
        ESCAPES.get(escape) ??
        (escape === quote || escape === '\\' || escape === "'" || escape === '"' ? escape : `\\${escape}`);
    } else {
      const code = Number.parseInt(text.slice(cursor.at + 1, cursor.at + 1 + digits), 16);
      if (!(code >= 0 && code <= 0x10ffff)) return fail(cursor);
      result += String.fromCodePoint(code);
      cursor.at += digits;
    }
    start = cursor.at + 1;
  }
  return fail(cursor);
}

function readWord(cursor: Cursor): JsonValue {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && cursor.at - start < 64 && /[\w.+-]/.test(cursor.text[cursor.at]!))
    cursor.at++;
  const word = cursor.text.slice(start, cursor.at);
  if (word === 'None') return null;
  if (word === 'True') return true;
  if (word === 'False') return false;
  const number = word === '' ? Number.NaN : Number(word);
  return Number.isFinite(number) ? number : fail(cursor);
}

function skipSpace(cursor: Cursor): void {
  while (cursor.at < cursor.text.length && cursor.text.charCodeAt(cursor.at) <= 0x20) cursor.at++;
}

function fail(cursor: Cursor): null {
  cursor.failed = true;
  return null;
}
