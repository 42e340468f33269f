import type { AttributeValue, Attributes } from '../otlp.ts';
import type { ContentKind } from '../span.ts';
import { entriesOf } from './content-from-attributes.ts';
import type { Message } from './messages.ts';
import { messagesFromJson } from './messages-from-json.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject, parseJson, readString, toPlainJson } from './read-attribute.ts';

export interface EventMessage {
  readonly kind: ContentKind;
  readonly entries: readonly (Message | JsonValue)[];
}

/** Event name → kind of content and the role of who speaks. */
const EVENTS: ReadonlyMap<string, readonly [ContentKind, string]> = new Map([
  ['gen_ai.system.message', ['input_messages', 'system']],
  ['gen_ai.user.message', ['input_messages', 'user']],
  ['gen_ai.assistant.message', ['input_messages', 'assistant']],
  ['gen_ai.tool.message', ['input_messages', 'tool']],
  ['gen_ai.choice', ['output_messages', 'assistant']],
  ['gen_ai.content.prompt', ['input_messages', 'user']],
  ['gen_ai.content.completion', ['output_messages', 'assistant']],
]);

/** True for events that carry one message each. */
export function isMessageEvent(name: string): boolean {
  return EVENTS.has(name);
}

/**
 * The message of a `gen_ai.*.message`, `gen_ai.choice` or `gen_ai.content.*` event, from its body (log record) or its attributes
 * (span event). `undefined` when the event is another one or holds no content (content capture off).
 */
export function messageOfEvent(
  name: string,
  attributes: Attributes,
  body: AttributeValue | undefined
): EventMessage | undefined {
  const known = EVENTS.get(name);
  if (known === undefined) return undefined;
  const [kind, role] = known;
  const value = body === undefined || body === null || body === '' ? valueOfAttributes(attributes) : plain(body);
  if (value === undefined) return undefined;
  const entries =
    name === 'gen_ai.choice'
      ? choice(value)
      : isJsonObject(value)
        ? oneMessage(value, role)
        : (entriesOf(kind, value) as readonly Message[]);
  const spoken = entries.filter((message) => message.parts.length > 0 || message.finish_reason !== undefined);
  return spoken.length === 0 ? undefined : { kind, entries: spoken.map((message) => withRole(message, role)) };
}

/** Choices nest the answer in `message`; some frameworks write it flat or as JSON text. */
function choice(value: JsonValue): readonly Message[] {
  if (!isJsonObject(value)) return messagesFromJson(value, 'assistant');
  const inner = value['message'];
  const message = typeof inner === 'string' ? (parseJson(inner) ?? inner) : inner;
  const reason = typeof value['finish_reason'] === 'string' ? value['finish_reason'] : undefined;
  const messages = isJsonObject(message)
    ? oneMessage(message, 'assistant')
    : message === undefined
      ? oneMessage(value, 'assistant')
      : messagesFromJson(message, 'assistant');
  if (reason === undefined || messages.length === 0) return messages;
  return [...messages.slice(0, -1), { ...messages[messages.length - 1]!, finish_reason: reason }];
}

function oneMessage(object: JsonObject, role: string): readonly Message[] {
  const content = object['content'];
  const parsed = typeof content === 'string' && content.startsWith('[{') ? (parseJson(content) ?? content) : content;
  const withId =
    role === 'tool' && object['tool_call_id'] === undefined && typeof object['id'] === 'string'
      ? { tool_call_id: object['id'] }
      : {};
  if (object['content'] === undefined && object['parts'] === undefined && object['tool_calls'] === undefined) return [];
  return messagesFromJson({ role, ...object, ...withId, ...(content === undefined ? {} : { content: parsed }) }, role);
}

/** Senders put the text itself, a JSON text, or the fields of a message into attributes of a span event. */
function valueOfAttributes(attributes: Attributes): JsonValue | undefined {
  const whole = readString(attributes, 'gen_ai.event.content', 'gen_ai.prompt', 'gen_ai.completion');
  if (whole !== undefined) return parseJson(whole) ?? whole;
  if (!['content', 'message', 'tool_calls', 'parts'].some((key) => attributes.has(key))) return undefined;
  return toPlainJson(attributes);
}

function plain(body: AttributeValue): JsonValue {
  return typeof body === 'string' ? (parseJson(body) ?? body) : toPlainJson(body);
}

function withRole(message: Message, role: string): Message {
  return message.role === '' ? { ...message, role } : message;
}
