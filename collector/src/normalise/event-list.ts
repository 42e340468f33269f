import type { Attributes, AttributeValue } from '../otlp.ts';
import type { ContentKind } from '../span.ts';
import type { SpanFragment } from './dialect.ts';
import { messageOfEvent } from './event-messages.ts';
import type { Message } from './messages.ts';
import { presentFragments, toFragment } from './messages.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject } from './read-attribute.ts';

const NO_ATTRIBUTES: Attributes = new Map();

/**
 * Messages of a list of `gen_ai.*.message` and `gen_ai.choice` events that an instrumentation keeps in one attribute (Pydantic AI
 * version 1, Logfire): each entry is the event's body with `event.name` in it. Content parts are told by `kind` instead of `type`.
 * Anything else gives no fragments.
 */
export function eventListFragments(events: JsonValue): readonly SpanFragment[] {
  if (!Array.isArray(events)) return [];
  const entries = new Map<ContentKind, (Message | JsonValue)[]>();
  for (const event of events as readonly JsonValue[]) {
    if (!isJsonObject(event)) continue;
    const name = event['event.name'];
    const role = event['role'];
    const title = typeof name === 'string' ? name : typeof role === 'string' ? `gen_ai.${role}.message` : '';
    const message = messageOfEvent(title, NO_ATTRIBUTES, toMap(withTypes(event)));
    if (message === undefined) continue;
    const list = entries.get(message.kind) ?? [];
    list.push(...message.entries);
    entries.set(message.kind, list);
  }
  return presentFragments(...[...entries].map(([kind, list]) => toFragment(kind, 'attribute', 0, list)));
}

/** The event's `message` of a choice and its parts get the field that other readers look for. */
function withTypes(object: JsonObject): JsonObject {
  const message = object['message'];
  const content = object['content'];
  return {
    ...object,
    ...(isJsonObject(message) ? { message: withTypes(message) } : {}),
    ...(Array.isArray(content) ? { content: (content as readonly JsonValue[]).map(partWithType) } : {}),
  };
}

function partWithType(part: JsonValue): JsonValue {
  return isJsonObject(part) && typeof part['kind'] === 'string' && part['type'] === undefined
    ? { ...part, type: part['kind'] }
    : part;
}

function toMap(object: JsonObject): ReadonlyMap<string, AttributeValue> {
  return new Map(
    Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, toValue(value)] as const]))
  );
}

function toValue(value: JsonValue): AttributeValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(toValue);
  return isJsonObject(value) ? toMap(value) : (value as string | number | boolean | null);
}
