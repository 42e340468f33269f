import { cutBeforeToken } from './cut-before-token.ts';
import type { SpanFragment } from './dialect.ts';
import type { JsonValue } from './read-attribute.ts';
import { isJsonObject, MAX_JSON_CHARS, parseJson } from './read-attribute.ts';

/** Stands where text was cut; says how much there was. */
export function cutMark(total: number): string {
  return `… [cut, ${total} characters in all]`;
}
/** Lengths to which the longest texts of a fragment are shortened, in turn, until it fits. */
const TEXT_LIMITS = [65_536, 16_384, 4_096, 1_024, 256] as const;

/** The fragment itself when its body has at most `maxChars` UTF-16 units, else one with shortened texts and a mark where text was cut. */
export function capContent(fragment: SpanFragment, maxChars: number): SpanFragment {
  if (fragment.body.length <= maxChars) return fragment;
  const json = fragment.body.length > MAX_JSON_CHARS ? undefined : parseJson(fragment.body);
  if (json !== undefined) {
    for (const limit of TEXT_LIMITS) {
      const body = JSON.stringify(shorten(json, limit));
      if (body.length <= maxChars) return { ...fragment, body };
    }
  }
  // Many short messages, or no JSON at all: the beginning is kept as one text.
  const text = cutBeforeToken(fragment.body, Math.max(Math.floor(maxChars / 2), 0)) + cutMark(fragment.body.length);
  const part = { type: 'text', content: text };
  const entry =
    fragment.kind === 'input_messages' || fragment.kind === 'output_messages'
      ? { role: 'unknown', parts: [part] }
      : part;
  return { ...fragment, body: JSON.stringify([entry]) };
}

function shorten(value: JsonValue, limit: number): JsonValue {
  if (typeof value === 'string')
    return value.length > limit ? cutBeforeToken(value, limit) + cutMark(value.length) : value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((entry) => shorten(entry, limit));
  if (!isJsonObject(value)) return value;
  const copy = Object.create(null) as Record<string, JsonValue>;
  for (const key of Object.keys(value)) copy[key] = shorten(value[key] ?? null, limit);
  return copy;
}
