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
const HEX_ESCAPE = /\\u([0-9a-fA-F]{4})/y;

const BACKSLASH = 92;
const PERCENT = 37;
const LETTER_U = 117;
const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map(
  Object.entries({ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '"': '"', '/': '/', '\\': '\\' }).map(
    ([letter, character]) => [letter.charCodeAt(0), character]
  )
);

/** True when a keyword could be written in the text without appearing in it. */
export function hidesCharacters(text: string): boolean {
  if ((text.includes('\\u00') || text.includes('\\/')) && HIDING_ESCAPE.test(text)) return true;
  return text.includes('%') && HIDING_PERCENT.test(text);
}

/** The character that the escape at a backslash or percent sign means; empty when it escapes nothing. */
function readEscape(text: string, at: number): string {
  const short = text.charCodeAt(at) === BACKSLASH ? SHORT_ESCAPES.get(text.charCodeAt(at + 1)) : undefined;
  if (short !== undefined) return short;
  const escape = text.charCodeAt(at) === PERCENT ? PERCENT_ESCAPE : HEX_ESCAPE;
  escape.lastIndex = at;
  const digits = escape.exec(text)?.[1];
  return digits === undefined ? '' : String.fromCharCode(Number.parseInt(digits, 16));
}

function escapeLength(text: string, at: number): number {
  if (text.charCodeAt(at) === PERCENT) return 3;
  return text.charCodeAt(at + 1) === LETTER_U ? 6 : 2;
}

/** Offsets of backslashes and percent signs in ascending order, each searched for only where it was not yet. */
function createSignFinder(text: string): (from: number) => number {
  let backslash = text.indexOf('\\');
  let percent = text.indexOf('%');
  return (from) => {
    if (backslash !== -1 && backslash < from) backslash = text.indexOf('\\', from);
    if (percent !== -1 && percent < from) percent = text.indexOf('%', from);
    if (backslash === -1 || percent === -1) return Math.max(backslash, percent);
    return Math.min(backslash, percent);
  };
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
  const nextSign = createSignFinder(text);
  let copied = 0;
  for (let at = nextSign(0); at !== -1; at = nextSign(at)) {
    const character = readEscape(text, at);
    if (character === '') {
      at += 1;
      continue;
    }
    if (at > copied) append(text.slice(copied, at), copied);
    append(character, at);
    at += escapeLength(text, at);
    copied = at;
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
