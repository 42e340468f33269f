import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { contentFragment, readSemconvContent } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { eventListFragments } from '../event-list.ts';
import { firstText } from '../parts-from-json.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, readJson, readJsonObject, readString, toBoolean } from '../read-attribute.ts';
import { usageFromJson } from '../usage-from-json.ts';

const STATUS_ERROR = 2;
/** Scopes of the client wrappers that log a stream in a second span once it ends. */
const STREAM_LOGGERS: ReadonlySet<string> = new Set(['logfire.openai', 'logfire.anthropic']);
const EVIDENCE = ['gen_ai.operation.name', 'gen_ai.request.model', 'gen_ai.system', 'gen_ai.provider.name'] as const;

/** Addresses below which the clients do something else than a chat → operation; any other address is not a call to a model. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  ['/audio/speech', 'speech'],
  ['/audio/trans', 'transcription'],
  ['/images/', 'image_generation'],
  ['/embeddings', 'embeddings'],
  ['/moderations', 'guardrail'],
];

/**
 * Logfire's own wrappers (scopes `logfire.openai`, `logfire.anthropic`, `logfire.openai_agents` …); other scopes only have logfire
 * attributes added and belong to their own dialects. A stream gives two spans without a response id that may lie in two traces:
 * the request, which ends with the first bytes and holds no answer, and, when the stream ends for whatever reason, a zero-length
 * log span with the answer and usage. The second is the call; the first is one only when it failed, because then there is no second.
 */
export const logfire: Dialect = {
  name: 'logfire',
  matches: ({ scope, attributes }) =>
    (scope.name === 'logfire' || scope.name.startsWith('logfire.')) && EVIDENCE.some((key) => attributes.has(key)),
  read: (span) => {
    const { attributes } = span;
    const response = readJsonObject(attributes, 'response_data');
    const logsStream = isStreamLog(span);
    const isRequest = isStreamRequest(span, response);
    return {
      operation: readOperation(attributes),
      responseModel: isModelInvented(attributes) ? '' : undefined,
      usage: isRequest ? null : readUsage(attributes, response),
      billable: !isRequest && readString(attributes, 'logfire.span_type') !== 'pending_span',
      streaming: logsStream || isRequest,
      finishReasons: readReasons(attributes),
      conversationId: readString(attributes, 'gen_ai.conversation.id', 'session.id', 'group_id'),
      fragments: readContent(attributes, response),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

function readOperation(attributes: Attributes): string | undefined {
  if (attributes.has('gen_ai.operation.name')) return undefined;
  const address = readString(attributes, 'url');
  if (address === undefined) return undefined;
  return ADDRESSES.find(([start]) => address.includes(start))?.[1] ?? 'chain';
}

function isStreamLog(span: OtlpSpan): boolean {
  return readString(span.attributes, 'logfire.span_type') === 'log' && span.name.startsWith('streaming response from');
}

/** A request that succeeded and has no trace of an answer: the wrapper adds the answer to every call that is not a stream. */
function isStreamRequest(span: OtlpSpan, response: JsonObject | undefined): boolean {
  const { attributes } = span;
  if (
    !STREAM_LOGGERS.has(span.scope.name) ||
    span.statusCode === STATUS_ERROR ||
    readString(attributes, 'logfire.span_type') === 'log'
  )
    return false;
  if (toBoolean(readJsonObject(attributes, 'request_data')?.['stream']) === true) return true;
  const isAnswered =
    response !== undefined ||
    attributes.has('gen_ai.response.id') ||
    attributes.has('gen_ai.usage.input_tokens') ||
    attributes.has('gen_ai.usage.output_tokens') ||
    attributes.has('gen_ai.usage.raw') ||
    attributes.has('gen_ai.output.messages') ||
    attributes.has('response');
  return (
    !isAnswered &&
    attributes.has('gen_ai.operation.name') &&
    !OTHER_CALLS.has(readString(attributes, 'gen_ai.operation.name') ?? '')
  );
}

/** Operations that cannot be streamed: an answer without usage is possible there. */
const OTHER_CALLS: ReadonlySet<string> = new Set([
  'embeddings',
  'generate_content',
  'image_generation',
  'invoke_agent',
  'execute_tool',
]);

/** Logfire writes the request model where the answer named none; a stream's and a failure's response model is unknown. */
function isModelInvented(attributes: Attributes): boolean {
  return (
    !attributes.has('gen_ai.response.id') &&
    readString(attributes, 'gen_ai.operation.name') !== 'embeddings' &&
    readString(attributes, 'gen_ai.response.model') === readString(attributes, 'gen_ai.request.model')
  );
}

/** A stream's reason is only in its message. */
function readReasons(attributes: Attributes): readonly string[] | undefined {
  if (attributes.has('gen_ai.response.finish_reasons')) return undefined;
  const messages = readJson(attributes, 'gen_ai.output.messages');
  if (!Array.isArray(messages)) return undefined;
  const reasons = (messages as readonly JsonValue[]).flatMap((message) =>
    isJsonObject(message) ? (firstText(message, 'finish_reason') ?? []) : []
  );
  return reasons.length === 0 ? undefined : reasons;
}

/** The provider's usage object tells what the two counts beside it leave out. */
function readUsage(attributes: Attributes, response: JsonObject | undefined): RawUsage | undefined {
  const whole = readJsonObject(attributes, 'response');
  return (
    usageFromJson(readJsonObject(attributes, 'gen_ai.usage.raw')) ??
    usageFromJson(response?.['usage']) ??
    usageFromJson(whole?.['usage'])
  );
}

function readContent(attributes: Attributes, response: JsonObject | undefined): readonly SpanFragment[] {
  const fragments = readSemconvContent(attributes, 'attribute', 0);
  const add = (more: SpanFragment | undefined): void => {
    if (more !== undefined && !fragments.some((fragment) => fragment.kind === more.kind)) fragments.push(more);
  };
  const events = readJson(attributes, 'events');
  if (events !== undefined) eventListFragments(events).forEach(add);
  const request = readJsonObject(attributes, 'request_data');
  const isOldFormat =
    request?.['messages'] !== undefined || request?.['input'] !== undefined || request?.['prompt'] !== undefined;
  if (request !== undefined && isOldFormat) {
    const { tools, ...rest } = request;
    add(contentFragment('input_messages', 'attribute', 0, JSON.stringify(rest)));
    if (Array.isArray(tools)) add(contentFragment('tool_definitions', 'attribute', 0, JSON.stringify(tools)));
  }
  if (response !== undefined) {
    const answer = response['message'] ?? response['combined_chunk_content'] ?? response['text'];
    if (typeof answer === 'string') add(contentFragment('output_messages', 'attribute', 0, answer));
    else if (isJsonObject(answer)) add(contentFragment('output_messages', 'attribute', 0, JSON.stringify([answer])));
  }
  return fragments;
}

const CONSUMED: readonly string[] = [
  'gen_ai.usage.raw',
  'operation.cost',
  'response',
  'raw_input',
  'input',
  'output',
  'model_settings',
  'logfire.tags',
];
