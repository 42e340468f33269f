import type { ContentKind, ContentSource } from '../span.ts';
import type { SpanFragment } from './dialect.ts';
import type { JsonValue } from './read-attribute.ts';
import { parseJson } from './read-attribute.ts';

/** A part of a message in the semantic conventions' JSON schema; `type` says which other fields it has. */
export interface MessagePart {
  readonly type: string;
  readonly [field: string]: JsonValue | undefined;
}

/** A message in the semantic conventions' JSON schema (`gen_ai.input.messages`, `gen_ai.output.messages`). */
export interface Message {
  readonly role: string;
  readonly name?: string;
  readonly parts: readonly MessagePart[];
  readonly finish_reason?: string;
}

export function textPart(content: string): MessagePart {
  return { type: 'text', content };
}

export function reasoningPart(content: string): MessagePart {
  return { type: 'reasoning', content };
}

/** Arguments may be JSON text (OpenAI) or a structure (Anthropic, Gemini): text that parses is stored as the structure. */
export function toolCallPart(
  id: string | undefined,
  name: string | undefined,
  args: JsonValue | undefined
): MessagePart {
  let parsed = args;
  // Some senders encode the JSON text of the arguments once more.
  for (let times = 0; times < 2 && typeof parsed === 'string'; times++) parsed = parseJson(parsed) ?? parsed;
  return { type: 'tool_call', id: id ?? null, name: name ?? '', arguments: parsed ?? null };
}

export function toolResponsePart(id: string | undefined, response: JsonValue | undefined): MessagePart {
  return { type: 'tool_call_response', id: id ?? null, response: response ?? null };
}

/** One message of one text. */
export function textMessage(role: string, content: string, finishReason?: string): Message {
  return finishReason === undefined
    ? { role, parts: [textPart(content)] }
    : { role, parts: [textPart(content)], finish_reason: finishReason };
}

/** Messages as a content fragment (a JSON array); `undefined` when there is nothing in them. */
export function toFragment(
  kind: ContentKind,
  source: ContentSource,
  position: number,
  entries: readonly (Message | MessagePart | JsonValue)[]
): SpanFragment | undefined {
  return entries.length === 0 ? undefined : { kind, source, position, body: JSON.stringify(entries) };
}

/** The fragments that are there, in the given order. */
export function presentFragments(...fragments: readonly (SpanFragment | undefined)[]): readonly SpanFragment[] {
  return fragments.filter((fragment) => fragment !== undefined);
}
