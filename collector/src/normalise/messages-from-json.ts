import type { Message, MessagePart } from './messages.ts';
import { reasoningPart, textMessage, textPart, toolResponsePart } from './messages.ts';
import { firstText, partsFromJson, toolCallParts } from './parts-from-json.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject } from './read-attribute.ts';

/** Wrappers are opened this deep; LangGraph states and LangChain results nest four to six levels. */
const MAX_WRAPPERS = 8;
/** Messages kept of one value; a conversation of that length is cut by the size limit anyway. */
const MAX_MESSAGES = 4096;

/** Fields that hold the messages of a request or an answer, in the order they are looked for. */
const WRAPPER_FIELDS = [
  'messages',
  'contents',
  'choices',
  'candidates',
  'generations',
  'output',
  'outputs',
  'input',
  'inputs',
  'prompt',
  'prompts',
  'message',
  'kwargs',
  'args',
  'update',
  'response',
  'result',
  'value',
] as const;
const SYSTEM_FIELDS = ['system', 'instructions', 'system_instruction', 'systemInstruction', 'system_prompt'] as const;

const ROLES: ReadonlyMap<string, string> = new Map([
  ['human', 'user'],
  ['HumanMessage', 'user'],
  ['HumanMessageChunk', 'user'],
  ['ai', 'assistant'],
  ['AIMessage', 'assistant'],
  ['AIMessageChunk', 'assistant'],
  ['model', 'assistant'],
  ['MODEL', 'assistant'],
  ['SystemMessage', 'system'],
  ['SystemMessageChunk', 'system'],
  ['ToolMessage', 'tool'],
  ['FunctionMessage', 'tool'],
  ['function', 'tool'],
]);

/**
 * Messages in the shape of the semantic conventions, from whatever a request or an answer of a model looks like:
 * a text, a list of messages, or an object that wraps them (OpenAI chat and responses, Anthropic, Gemini, Bedrock Converse,
 * AI SDK, LangChain). `defaultRole` is used where nothing says who spoke. An unknown object becomes one text message with its JSON.
 */
export function messagesFromJson(value: JsonValue | undefined, defaultRole: string): readonly Message[] {
  const messages = collect(value, defaultRole, 0);
  return messages.length > MAX_MESSAGES ? messages.slice(0, MAX_MESSAGES) : messages;
}

/** System instructions as the convention wants them: a list of parts without a role. */
export function instructionsFromJson(value: JsonValue | undefined): readonly MessagePart[] {
  if (isJsonObject(value))
    return value['parts'] === undefined ? partsFromJson(value['content'] ?? value) : partsFromJson(value['parts']);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).flatMap((entry) => instructionsFromJson(entry));
  return partsFromJson(value);
}

function collect(value: JsonValue | undefined, role: string, depth: number): readonly Message[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value !== 'object') return [textMessage(role, String(value))];
  if (Array.isArray(value)) return fromList(value as readonly JsonValue[], role, depth);
  return fromObject(value as JsonObject, role, depth);
}

function fromList(list: readonly JsonValue[], role: string, depth: number): readonly Message[] {
  // A bare list of parts is the content of one message, not a message per part.
  if (list.length > 0 && list.every(isBarePart)) return [{ role, parts: partsFromJson(list) }];
  if (depth > MAX_WRAPPERS) return [textMessage(role, JSON.stringify(list))];
  const messages: Message[] = [];
  for (const entry of list) {
    for (const message of collect(entry, role, depth + 1)) {
      if (messages.length > MAX_MESSAGES) return messages;
      messages.push(message);
    }
  }
  return messages;
}

function isBarePart(value: JsonValue): boolean {
  if (
    !isJsonObject(value) ||
    value['role'] !== undefined ||
    value['message'] !== undefined ||
    value['kwargs'] !== undefined
  )
    return false;
  const type = value['type'];
  if (type === undefined)
    return (
      typeof value['text'] === 'string' && value['generation_info'] === undefined && value['message'] === undefined
    );
  return (
    typeof type === 'string' &&
    type !== 'message' &&
    !ROLES.has(type) &&
    type !== 'system' &&
    type !== 'user' &&
    type !== 'tool' &&
    type !== 'constructor'
  );
}

function fromObject(object: JsonObject, role: string, depth: number): readonly Message[] {
  if (isConstructor(object)) return [fromLangChain(object, role)];
  if (isMessage(object)) return [fromMessage(object, role)];
  const type = object['type'];
  if (typeof type === 'string' && isBarePart(object))
    return [{ role: type.endsWith('_output') ? 'tool' : role, parts: partsFromJson([object]) }];
  if (depth <= MAX_WRAPPERS) {
    const wrapped = fromWrapper(object, role, depth);
    if (wrapped.length > 0) return wrapped;
  }
  const text = firstText(object, 'text', 'output_text', 'content');
  return [textMessage(role, text ?? JSON.stringify(object), finishReason(object))];
}

function fromWrapper(object: JsonObject, role: string, depth: number): readonly Message[] {
  if (object['args'] !== undefined && object['kwargs'] !== undefined) {
    // The arguments of a decorated Python function.
    return [object['args'], object['kwargs']].flatMap((part) =>
      isNothing(part) ? [] : collect(part, role, depth + 1)
    );
  }
  for (const field of WRAPPER_FIELDS) {
    const inner = object[field];
    if (isNothing(inner)) continue;
    const messages = collect(inner, role, depth + 1);
    if (messages.length === 0) continue;
    const reason = finishReason(object);
    const last = messages[messages.length - 1]!;
    const withReason =
      reason === undefined || last.finish_reason !== undefined
        ? messages
        : [...messages.slice(0, -1), { ...last, finish_reason: reason }];
    const instructions = SYSTEM_FIELDS.flatMap((name) => instructionsFromJson(object[name]));
    return instructions.length === 0 ? withReason : [{ role: 'system', parts: instructions }, ...withReason];
  }
  // A Gemini candidate or a Bedrock answer holds its message in `content`.
  return isJsonObject(object['content'])
    ? withFinish(collect(object['content'], role, depth + 1), finishReason(object))
    : [];
}

function isNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function withFinish(messages: readonly Message[], reason: string | undefined): readonly Message[] {
  const last = messages[messages.length - 1];
  return reason === undefined || last === undefined
    ? messages
    : [...messages.slice(0, -1), { ...last, finish_reason: reason }];
}

function isMessage(object: JsonObject): boolean {
  if (typeof object['role'] === 'string') return true;
  const type = object['type'];
  return (
    (type === 'message' || (typeof type === 'string' && (ROLES.has(type) || type === 'system' || type === 'tool'))) &&
    object['content'] !== undefined
  );
}

function isConstructor(object: JsonObject): boolean {
  return isJsonObject(object['kwargs']) && Array.isArray(object['id']);
}

function fromLangChain(object: JsonObject, role: string): Message {
  const path = object['id'] as readonly JsonValue[];
  const name = path[path.length - 1];
  const fields = object['kwargs'] as JsonObject;
  return fromMessage(
    { ...fields, role: roleOf(typeof name === 'string' && ROLES.has(name) ? name : fields['type'], role) },
    role
  );
}

function fromMessage(object: JsonObject, defaultRole: string): Message {
  const role = roleOf(object['role'] ?? object['type'], defaultRole);
  const parts: MessagePart[] = [];
  const reasoning = firstText(object, 'reasoning_content', 'reasoning');
  if (reasoning !== undefined) parts.push(reasoningPart(reasoning));
  const content = object['parts'] ?? object['content'];
  const answers = firstText(object, 'tool_call_id', 'toolCallId');
  if (role === 'tool' && answers !== undefined) parts.push(toolResponsePart(answers, content));
  else parts.push(...partsFromJson(content));
  const refusal = firstText(object, 'refusal');
  if (refusal !== undefined) parts.push({ type: 'refusal', content: refusal });
  const calls = object['tool_calls'] ?? object['toolCalls'] ?? object['function_call'];
  // LangChain repeats the calls as content parts of type tool_use: one of the two is enough.
  if (calls !== undefined && calls !== null && !parts.some((part) => part.type === 'tool_call'))
    parts.push(...toolCallParts(calls));
  const audio = object['audio'];
  if (isJsonObject(audio) && typeof audio['transcript'] === 'string') parts.push(textPart(audio['transcript']));
  const name = firstText(object, 'name');
  const reason = finishReason(object);
  return {
    role,
    ...(name === undefined ? {} : { name }),
    parts,
    ...(reason === undefined ? {} : { finish_reason: reason }),
  };
}

function roleOf(role: JsonValue | undefined, defaultRole: string): string {
  if (typeof role !== 'string' || role === '' || role === 'message') return defaultRole;
  return ROLES.get(role) ?? role;
}

function finishReason(object: JsonObject): string | undefined {
  return firstText(object, 'finish_reason', 'finishReason', 'stop_reason', 'stopReason');
}
