import type { OtlpSpan, OtlpSpanEvent } from '../../otlp.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import type { Message } from '../messages.ts';
import { presentFragments, textMessage, toFragment } from '../messages.ts';
import { partsFromJson } from '../parts-from-json.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, parseJson, readJson, readString } from '../read-attribute.ts';
import { unflattenAttributes } from '../unflatten-attributes.ts';
import { usageFromJson } from '../usage-from-json.ts';

const SCOPE = 'llamaindex.opentelemetry.tracer';

/** Events that only the method which talks to the model emits → operation. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ['LLMChatStartEvent', 'chat'],
  ['LLMChatEndEvent', 'chat'],
  ['LLMCompletionStartEvent', 'text_completion'],
  ['LLMCompletionEndEvent', 'text_completion'],
  ['EmbeddingStartEvent', 'embeddings'],
  ['EmbeddingEndEvent', 'embeddings'],
  ['ReRankStartEvent', 'rerank'],
  ['RetrievalStartEvent', 'retrieval'],
  ['RetrievalEndEvent', 'retrieval'],
]);

/**
 * LlamaIndex's own OpenTelemetry integration: a span per method (`OpenAI.chat`), everything else in span events named after the
 * framework's event classes, whose fields are flattened with dots (`response.raw.usage.prompt_tokens`). The end event of a stream
 * comes after its span has ended and is lost: the start event still shows the call, without usage.
 */
export const llamaIndex: Dialect = {
  name: 'llama-index',
  matches: ({ scope }) => scope.name === SCOPE,
  read: (span) => {
    const operation = operationOf(span);
    if (operation === 'chain' || operation === 'invoke_agent') return { operation, usage: null };
    const start = span.events.find((event) => CALLS.has(event.name) && event.name.endsWith('StartEvent'));
    const end = span.events.find((event) => CALLS.has(event.name) && event.name.endsWith('EndEvent'));
    const raw = end === undefined ? {} : unflattenAttributes(end.attributes, 'response.raw.');
    const model =
      start === undefined
        ? undefined
        : readString(start.attributes, 'model_dict.model', 'model_dict.model_name', 'model_name');
    return {
      operation,
      requestModel: model,
      responseModel: textOf(raw['model']),
      responseId: textOf(raw['id']),
      usage: readUsage(end, raw),
      serviceTier: textOf(raw['service_tier']),
      streaming: span.name.includes('stream_') || span.events.some((event) => event.name.endsWith('InProgressEvent')),
      finishReasons: finishReasons(raw),
      fragments: readContent(start, end),
    } satisfies DialectFields;
  },
};

function operationOf(span: OtlpSpan): string {
  for (const event of span.events) {
    const operation = CALLS.get(event.name);
    if (operation !== undefined) return operation;
  }
  return /Agent\.(?:run|arun|chat|achat)$/.test(span.name) ? 'invoke_agent' : 'chain';
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function readUsage(end: OtlpSpanEvent | undefined, raw: JsonObject): RawUsage | undefined {
  if (end === undefined) return undefined;
  return (
    usageFromJson(raw['usage'] ?? raw['usage_metadata']) ??
    usageFromJson(unflattenAttributes(end.attributes, 'response.additional_kwargs.'))
  );
}

function finishReasons(raw: JsonObject): readonly string[] | undefined {
  const choices = typeof raw['choices'] === 'string' ? parseJson(raw['choices']) : raw['choices'];
  const first = Array.isArray(choices) ? (choices as readonly JsonValue[])[0] : undefined;
  const reason = textOf(isJsonObject(first) ? first['finish_reason'] : raw['stop_reason']);
  return reason === undefined ? undefined : [reason];
}

function readContent(start: OtlpSpanEvent | undefined, end: OtlpSpanEvent | undefined): readonly SpanFragment[] {
  const asked = start ?? end;
  const messages = asked === undefined ? undefined : readJson(asked.attributes, 'messages');
  const prompt = asked === undefined ? undefined : readString(asked.attributes, 'prompt', 'str_or_query_bundle');
  const answer = end === undefined ? undefined : unflattenAttributes(end.attributes, 'response.message.');
  const text = end === undefined ? undefined : readString(end.attributes, 'response.text');
  return presentFragments(
    toFragment(
      'input_messages',
      'span_event',
      0,
      Array.isArray(messages)
        ? (messages as readonly JsonValue[]).flatMap(messageOf)
        : prompt === undefined
          ? []
          : [textMessage('user', prompt)]
    ),
    toFragment(
      'output_messages',
      'span_event',
      1,
      answer !== undefined && answer['role'] !== undefined
        ? messageOf(answer)
        : text === undefined
          ? []
          : [textMessage('assistant', text)]
    )
  );
}

/** Content is a list of blocks (`block_type`), in the flattened message as JSON text; older versions have plain `content`. */
function messageOf(value: JsonValue): readonly Message[] {
  if (!isJsonObject(value)) return [];
  const blocks = typeof value['blocks'] === 'string' ? parseJson(value['blocks']) : value['blocks'];
  const parts = Array.isArray(blocks)
    ? (blocks as readonly JsonValue[]).flatMap((block) => partsFromJson(withType(block)))
    : partsFromJson(value['content']);
  return [{ role: textOf(value['role']) ?? 'user', parts }];
}

function withType(block: JsonValue): JsonValue {
  return isJsonObject(block) && typeof block['block_type'] === 'string'
    ? { ...block, type: block['block_type'] }
    : block;
}
