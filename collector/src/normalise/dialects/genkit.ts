import type { Attributes } from '../../otlp.ts';
import { contentFragment } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import type { MessagePart } from '../messages.ts';
import { presentFragments, reasoningPart, toFragment, toolCallPart, toolResponsePart } from '../messages.ts';
import { firstText, partsFromJson } from '../parts-from-json.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, readJson, readJsonObject, readString, toBoolean, toCount } from '../read-attribute.ts';
import { usageFromJson } from '../usage-from-json.ts';

/** `genkit:metadata:subtype` → operation. Utilities such as `generate` repeat the request and usage of the model below them. */
const SUBTYPES: ReadonlyMap<string, string> = new Map([
  ['model', 'chat'],
  ['background-model', 'chat'],
  ['embedder', 'embeddings'],
  ['reranker', 'rerank'],
  ['tool', 'execute_tool'],
  ['tool.v2', 'execute_tool'],
  ['flow', 'invoke_workflow'],
  ['retriever', 'retrieval'],
  ['evaluator', 'evaluation'],
]);

/**
 * Genkit (JS, Go, Python; tracer `genkit-tracer`): everything is JSON text in `genkit:input` and `genkit:output`. The model's own
 * answer, when a plug-in keeps it in `raw` or `custom`, tells id, model and usage better than Genkit's summary of it.
 */
export const genkit: Dialect = {
  name: 'genkit',
  matches: ({ attributes }) => attributes.has('genkit:type') || attributes.has('genkit:metadata:subtype'),
  read: ({ attributes }) => {
    const operation = SUBTYPES.get(readString(attributes, 'genkit:metadata:subtype') ?? '') ?? 'chain';
    const actors = readActors(attributes, operation);
    if (operation === 'chat') return { ...actors, ...readModel(attributes) };
    if (operation === 'embeddings' || operation === 'rerank') return { ...actors, ...readOther(attributes, operation) };
    return {
      ...actors,
      operation,
      usage: null,
      fragments: operation === 'execute_tool' ? readTool(attributes) : readExchange(attributes),
      consumed: CONSUMED,
    };
  },
};

function readActors(attributes: Attributes, operation: string): DialectFields {
  const name = readString(attributes, 'genkit:name');
  const context = readJsonObject(attributes, 'genkit:metadata:context');
  const auth = isJsonObject(context?.['auth']) ? context['auth'] : undefined;
  return {
    workflowName: operation === 'invoke_workflow' ? name : undefined,
    toolName: operation === 'execute_tool' ? name : undefined,
    conversationId: readString(attributes, 'genkit:sessionId'),
    userId: auth === undefined ? undefined : firstText(auth, 'uid', 'userId'),
  };
}

function readModel(attributes: Attributes): DialectFields {
  const input = readJsonObject(attributes, 'genkit:input');
  const output = readJsonObject(attributes, 'genkit:output');
  const raw = firstObject(output, 'raw', 'custom');
  const config = firstObject(input, 'config');
  const name = readString(attributes, 'genkit:name') ?? '';
  const slash = name.indexOf('/');
  const version = config === undefined ? undefined : firstText(config, 'version');
  return {
    operation: 'chat',
    provider: slash < 0 ? undefined : name.slice(0, slash),
    requestModel: version ?? (slash < 0 ? name : name.slice(slash + 1)),
    responseModel: raw === undefined ? undefined : firstText(raw, 'model', 'modelVersion'),
    responseId: raw === undefined ? undefined : firstText(raw, 'id', 'responseId'),
    usage: readUsage(output, raw),
    serviceTier: raw === undefined ? undefined : firstText(raw, 'service_tier'),
    streaming: toBoolean(config?.['stream']),
    finishReasons: finishReason(output),
    fragments: presentFragments(
      messagesFragment('input_messages', input?.['messages']),
      messagesFragment('output_messages', answerOf(output)),
      definitions(input?.['tools'])
    ),
    consumed: CONSUMED,
  };
}

function readOther(attributes: Attributes, operation: string): DialectFields {
  const name = readString(attributes, 'genkit:name') ?? '';
  const slash = name.indexOf('/');
  const output = readJsonObject(attributes, 'genkit:output');
  return {
    operation,
    provider: slash < 0 ? undefined : name.slice(0, slash),
    requestModel: slash < 0 ? name : name.slice(slash + 1),
    usage: readUsage(output, undefined),
    fragments: readEmbedInput(attributes),
    consumed: CONSUMED,
  };
}

/** Genkit's summary may leave out cached and reasoning tokens that the provider's own usage object has. */
function readUsage(output: JsonObject | undefined, raw: JsonObject | undefined): RawUsage | undefined {
  const own = usageFromJson(raw?.['usage'] ?? raw?.['usageMetadata']);
  if (own !== undefined) return own;
  const usage = firstObject(output, 'usage');
  if (usage === undefined) return undefined;
  const custom = usageFromJson(usage['custom']);
  const read: RawUsage = {
    input: toCount(usage['inputTokens']),
    output: toCount(usage['outputTokens']),
    total: toCount(usage['totalTokens']),
    cacheRead: toCount(usage['cachedContentTokens']) ?? custom?.cacheRead,
    cacheWrite: custom?.cacheWrite,
    reasoning: toCount(usage['thoughtsTokens']),
  };
  return read.input === undefined && read.output === undefined && read.total === undefined ? undefined : read;
}

function firstObject(object: JsonObject | undefined, ...fields: readonly string[]): JsonObject | undefined {
  for (const field of fields) {
    const value = object?.[field];
    if (isJsonObject(value)) return value;
  }
  return undefined;
}

/** Older answers have a list of candidates; the first is the answer. */
function candidateOf(output: JsonObject | undefined): JsonObject | undefined {
  const candidates = output?.['candidates'];
  const first: JsonValue | undefined = Array.isArray(candidates) ? (candidates as readonly JsonValue[])[0] : undefined;
  return isJsonObject(first) ? first : output;
}

function answerOf(output: JsonObject | undefined): JsonValue | undefined {
  const message = candidateOf(output)?.['message'];
  return message === undefined ? undefined : [message];
}

function finishReason(output: JsonObject | undefined): readonly string[] | undefined {
  const candidate = candidateOf(output);
  const reason = candidate === undefined ? undefined : firstText(candidate, 'finishReason');
  return reason === undefined ? undefined : [reason];
}

function messagesFragment(
  kind: 'input_messages' | 'output_messages',
  messages: JsonValue | undefined
): SpanFragment | undefined {
  if (!Array.isArray(messages)) return undefined;
  const entries = (messages as readonly JsonValue[]).filter(isJsonObject).map((message) => {
    const role = firstText(message, 'role') ?? 'user';
    const content = message['content'] ?? message['parts'];
    const parts = Array.isArray(content) ? (content as readonly JsonValue[]).flatMap(partOf) : partsFromJson(content);
    return { role: role === 'model' ? 'assistant' : role, parts };
  });
  return toFragment(kind, 'attribute', 0, entries);
}

function partOf(part: JsonValue): readonly MessagePart[] {
  if (!isJsonObject(part)) return partsFromJson(part);
  const call = part['toolRequest'];
  if (isJsonObject(call)) return [toolCallPart(firstText(call, 'ref'), firstText(call, 'name'), call['input'])];
  const response = part['toolResponse'];
  if (isJsonObject(response)) return [toolResponsePart(firstText(response, 'ref'), response['output'])];
  if (typeof part['reasoning'] === 'string') return [reasoningPart(part['reasoning'])];
  const media = part['media'];
  if (isJsonObject(media)) return partsFromJson({ type: 'image_url', image_url: { url: media['url'] ?? '' } });
  return partsFromJson(part);
}

function definitions(tools: JsonValue | undefined): SpanFragment | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  const entries = (tools as readonly JsonValue[]).map((tool) =>
    isJsonObject(tool)
      ? {
          type: 'function',
          name: tool['name'] ?? '',
          description: tool['description'] ?? '',
          parameters: tool['inputSchema'] ?? null,
        }
      : tool
  );
  return toFragment('tool_definitions', 'attribute', 0, entries);
}

function readTool(attributes: Attributes): readonly SpanFragment[] {
  const name = readString(attributes, 'genkit:name');
  const input = readJson(attributes, 'genkit:input') ?? readString(attributes, 'genkit:input');
  const output = readJson(attributes, 'genkit:output') ?? readString(attributes, 'genkit:output');
  return presentFragments(
    input === undefined
      ? undefined
      : toFragment('input_messages', 'attribute', 0, [
          { role: 'assistant', parts: [toolCallPart(undefined, name, input)] },
        ]),
    output === undefined
      ? undefined
      : toFragment('output_messages', 'attribute', 0, [{ role: 'tool', parts: [toolResponsePart(undefined, output)] }])
  );
}

function readExchange(attributes: Attributes): readonly SpanFragment[] {
  const input = attributes.get('genkit:input');
  const output = attributes.get('genkit:output');
  return presentFragments(
    input === undefined ? undefined : contentFragment('input_messages', 'attribute', 0, input),
    output === undefined ? undefined : contentFragment('output_messages', 'attribute', 0, output)
  );
}

/** Documents to embed; the vectors in the output are not content. */
function readEmbedInput(attributes: Attributes): readonly SpanFragment[] {
  const documents =
    readJsonObject(attributes, 'genkit:input')?.['input'] ?? readJsonObject(attributes, 'genkit:input')?.['documents'];
  if (!Array.isArray(documents)) return [];
  const entries = (documents as readonly JsonValue[])
    .filter(isJsonObject)
    .map((document) => ({ role: 'user', parts: partsFromJson(document['content']) }));
  return presentFragments(toFragment('input_messages', 'attribute', 0, entries));
}

const CONSUMED: readonly string[] = ['genkit:name', 'genkit:sessionId', 'genkit:init'];
