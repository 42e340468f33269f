import type { AttributeValue, Attributes, OtlpSpan } from '../otlp.ts';
import { contentFragment, exchangeFragments, toolFragments } from './content-from-attributes.ts';
import type { SpanFragment } from './dialect.ts';
import { messagesFromJson } from './messages-from-json.ts';
import type { Message } from './messages.ts';
import { presentFragments, textMessage, toFragment } from './messages.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject, parseJson, readString } from './read-attribute.ts';
import { numberedValues, unflattenAttributes } from './unflatten-attributes.ts';

/**
 * Content of an OpenInference span. Calls: numbered messages, else the whole request and answer. Embeddings: the texts, never the vectors.
 * Tools: arguments and result. Everything else: what went in and came out.
 */
export function openInferenceContent(span: OtlpSpan, operation: string): readonly SpanFragment[] {
  const { attributes } = span;
  const input = attributes.get('input.value');
  const output = attributes.get('output.value');
  switch (operation) {
    case 'chat':
      return presentFragments(
        messages(attributes, 'input_messages', 'llm.input_messages.', input, 'llm.prompts.'),
        messages(attributes, 'output_messages', 'llm.output_messages.', output, 'llm.choices.'),
        tools(attributes)
      );
    case 'embeddings':
      return presentFragments(embeddedTexts(attributes, input));
    case 'execute_tool':
      return toolFragments(
        readString(attributes, 'tool.name') ?? span.name,
        readString(attributes, 'tool_call.id', 'tool.id'),
        input ?? attributes.get('tool.parameters'),
        output
      );
    case 'retrieval':
    case 'rerank':
      return presentFragments(
        contentFragment('input_messages', 'attribute', 0, input ?? attributes.get('reranker.query') ?? null),
        documents(attributes) ?? contentFragment('output_messages', 'attribute', 0, output ?? null)
      );
    default:
      return exchangeFragments(input, output);
  }
}

function messages(
  attributes: Attributes,
  kind: 'input_messages' | 'output_messages',
  prefix: string,
  whole: AttributeValue | undefined,
  completionPrefix: string
): SpanFragment | undefined {
  const role = kind === 'input_messages' ? 'user' : 'assistant';
  const list = numberedValues(unflattenAttributes(attributes, prefix)).flatMap((entry) => messageOf(entry, role));
  const spoken = list.filter((message) => message.parts.length > 0);
  if (spoken.length > 0) return toFragment(kind, 'attribute', 0, spoken);
  const texts = numberedValues(unflattenAttributes(attributes, completionPrefix)).flatMap((entry) =>
    completionText(entry, role)
  );
  if (texts.length > 0) return toFragment(kind, 'attribute', 0, texts);
  return whole === undefined ? undefined : contentFragment(kind, 'attribute', 0, whole);
}

function messageOf(entry: JsonValue, role: string): readonly Message[] {
  const message = isJsonObject(entry) ? entry['message'] : undefined;
  if (!isJsonObject(message)) return [];
  const contents = numberedValues(message['contents']).flatMap(contentPart);
  const calls = numberedValues(message['tool_calls']).flatMap((call) =>
    isJsonObject(call) && isJsonObject(call['tool_call']) ? [call['tool_call']] : []
  );
  return messagesFromJson(
    {
      role: typeof message['role'] === 'string' ? message['role'] : role,
      name: message['name'],
      tool_call_id: message['tool_call_id'],
      content: contents.length > 0 ? contents : message['content'],
      tool_calls: calls.length > 0 ? calls : undefined,
      function_call: functionCall(message),
    },
    role
  );
}

function functionCall(message: JsonObject): JsonValue | undefined {
  const name = message['function_call_name'];
  return typeof name === 'string' ? { name, arguments: message['function_call_arguments_json'] } : undefined;
}

/** Parts without any text or picture (converted tool calls) are told by `tool_calls` already. */
function contentPart(entry: JsonValue): readonly JsonValue[] {
  const content = isJsonObject(entry) ? entry['message_content'] : undefined;
  if (!isJsonObject(content)) return [];
  const image =
    isJsonObject(content['image']) && isJsonObject(content['image']['image'])
      ? content['image']['image']['url']
      : content['image'];
  if (typeof image === 'string') return [{ type: 'image_url', image_url: { url: image } }];
  const text = content['text'];
  if (typeof text !== 'string') return [];
  return [{ type: content['type'] === 'reasoning' || content['type'] === 'thinking' ? 'reasoning' : 'text', text }];
}

function completionText(entry: JsonValue, role: string): readonly Message[] {
  const inner = isJsonObject(entry) ? (entry['prompt'] ?? entry['completion']) : undefined;
  const text = isJsonObject(inner) ? inner['text'] : undefined;
  return typeof text === 'string' ? [textMessage(role, text)] : [];
}

function tools(attributes: Attributes): SpanFragment | undefined {
  const definitions = numberedValues(unflattenAttributes(attributes, 'llm.tools.')).flatMap((entry) => {
    const tool = isJsonObject(entry) ? entry['tool'] : undefined;
    const schema = isJsonObject(tool) ? tool['json_schema'] : undefined;
    return typeof schema === 'string' ? [parseJson(schema) ?? schema] : schema === undefined ? [] : [schema];
  });
  return definitions.length === 0
    ? undefined
    : contentFragment('tool_definitions', 'attribute', 0, JSON.stringify(definitions));
}

function embeddedTexts(attributes: Attributes, input: AttributeValue | undefined): SpanFragment | undefined {
  const texts: Message[] = [];
  for (let index = 0; ; index++) {
    const text = readString(attributes, `embedding.embeddings.${index}.embedding.text`);
    if (text === undefined) break;
    texts.push(textMessage('user', text));
  }
  if (texts.length > 0) return toFragment('input_messages', 'attribute', 0, texts);
  return input === undefined ? undefined : contentFragment('input_messages', 'attribute', 0, input);
}

function documents(attributes: Attributes): SpanFragment | undefined {
  const found = [
    ...numberedValues(unflattenAttributes(attributes, 'retrieval.documents.')),
    ...numberedValues(unflattenAttributes(attributes, 'reranker.output_documents.')),
  ];
  const texts = found.flatMap((entry) => {
    const document = isJsonObject(entry) ? entry['document'] : undefined;
    return isJsonObject(document) && typeof document['content'] === 'string'
      ? [{ type: 'text', content: document['content'] }]
      : [];
  });
  return texts.length === 0
    ? undefined
    : toFragment('output_messages', 'attribute', 0, [{ role: 'tool', parts: texts }]);
}
