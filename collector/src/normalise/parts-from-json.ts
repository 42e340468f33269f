import type { MessagePart } from './messages.ts';
import { reasoningPart, textPart, toolCallPart, toolResponsePart } from './messages.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject, parseJson } from './read-attribute.ts';

/**
 * The content of one message as semconv parts. Understands text, the part lists of OpenAI (chat and responses), Anthropic,
 * Gemini, Bedrock Converse, the AI SDK and the semantic conventions; a part of another shape is kept as it is with its `type`.
 */
export function partsFromJson(content: JsonValue | undefined): readonly MessagePart[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [textPart(content)];
  if (typeof content !== 'object') return [textPart(String(content))];
  if (Array.isArray(content)) return (content as readonly JsonValue[]).flatMap((entry) => partsFromJson(entry));
  return [partFromObject(content as JsonObject)];
}

/** Tool calls as OpenAI (`function.name`), LangChain (`name`, `args`) or flat lists write them; anything else gives none. */
export function toolCallParts(calls: JsonValue | undefined): readonly MessagePart[] {
  const list = typeof calls === 'string' ? parseJson(calls) : calls;
  if (!Array.isArray(list)) return isJsonObject(list) ? [toolCallFromObject(list)] : [];
  return (list as readonly JsonValue[]).filter(isJsonObject).map(toolCallFromObject);
}

function toolCallFromObject(call: JsonObject): MessagePart {
  const body = isJsonObject(call['function']) ? call['function'] : call;
  return toolCallPart(
    firstText(call, 'id', 'call_id', 'toolCallId', 'tool_call_id', 'toolUseId'),
    firstText(body, 'name', 'toolName', 'tool_name'),
    body['arguments'] ?? body['args'] ?? body['input']
  );
}

/** The first of the fields that is a non-empty text. */
export function firstText(object: JsonObject, ...fields: readonly string[]): string | undefined {
  for (const field of fields) {
    const value = object[field];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function partFromObject(part: JsonObject): MessagePart {
  const type = typeof part['type'] === 'string' ? part['type'] : '';
  return partOfType(type, part) ?? partWithoutType(part) ?? { ...part, type: type === '' ? 'unknown' : type };
}

function partOfType(type: string, part: JsonObject): MessagePart | undefined {
  switch (type) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text': {
      const text = part['text'] ?? part['content'] ?? part['input_text'];
      return typeof text === 'string' ? textPart(text) : undefined;
    }
    case 'refusal':
      return { type: 'refusal', content: firstText(part, 'refusal', 'content') ?? '' };
    case 'thinking':
    case 'reasoning':
    case 'reasoning_text':
      return reasoningPart(reasoningText(part));
    case 'tool_call':
    case 'tool_use':
    case 'tool-call':
    case 'function_call':
    case 'function':
    case 'custom_tool_call':
      return isJsonObject(part['tool_call']) ? toolCallFromObject(part['tool_call']) : toolCallOfPart(part);
    case 'tool_call_response':
    case 'tool_result':
    case 'tool-result':
    case 'function_call_output':
    case 'custom_tool_call_output':
      return toolResponsePart(
        firstText(part, 'tool_use_id', 'call_id', 'toolCallId', 'tool_call_id', 'id'),
        part['response'] ?? part['result'] ?? part['output'] ?? part['content']
      );
    case 'image_url':
    case 'input_image':
    case 'image':
    case 'input_audio':
    case 'audio':
    case 'media':
      return mediaPart(type, part);
    default:
      return undefined;
  }
}

function toolCallOfPart(part: JsonObject): MessagePart {
  // The Responses API has both an item id and a call id; the answer names the call id.
  return typeof part['call_id'] === 'string'
    ? toolCallFromObject({ ...part, id: part['call_id'] })
    : toolCallFromObject(part);
}

/** Gemini, Bedrock Converse and some frameworks tell the kind of a part by the field it has. */
function partWithoutType(part: JsonObject): MessagePart | undefined {
  const text = part['text'];
  if (typeof text === 'string') return part['thought'] === true ? reasoningPart(text) : textPart(text);
  const call = part['functionCall'] ?? part['function_call'] ?? part['toolUse'] ?? part['tool_call'];
  if (isJsonObject(call)) return toolCallFromObject(call);
  const response = part['functionResponse'] ?? part['function_response'] ?? part['toolResult'];
  if (isJsonObject(response)) {
    return toolResponsePart(
      firstText(response, 'id', 'toolUseId', 'name'),
      response['response'] ?? response['content']
    );
  }
  const reasoning = part['reasoningContent'];
  if (isJsonObject(reasoning)) {
    return reasoningPart(
      reasoningText(isJsonObject(reasoning['reasoningText']) ? reasoning['reasoningText'] : reasoning)
    );
  }
  const data = part['inlineData'] ?? part['inline_data'];
  if (isJsonObject(data)) return blobPart(firstText(data, 'mimeType', 'mime_type'), data['data']);
  const file = part['fileData'] ?? part['file_data'];
  if (isJsonObject(file))
    return uriPart(firstText(file, 'mimeType', 'mime_type') ?? '', firstText(file, 'fileUri', 'file_uri') ?? '');
  return undefined;
}

function reasoningText(part: JsonObject): string {
  const text = firstText(part, 'thinking', 'text', 'content', 'reasoning', 'reasoning_content');
  if (text !== undefined) return text;
  const summary = part['summary'] ?? part['content'];
  if (!Array.isArray(summary)) return '';
  return (summary as readonly JsonValue[])
    .map((entry) => (isJsonObject(entry) ? (firstText(entry, 'text') ?? '') : typeof entry === 'string' ? entry : ''))
    .join('\n');
}

function mediaPart(type: string, part: JsonObject): MessagePart | undefined {
  const modality = type.includes('audio') ? 'audio' : 'image';
  const inner = part['image_url'] ?? part['image'] ?? part['source'] ?? part['input_audio'] ?? part['audio'] ?? part;
  if (typeof inner === 'string') return mediaFromUrl(modality, inner);
  if (!isJsonObject(inner)) return undefined;
  const url = firstText(inner, 'url', 'uri', 'image_url');
  if (url !== undefined) return mediaFromUrl(modality, url);
  if (inner['data'] === undefined) return undefined;
  return blobPart(
    firstText(inner, 'media_type', 'mimeType', 'mime_type', 'mediaType') ??
      `${modality}/${firstText(inner, 'format') ?? '*'}`,
    inner['data']
  );
}

function mediaFromUrl(modality: string, url: string): MessagePart {
  if (!url.startsWith('data:')) return uriPart(`${modality}/*`, url);
  const comma = url.indexOf(',');
  const header = url.slice(5, comma < 0 ? url.length : comma);
  return blobPart(header.split(';')[0], comma < 0 ? '' : url.slice(comma + 1));
}

function blobPart(mimeType: string | undefined, content: JsonValue | undefined): MessagePart {
  const mime = mimeType ?? '';
  return { type: 'blob', modality: mime.split('/')[0] ?? '', mime_type: mime, content: content ?? '' };
}

function uriPart(mimeType: string, uri: string): MessagePart {
  return { type: 'uri', modality: mimeType.split('/')[0] ?? '', mime_type: mimeType, uri };
}
