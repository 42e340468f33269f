import type { AttributeValue, Attributes } from '../otlp.ts';
import type { Message, MessagePart } from './messages.ts';
import { textPart, toolCallPart, toolResponsePart } from './messages.ts';
import { messagesFromJson } from './messages-from-json.ts';
import { partsFromJson } from './parts-from-json.ts';
import type { JsonValue } from './read-attribute.ts';
import { parseJson, readString, toPlainJson } from './read-attribute.ts';

/** Messages and tool calls of a message that are looked for; an index beyond that ends the reading. */
const MAX_INDEX = 1024;

/**
 * Messages that are spread over numbered attributes, `<prefix>.<n>.role`, `.content`, `.tool_calls.<k>.{id,name,arguments}`,
 * as OpenLLMetry wrote them before it followed the conventions. The numbers are dense; the first gap ends the list.
 */
export function readIndexedMessages(attributes: Attributes, prefix: string, defaultRole: string): readonly Message[] {
  const messages: Message[] = [];
  for (let index = 0; index < MAX_INDEX; index++) {
    const start = `${prefix}.${index}.`;
    const role = readString(attributes, `${start}role`);
    const content = attributes.get(`${start}content`);
    const reason = readString(attributes, `${start}finish_reason`);
    const parts = toolCalls(attributes, start);
    if (role === undefined && content === undefined && reason === undefined && parts.length === 0) break;
    const answers = readString(attributes, `${start}tool_call_id`);
    const body = contentParts(content, answers);
    const message = { role: role ?? defaultRole, parts: [...body, ...parts] };
    messages.push(reason === undefined ? message : { ...message, finish_reason: reason });
  }
  return messages;
}

function contentParts(content: AttributeValue | undefined, answers: string | undefined): readonly MessagePart[] {
  if (content === undefined || content === null || content === '') return [];
  const json: JsonValue = typeof content === 'string' ? (structured(content) ?? content) : toPlainJson(content);
  if (answers !== undefined) return [toolResponsePart(answers, json)];
  if (typeof json === 'string') return [textPart(json)];
  if (Array.isArray(json)) return partsFromJson(json);
  return messagesFromJson(json, 'user').flatMap((message) => message.parts);
}

/** Only lists of parts are opened: a model that answers with a JSON object must not have its answer taken apart. */
function structured(text: string): JsonValue | undefined {
  if (!text.startsWith('[{')) return undefined;
  const json = parseJson(text);
  return Array.isArray(json) ? json : undefined;
}

function toolCalls(attributes: Attributes, start: string): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  for (let call = 0; call < MAX_INDEX; call++) {
    const prefix = `${start}tool_calls.${call}.`;
    const name = readString(attributes, `${prefix}name`);
    const id = readString(attributes, `${prefix}id`);
    if (name === undefined && id === undefined) break;
    parts.push(toolCallPart(id, name, readString(attributes, `${prefix}arguments`)));
  }
  const name = readString(attributes, `${start}function_call.name`);
  if (name !== undefined)
    parts.push(toolCallPart(undefined, name, readString(attributes, `${start}function_call.arguments`)));
  return parts;
}

/** Tool definitions spread over `<prefix>.<n>.{name,description,parameters}`. */
export function readIndexedTools(attributes: Attributes, prefix: string): readonly JsonValue[] {
  const tools: JsonValue[] = [];
  for (let index = 0; index < MAX_INDEX; index++) {
    const name = readString(attributes, `${prefix}.${index}.name`);
    if (name === undefined) break;
    const parameters = readString(
      attributes,
      `${prefix}.${index}.parameters`,
      `${prefix}.${index}.input_schema`,
      `${prefix}.${index}.arguments`
    );
    tools.push({
      type: 'function',
      name,
      description: readString(attributes, `${prefix}.${index}.description`),
      parameters: parameters === undefined ? undefined : (parseJson(parameters) ?? parameters),
    });
  }
  return tools;
}
