import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { contentFragment, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { presentFragments } from '../messages.ts';
import { toOperation } from '../operation.ts';
import { firstText } from '../parts-from-json.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, parseJson, readBoolean, readJsonObject, readString, toCount } from '../read-attribute.ts';
import { readPythonRepr } from '../read-python-repr.ts';
import { readSemconvUsage } from '../semconv-usage.ts';
import { usageFromJson } from '../usage-from-json.ts';

/**
 * LangSmith's OpenTelemetry export (scope `langsmith`). `langsmith.span.kind` is the kind of run; its `gen_ai.operation.name`
 * calls prompts `chat` and retrievers `embeddings`, and chains that return a message carry that message's usage.
 * `gen_ai.prompt` and `gen_ai.completion` are the whole request and answer; token details are Python text.
 */
export const langsmith: Dialect = {
  name: 'langsmith',
  matches: ({ attributes }) => attributes.has('langsmith.span.kind'),
  read: (span) => {
    const { attributes } = span;
    const operation = operationOf(attributes);
    const answer = readJsonObject(attributes, 'gen_ai.completion');
    const request = readJsonObject(attributes, 'gen_ai.prompt');
    return {
      operation,
      requestModel: request === undefined ? undefined : firstText(request, 'model'),
      responseModel:
        readString(attributes, 'gen_ai.response.model') ??
        (answer === undefined ? undefined : firstText(answer, 'model', 'model_name')),
      responseId:
        readString(attributes, 'gen_ai.response.id') ?? (answer === undefined ? undefined : firstText(answer, 'id')),
      usage: readUsage(attributes, answer),
      serviceTier: readString(attributes, 'gen_ai.response.service_tier'),
      streaming: readBoolean(attributes, 'langsmith.request.streaming'),
      toolName: operation === 'execute_tool' ? (readString(attributes, 'gen_ai.tool.name') ?? span.name) : undefined,
      agentName: readString(
        attributes,
        'gen_ai.agent.name',
        'langsmith.metadata.agent_name',
        'langsmith.metadata.lc_agent_name'
      ),
      promptName: readString(
        attributes,
        'gen_ai.prompt.name',
        'langsmith.metadata.prompt_name',
        'langsmith.metadata.lc_hub_repo'
      ),
      promptVersion: readString(
        attributes,
        'gen_ai.prompt.version',
        'langsmith.metadata.prompt_version',
        'langsmith.metadata.lc_hub_commit_hash'
      ),
      fragments: operation === 'execute_tool' ? readTool(attributes, span.name) : readContent(attributes, request),
      error: readFailure(span),
      consumed: CONSUMED,
    } satisfies DialectFields;
  },
};

/** The status is set to ok when the run starts, and a status that is ok stays so: the exception alone tells that it failed. */
function readFailure(span: OtlpSpan): DialectFields['error'] {
  const exception = span.events.find((event) => event.name === 'exception');
  if (exception === undefined) return undefined;
  const message = readString(exception.attributes, 'exception.message') ?? '';
  // The error is the text of an exception: `RateLimitError("Error code: 429 …")`.
  const type = /^([A-Za-z_][\w.]*)\(/.exec(message)?.[1] ?? readString(exception.attributes, 'exception.type') ?? '';
  return { type, message };
}

function operationOf(attributes: Attributes): string {
  const kind = readString(attributes, 'langsmith.span.kind') ?? '';
  if (kind !== 'llm') return toOperation(kind);
  const named = toOperation(readString(attributes, 'gen_ai.operation.name') ?? 'chat');
  return named === 'text_completion' || named === 'embeddings' ? named : 'chat';
}

/**
 * `usage_metadata` of the answer (totals that include cached tokens and reasoning), also nested as LangChain does, is the most
 * complete; then the provider's own usage object; then the attributes.
 */
function readUsage(attributes: Attributes, answer: JsonObject | undefined): RawUsage | undefined {
  const metadata = answer === undefined ? undefined : findMetadata(answer);
  if (metadata !== undefined) return ofMetadata(metadata);
  const raw = usageFromJson(answer?.['usage']);
  if (raw !== undefined) return raw;
  const usage = readSemconvUsage(attributes);
  if (usage === undefined) return undefined;
  const input = details(attributes, 'gen_ai.usage.input_token_details');
  const output = details(attributes, 'gen_ai.usage.output_token_details');
  return { ...usage, ...partsOf(input, output) };
}

function ofMetadata(metadata: JsonObject): RawUsage | undefined {
  const input = metadata['input_token_details'];
  const output = metadata['output_token_details'];
  return {
    input: toCount(metadata['input_tokens']),
    output: toCount(metadata['output_tokens']),
    total: toCount(metadata['total_tokens']),
    ...partsOf(isJsonObject(input) ? input : {}, isJsonObject(output) ? output : {}),
  };
}

/** Anthropic's cache writes come split by their life; Gemini's cache reads by price step. */
function partsOf(input: JsonObject, output: JsonObject): RawUsage {
  const write1h = toCount(input['ephemeral_1h_input_tokens']);
  const write5m = toCount(input['ephemeral_5m_input_tokens']);
  return {
    cacheRead: sum(toCount(input['cache_read']), toCount(input['cache_read_over_200k'])),
    cacheWrite: toCount(input['cache_creation']) ?? sum(write5m, write1h),
    cacheWrite1h: write1h,
    reasoning: toCount(output['reasoning']),
    audioInput: toCount(input['audio']),
    audioOutput: toCount(output['audio']),
    inputIncludesCache: true,
    outputIncludesReasoning: true,
  };
}

function sum(...counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, count) => total + count, 0);
}

function findMetadata(answer: JsonObject): JsonObject | undefined {
  if (isJsonObject(answer['usage_metadata'])) return answer['usage_metadata'];
  const generations: JsonValue | undefined = answer['generations'];
  for (const entry of [
    ...Object.values(answer),
    ...(Array.isArray(generations) ? (generations as readonly JsonValue[]).flat() : []),
  ]) {
    if (!isJsonObject(entry)) continue;
    const object = entry;
    const message = isJsonObject(object['message']) ? object['message'] : object;
    const holder = isJsonObject(message['kwargs']) ? message['kwargs'] : message;
    if (isJsonObject(holder['usage_metadata'])) return holder['usage_metadata'];
  }
  return undefined;
}

function details(attributes: Attributes, key: string): JsonObject {
  const text = readString(attributes, key);
  const value = text === undefined ? undefined : (parseJson(text) ?? readPythonRepr(text));
  return isJsonObject(value) ? value : {};
}

/** Written when the run failed. */
const NO_ANSWER = '{"output":null}';

function readContent(attributes: Attributes, request: JsonObject | undefined): readonly SpanFragment[] {
  const input = attributes.get('gen_ai.prompt');
  const output = attributes.get('gen_ai.completion');
  const tools =
    attributes.get('gen_ai.tool.definitions') ??
    (Array.isArray(request?.['tools']) ? JSON.stringify(request['tools']) : undefined);
  return presentFragments(
    input === undefined ? undefined : contentFragment('input_messages', 'attribute', 0, input),
    output === undefined || output === NO_ANSWER
      ? undefined
      : contentFragment('output_messages', 'attribute', 0, output),
    tools === undefined ? undefined : contentFragment('tool_definitions', 'attribute', 0, tools)
  );
}

function readTool(attributes: Attributes, spanName: string): readonly SpanFragment[] {
  const id = readString(attributes, 'gen_ai.tool.call.id');
  return toolFragments(
    readString(attributes, 'gen_ai.tool.name') ?? spanName,
    id,
    attributes.get('gen_ai.prompt'),
    attributes.get('gen_ai.completion')
  );
}

/** The SDK copies its whole environment into the metadata. */
const CONSUMED: readonly string[] = [
  'langsmith.span.kind',
  'langsmith.trace.name',
  'langsmith.request.streaming',
  'langsmith.request.headers',
  'langsmith.span.runtime',
  ...[
    'OTEL_ENABLED',
    'OTEL_ONLY',
    'TRACING',
    'TRACING_V2',
    'ENDPOINT',
    'PROJECT',
    'API_KEY',
    'WORKSPACE_ID',
    'SESSION',
  ].flatMap((name) => [`langsmith.metadata.LANGSMITH_${name}`, `langsmith.metadata.LANGCHAIN_${name}`]),
  'langsmith.metadata.usage_metadata',
  'langsmith.metadata.ls_invocation_params',
  'langsmith.metadata.revision_id',
  'gen_ai.serialized.doc',
  'gen_ai.serialized.signature',
  'gen_ai.response.service_tier',
  'gen_ai.usage.input_token_details',
  'gen_ai.usage.output_token_details',
  'gen_ai.request.extra_query',
  'gen_ai.request.extra_body',
];
