/** A stretch of a text to replace: UTF-16 offsets, end exclusive. */
export interface Redaction {
  readonly start: number;
  readonly end: number;
  readonly rule: string;
  /** Keyed token of the value, when equal values shall be recognisable. */
  readonly token?: string;
}

/** What stands in a text in place of a value. Plain ASCII without quotes, so that JSON text stays JSON. */
function redactionMarker(rule: string, token?: string): string {
  return token === undefined ? `[REDACTED:${rule}]` : `[${rule.toUpperCase()}:tok_${token}]`;
}

const BACKSLASH = 92;
const QUOTE = 34;
const JSON_START = /^\s*[[{"]/;
const NUMBER_CHARACTER = /[-+0-9.eE]/;

function isJsonText(text: string): boolean {
  if (!JSON_START.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Walks forward only, so that asking for ascending offsets costs one pass. */
function createStringTracker(text: string): (offset: number) => boolean {
  let at = 0;
  let insideString = false;
  return (offset) => {
    for (; at < offset; at += 1) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) insideString = !insideString;
    }
    return insideString;
  };
}

/** Outside of a string only a number can match: the whole number gives way to a string. */
function widenToNumber(text: string, redaction: Redaction): Redaction {
  let { start, end } = redaction;
  while (start > 0 && NUMBER_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && NUMBER_CHARACTER.test(text.charAt(end))) end += 1;
  return { ...redaction, start, end };
}

/**
 * Replaces each stretch by its marker. `redactions` ascend and do not overlap. JSON text stays valid JSON: inside of a
 * string the marker needs no escape, a number becomes a string. Returns undefined when that cannot be kept
 * (the caller must then withhold the whole text). Linear.
 */
export function redact(text: string, redactions: readonly Redaction[]): string | undefined {
  const json = isJsonText(text);
  const insideString = createStringTracker(text);
  const parts: string[] = [];
  let copied = 0;
  for (const redaction of redactions) {
    const quoted = json && !insideString(redaction.start);
    const { start, end, rule, token } = quoted ? widenToNumber(text, redaction) : redaction;
    if (start < copied) continue;
    parts.push(text.slice(copied, start), quoted ? `"${redactionMarker(rule, token)}"` : redactionMarker(rule, token));
    copied = end;
  }
  parts.push(text.slice(copied));
  const redacted = parts.join('');
  return json && !isJsonText(redacted) ? undefined : redacted;
}
