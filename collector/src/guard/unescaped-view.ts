import type { StepMeter } from './detector.ts';

/**
 * A text as a reader of the JSON would see it, with the way back to the original offsets.
 * Content is JSON text, attribute values may be JSON, and both may hold JSON inside of strings: a secret can be written
 * with hexadecimal escapes or `\\/` at any depth, and in URLs with percent escapes. Instead of parsing and writing the JSON
 * again (which would change big numbers, repeated keys and the bytes of untouched parts, and fails on JSON that was cut),
 * escapes are resolved for the search only, and the redaction replaces whole escapes in the original text.
 */
export interface UnescapedView {
  readonly text: string;
  /** Original offset of the view's offset (0 ≤ offset ≤ view length). */
  readonly toOriginal: (offset: number) => number;
}

/** JSON inside of JSON inside of …: how many levels are opened. Each level doubles the backslashes, so real data ends at three. */
export const MAX_JSON_LEVELS = 8;
/** Escapes of printable ASCII and of the slash can spell a keyword; all other escapes can only stand beside one. */
const HIDING_ESCAPE = /\\(?:u00[0-7]|\/)/;
const HIDING_PERCENT = /%[2-7][0-9a-fA-F]/;
/** ASCII, without the control characters that no text holds. */
const PERCENT_ESCAPE = /%(0[9aAdD]|[2-7][0-9a-fA-F])/y;
const ESCAPE_SIGN = /[\\%]/g;
const HEX_ESCAPE = /\\u([0-9a-fA-F]{4})/y;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
]);

/** True when a keyword could be written in the text without appearing in it. */
export function hidesCharacters(text: string): boolean {
  if ((text.includes('\\u00') || text.includes('\\/')) && HIDING_ESCAPE.test(text)) return true;
  return text.includes('%') && HIDING_PERCENT.test(text);
}

/** The escape at a backslash or percent sign: its character and its length; a sign that escapes nothing stands for itself. */
function readEscape(text: string, at: number): { readonly character: string; readonly length: number } {
  if (text.charAt(at) === '%') {
    PERCENT_ESCAPE.lastIndex = at;
    const code = PERCENT_ESCAPE.exec(text)?.[1];
    if (code === undefined) return { character: '%', length: 1 };
    return { character: String.fromCharCode(Number.parseInt(code, 16)), length: 3 };
  }
  const short = SHORT_ESCAPES.get(text.charAt(at + 1));
  if (short !== undefined) return { character: short, length: 2 };
  HEX_ESCAPE.lastIndex = at;
  const digits = HEX_ESCAPE.exec(text)?.[1];
  if (digits === undefined) return { character: '\\', length: 1 };
  return { character: String.fromCharCode(Number.parseInt(digits, 16)), length: 6 };
}

function nextSign(text: string, from: number): number {
  ESCAPE_SIGN.lastIndex = from;
  return ESCAPE_SIGN.exec(text)?.index ?? -1;
}

/** One level resolved, or undefined when there is nothing to resolve. */
function resolveLevel(text: string): UnescapedView | undefined {
  const parts: string[] = [];
  /** Where each part begins in the view and in the text. */
  const viewStarts: number[] = [];
  const textStarts: number[] = [];
  let viewLength = 0;
  const append = (part: string, start: number): void => {
    parts.push(part);
    viewStarts.push(viewLength);
    textStarts.push(start);
    viewLength += part.length;
  };
  let copied = 0;
  for (let at = nextSign(text, 0); at !== -1; at = nextSign(text, at)) {
    const { character, length } = readEscape(text, at);
    if (length > 1) {
      if (at > copied) append(text.slice(copied, at), copied);
      append(character, at);
      copied = at + length;
    }
    at += length;
  }
  if (copied === 0) return undefined;
  append(text.slice(copied), copied);
  return {
    text: parts.join(''),
    toOriginal: (offset) => {
      let low = 0;
      let high = viewStarts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((viewStarts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return (textStarts[low] ?? 0) + offset - (viewStarts[low] ?? 0);
    },
  };
}

/**
 * Resolves the escapes of every level, one after the other, each in linear time and each shorter than the one before.
 * Throws when escapes that could hide something remain below MAX_JSON_LEVELS: such a text cannot be checked.
 */
export function createUnescapedView(text: string, meter: StepMeter): UnescapedView {
  let view: UnescapedView = { text, toOriginal: (offset) => offset };
  for (let level = 0; level < MAX_JSON_LEVELS; level += 1) {
    meter.steps += view.text.length;
    const deeper = resolveLevel(view.text);
    if (deeper === undefined) return view;
    const { toOriginal } = view;
    view = { text: deeper.text, toOriginal: (offset) => toOriginal(deeper.toOriginal(offset)) };
  }
  if (hidesCharacters(view.text)) throw new Error('JSON is nested too deeply to be checked');
  return view;
}
