import type { AttributeValue, Attributes } from '../otlp.ts';
import type { ContentKind, ContentSource } from '../span.ts';
import type { SpanFragment } from './dialect.ts';
import type { Message } from './messages.ts';
import { textMessage, toFragment } from './messages.ts';
import { instructionsFromJson, messagesFromJson } from './messages-from-json.ts';
import type { JsonValue } from './read-attribute.ts';
import { isJsonObject, parseJson, toPlainJson } from './read-attribute.ts';
import { readPythonRepr } from './read-python-repr.ts';

/** Attribute of each kind of content in the semantic conventions. */
const SEMCONV_CONTENT: readonly (readonly [ContentKind, string])[] = [
  ['input_messages', 'gen_ai.input.messages'],
  ['output_messages', 'gen_ai.output.messages'],
  ['system_instructions', 'gen_ai.system_instructions'],
  ['tool_definitions', 'gen_ai.tool.definitions'],
];

/** Content under the names of the semantic conventions, on a span, a span event or a log record. */
export function readSemconvContent(attributes: Attributes, source: ContentSource, position: number): SpanFragment[] {
  const fragments: SpanFragment[] = [];
  for (const [kind, key] of SEMCONV_CONTENT) {
    const value = attributes.get(key);
    if (value === undefined) continue;
    const fragment = contentFragment(kind, source, position, value);
    if (fragment !== undefined) fragments.push(fragment);
  }
  return fragments;
}

/**
 * One attribute value as a fragment of the given kind: JSON text, Python text, a structured value or plain text.
 * `undefined` when there is nothing in it.
 */
export function contentFragment(
  kind: ContentKind,
  source: ContentSource,
  position: number,
  value: AttributeValue
): SpanFragment | undefined {
  if (value === null || value === '') return undefined;
  if (typeof value === 'string' && isReadyJson(kind, value)) return { kind, source, position, body: value };
  const json = typeof value === 'string' ? (parseJson(value) ?? pythonValue(value) ?? value) : toPlainJson(value);
  return toFragment(kind, source, position, entriesOf(kind, json));
}

/** Entries of a kind of content, from any JSON value. */
export function entriesOf(kind: ContentKind, json: JsonValue): readonly (Message | JsonValue)[] {
  switch (kind) {
    case 'input_messages':
      return messagesFromJson(json, 'user');
    case 'output_messages':
      return messagesFromJson(json, 'assistant');
    case 'system_instructions':
      return instructionsFromJson(json);
    case 'tool_definitions':
      return definitionsFromJson(json);
  }
}

/** A tool or question-and-answer span: what went in and what came out, as one message each. */
export function exchangeFragments(
  input: AttributeValue | undefined,
  output: AttributeValue | undefined
): SpanFragment[] {
  const fragments: SpanFragment[] = [];
  if (input !== undefined) push(fragments, contentFragment('input_messages', 'attribute', 0, input));
  if (output !== undefined) push(fragments, contentFragment('output_messages', 'attribute', 0, output));
  return fragments;
}

/** Tool call and answer of a tool span as messages: the call is what the model asked, the response is what the tool gave. */
export function toolFragments(
  name: string,
  id: string | undefined,
  args: AttributeValue | undefined,
  result: AttributeValue | undefined
): SpanFragment[] {
  const fragments: SpanFragment[] = [];
  if (args !== undefined && args !== null && args !== '') {
    const call = { type: 'tool_call', id: id ?? null, name, arguments: jsonOrText(args) };
    push(fragments, toFragment('input_messages', 'attribute', 0, [{ role: 'assistant', parts: [call] }]));
  }
  if (result !== undefined && result !== null && result !== '') {
    const response = { type: 'tool_call_response', id: id ?? null, response: jsonOrText(result) };
    push(fragments, toFragment('output_messages', 'attribute', 0, [{ role: 'tool', parts: [response] }]));
  }
  return fragments;
}

function push(fragments: SpanFragment[], fragment: SpanFragment | undefined): void {
  if (fragment !== undefined) fragments.push(fragment);
}

function jsonOrText(value: AttributeValue): JsonValue {
  return typeof value === 'string' ? (parseJson(value) ?? value) : toPlainJson(value);
}

function pythonValue(text: string): JsonValue | undefined {
  const first = text.charCodeAt(0);
  return first === 0x5b || first === 0x7b ? readPythonRepr(text) : undefined;
}

/**
 * Text that already is what the convention wants is stored as it is: parsing and writing every prompt again would cost
 * more than the rest of the stage. A list of objects that name parts (messages) or a type (instructions, tools) is taken for it.
 */
function isReadyJson(kind: ContentKind, text: string): boolean {
  if (!text.startsWith('[{') || !text.endsWith('}]')) return false;
  if (kind === 'input_messages' || kind === 'output_messages')
    return text.includes('"parts"') && text.includes('"role"');
  return kind === 'system_instructions' && text.includes('"content"') && text.includes('"type"');
}

/** OpenAI nests a definition in `function`; some senders keep each definition as JSON text. */
function definitionsFromJson(json: JsonValue): readonly JsonValue[] {
  const list = Array.isArray(json) ? (json as readonly JsonValue[]) : [json];
  return list.map((entry) => {
    const definition = typeof entry === 'string' ? (parseJson(entry) ?? { type: 'function', name: entry }) : entry;
    if (!isJsonObject(definition)) return definition;
    const inner = definition['function'];
    if (isJsonObject(inner)) return { type: 'function', ...inner };
    return definition['type'] === undefined ? { type: 'function', ...definition } : definition;
  });
}

/** A text on its own as a message, when nothing else is known about it. */
export function textFragment(
  kind: 'input_messages' | 'output_messages',
  source: ContentSource,
  position: number,
  role: string,
  text: string
): SpanFragment | undefined {
  return text === '' ? undefined : toFragment(kind, source, position, [textMessage(role, text)]);
}
