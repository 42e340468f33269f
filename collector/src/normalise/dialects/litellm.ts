import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { readSemconvContent } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { readIndexedTools } from '../indexed-messages.ts';
import type { MessagePart } from '../messages.ts';
import { toFragment, toolCallPart } from '../messages.ts';
import { firstText } from '../parts-from-json.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, parseJson, readString, toCount } from '../read-attribute.ts';
import { readPythonRepr } from '../read-python-repr.ts';
import { usageFromJson } from '../usage-from-json.ts';

const STATUS_ERROR = 2;
/** Choices and tool calls that are looked for in numbered attributes. */
const MAX_NUMBERED = 64;

/**
 * LiteLLM (SDK and proxy, scope `litellm`): `litellm_request` is the call, its child `raw_gen_ai_request` repeats the request and answer
 * under `llm.<provider>.*` as Python text. Below another span, or in the proxy, the attributes of the call may stand on that span instead.
 * Cached and reasoning tokens are only in `metadata.usage_object`, Python text too. On errors and for embeddings the response id is LiteLLM's own.
 */
export const litellm: Dialect = {
  name: 'litellm',
  matches: ({ scope, attributes }) =>
    attributes.has('litellm.call_id') ||
    (scope.name === 'litellm' && (attributes.has('gen_ai.request.model') || hasRawRequest(attributes))),
  read: (span) =>
    isCall(span.attributes)
      ? readCall(span)
      : { operation: 'chain', usage: null, fragments: [], consumed: CONSUMED_RAW },
};

function hasRawRequest(attributes: Attributes): boolean {
  for (const key of attributes.keys()) {
    if (key.startsWith('llm.')) return true;
  }
  return false;
}

function isCall(attributes: Attributes): boolean {
  return attributes.has('gen_ai.request.model') || attributes.has('gen_ai.operation.name');
}

function readCall(span: OtlpSpan): DialectFields {
  const { attributes } = span;
  const routed = readString(attributes, 'litellm.provider.model') ?? '';
  const slash = routed.indexOf('/');
  const id = readString(attributes, 'gen_ai.response.id') ?? '';
  const isOwnId = span.statusCode === STATUS_ERROR || id === readString(attributes, 'litellm.call_id');
  const metadata = objectOf(attributes, 'metadata.requester_metadata');
  return {
    provider:
      readString(attributes, 'gen_ai.provider.name', 'gen_ai.system') ??
      (slash < 0 ? undefined : routed.slice(0, slash)),
    responseId: isOwnId ? '' : id,
    usage: readUsage(attributes),
    userId: readString(
      attributes,
      'user.id',
      'llm.user',
      'metadata.user_api_key_end_user_id',
      'metadata.user_api_key_user_id'
    ),
    conversationId:
      readString(attributes, 'gen_ai.conversation.id', 'session.id', 'metadata.session_id') ??
      (metadata === undefined
        ? undefined
        : firstText(metadata, 'session_id', 'conversation_id', 'thread_id', 'trace_session_id')),
    fragments: readContent(attributes),
    consumed: CONSUMED,
  };
}

function objectOf(attributes: Attributes, key: string): JsonObject | undefined {
  const text = readString(attributes, key);
  const value: JsonValue | undefined = text === undefined ? undefined : (parseJson(text) ?? readPythonRepr(text));
  return isJsonObject(value) ? value : undefined;
}

function readUsage(attributes: Attributes): RawUsage | undefined {
  const object = objectOf(attributes, 'metadata.usage_object');
  const usage = usageFromJson(object);
  if (object === undefined || usage === undefined) return undefined;
  const details = object['prompt_tokens_details'];
  const lives = isJsonObject(details) ? details['cache_creation_token_details'] : undefined;
  // LiteLLM counts the input as OpenAI does, whatever the provider.
  return {
    ...usage,
    cacheWrite1h: isJsonObject(lives) ? toCount(lives['ephemeral_1h_input_tokens']) : usage.cacheWrite1h,
    inputIncludesCache: true,
  };
}

function readContent(attributes: Attributes): readonly SpanFragment[] {
  const fragments = readSemconvContent(attributes, 'attribute', 0);
  const calls = readCalls(attributes);
  const output = fragments.findIndex((fragment) => fragment.kind === 'output_messages');
  if (calls.length > 0 && (output < 0 || !fragments[output]!.body.includes('"tool_call"'))) {
    const merged = toFragment(
      'output_messages',
      'attribute',
      0,
      mergeCalls(output < 0 ? '' : fragments[output]!.body, calls)
    );
    if (output >= 0) fragments.splice(output, 1);
    if (merged !== undefined) fragments.push(merged);
  }
  if (attributes.has('llm.request.functions.0.name')) {
    const tools = toFragment('tool_definitions', 'attribute', 0, readIndexedTools(attributes, 'llm.request.functions'));
    if (tools !== undefined) fragments.push(tools);
  }
  return fragments;
}

/** The messages leave out the tool calls of the answer: they are in numbered attributes of each choice. */
function readCalls(attributes: Attributes): readonly MessagePart[] {
  const calls: MessagePart[] = [];
  for (let choice = 0; choice < MAX_NUMBERED; choice++) {
    const prefix = `gen_ai.completion.${choice}`;
    const single = readString(attributes, `${prefix}.function_call.name`);
    if (single !== undefined)
      calls.push(toolCallPart(undefined, single, readString(attributes, `${prefix}.function_call.arguments`)));
    for (let index = 0; index < MAX_NUMBERED; index++) {
      const name = readString(
        attributes,
        `${prefix}.tool_calls.${index}.name`,
        `${prefix}.tool_calls.${index}.function.name`
      );
      if (name === undefined) break;
      const id = readString(attributes, `${prefix}.tool_calls.${index}.id`);
      calls.push(
        toolCallPart(
          id,
          name,
          readString(
            attributes,
            `${prefix}.tool_calls.${index}.arguments`,
            `${prefix}.tool_calls.${index}.function.arguments`
          )
        )
      );
    }
    if (single === undefined && calls.length === 0) break;
  }
  return calls;
}

function mergeCalls(body: string, calls: readonly MessagePart[]): readonly JsonValue[] {
  const messages = parseJson(body);
  const list = Array.isArray(messages) ? (messages as readonly JsonValue[]) : [];
  const first = list[0];
  const parts = calls as unknown as readonly JsonValue[];
  if (!isJsonObject(first)) return [{ role: 'assistant', parts }];
  const present = Array.isArray(first['parts']) ? (first['parts'] as readonly JsonValue[]) : [];
  return [{ ...first, parts: [...present, ...parts] }, ...list.slice(1)];
}

const CONSUMED: readonly string[] = [
  'llm.',
  'metadata.usage_object',
  'hidden_params',
  'gen_ai.cost.',
  'gen_ai.usage.total_tokens',
];
const CONSUMED_RAW: readonly string[] = ['llm.', 'hidden_params'];
