import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { contentFragment, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, SpanFragment } from '../dialect.ts';
import type { MessagePart } from '../messages.ts';
import { presentFragments, reasoningPart, textPart, toFragment } from '../messages.ts';
import { toolCallParts } from '../parts-from-json.ts';
import type { JsonValue } from '../read-attribute.ts';
import {
  isJsonObject,
  parseJson,
  readJson,
  readJsonObject,
  readNumber,
  readString,
  readStringList,
  toScalarText,
} from '../read-attribute.ts';
import { readVercelUsage } from '../vercel-usage.ts';

const NS_PER_MS = 1_000_000;
const STATUS_ERROR = 2;
const METADATA = 'ai.telemetry.metadata.';

/** Exceptions after a call that itself succeeded, or before any call was made. */
const NOT_OF_THE_CALL = new Set([
  'AI_ToolExecutionError',
  'AI_InvalidToolArgumentsError',
  'AI_InvalidToolInputError',
  'AI_NoSuchToolError',
  'AI_ToolCallRepairError',
  'AI_NoObjectGeneratedError',
  'AI_NoOutputGeneratedError',
  'AI_NoOutputSpecifiedError',
  'AI_TypeValidationError',
  'AI_MessageConversionError',
  'AI_InvalidArgumentError',
  'AI_InvalidPromptError',
  'AI_InvalidMessageRoleError',
  'AI_InvalidDataContentError',
]);

/** Function called on the model → operation. Each attempt has a span of its own. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ['doGenerate', 'chat'],
  ['doStream', 'chat'],
  ['doEmbed', 'embeddings'],
  ['doRerank', 'rerank'],
]);

/** Function of the SDK that the program called → operation of the call it stands for, and of itself. */
const ROOTS: ReadonlyMap<string, readonly [call: string, own: string]> = new Map([
  ['ai.generateText', ['chat', 'invoke_agent']],
  ['ai.streamText', ['chat', 'invoke_agent']],
  ['ai.generateObject', ['chat', 'invoke_agent']],
  ['ai.streamObject', ['chat', 'invoke_agent']],
  ['ai.embed', ['embeddings', 'chain']],
  ['ai.embedMany', ['embeddings', 'chain']],
  ['ai.rerank', ['rerank', 'chain']],
]);

/**
 * Vercel AI SDK 3 to 6, and 7 with its legacy integration (`ai.*` attributes, scope `ai`). Roots repeat the usage of their
 * steps (the last step in v3 and v4, the sum later), so only `do…` spans have usage. Each attempt of a retried call has a span;
 * an attempt that failed is not a call of its own: either another attempt follows, or the root fails too and stands for the
 * failed call. So one logical call counts once whatever the number of attempts, told by each span alone.
 */
export const vercelAi: Dialect = {
  name: 'vercel-ai',
  matches: ({ attributes }) =>
    attributes.has('ai.operationId') || readString(attributes, 'operation.name')?.startsWith('ai.') === true,
  read: (span) => {
    const operationId = operationOf(span.attributes);
    if (operationId === 'ai.toolCall') return { ...readActors(span.attributes), ...readTool(span.attributes) };
    const method = operationId.slice(operationId.lastIndexOf('.') + 1);
    const operation = CALLS.get(method);
    return operation === undefined ? readRoot(span, operationId) : readCall(span, operation, method);
  },
};

/** v3 had no `ai.operationId` on some spans; `operation.name` is the id and the function id. */
function operationOf(attributes: Attributes): string {
  return readString(attributes, 'ai.operationId') ?? readString(attributes, 'operation.name')?.split(' ', 1)[0] ?? '';
}

function readCall(span: OtlpSpan, operation: string, method: string): DialectFields {
  const { attributes } = span;
  const milliseconds = readNumber(attributes, 'ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk');
  return {
    ...readActors(attributes),
    operation,
    provider: readString(attributes, 'ai.model.provider', 'gen_ai.system'),
    requestModel: readString(attributes, 'ai.model.id', 'gen_ai.request.model'),
    responseModel: readString(attributes, 'ai.response.model', 'gen_ai.response.model'),
    responseId: readString(attributes, 'ai.response.id', 'gen_ai.response.id'),
    usage: readVercelUsage(attributes),
    serviceTier: readTier(attributes),
    billable: span.statusCode !== STATUS_ERROR,
    streaming: method === 'doStream',
    timeToFirstTokenNs:
      milliseconds === undefined || milliseconds <= 0 ? undefined : Math.round(milliseconds * NS_PER_MS),
    finishReasons: readStringList(
      attributes,
      'ai.response.finishReason',
      'ai.finishReason',
      'gen_ai.response.finish_reasons'
    ),
    fragments: readContent(attributes, operation),
    consumed: CONSUMED,
  };
}

function readRoot(span: OtlpSpan, operationId: string): DialectFields {
  const { attributes } = span;
  const [call, own] = ROOTS.get(operationId) ?? ['chain', 'chain'];
  const failed = span.statusCode === STATUS_ERROR && !NOT_OF_THE_CALL.has(exceptionType(span));
  return {
    ...readActors(attributes),
    operation: failed ? call : own,
    provider: readString(attributes, 'ai.model.provider'),
    requestModel: readString(attributes, 'ai.model.id'),
    usage: null,
    streaming: operationId.startsWith('ai.stream'),
    finishReasons: readStringList(attributes, 'ai.response.finishReason', 'ai.finishReason'),
    fragments: readContent(attributes, own),
    consumed: CONSUMED,
  };
}

function exceptionType(span: OtlpSpan): string {
  for (const event of span.events) {
    if (event.name === 'exception') return readString(event.attributes, 'exception.type') ?? '';
  }
  return '';
}

function readTool(attributes: Attributes): DialectFields {
  const name = readString(attributes, 'ai.toolCall.name');
  const id = readString(attributes, 'ai.toolCall.id');
  return {
    operation: 'execute_tool',
    toolName: name,
    fragments: toolFragments(name ?? '', id, attributes.get('ai.toolCall.args'), attributes.get('ai.toolCall.result')),
    consumed: CONSUMED,
  };
}

/** Metadata keys are the program's own; these spellings are the usual ones. */
function readActors(attributes: Attributes): DialectFields {
  const prompt = readJsonObject(attributes, `${METADATA}langfusePrompt`);
  return {
    agentName: readString(attributes, 'ai.telemetry.functionId'),
    userId: metadata(attributes, 'userId', 'user_id', 'user.id', 'user'),
    conversationId: metadata(
      attributes,
      'sessionId',
      'session_id',
      'session.id',
      'conversationId',
      'conversation_id',
      'threadId',
      'thread_id',
      'chatId'
    ),
    promptName: toScalarText(prompt?.['name']) ?? metadata(attributes, 'prompt.name', 'promptName', 'prompt_name'),
    promptVersion:
      toScalarText(prompt?.['version']) ?? metadata(attributes, 'prompt.version', 'promptVersion', 'prompt_version'),
  };
}

function metadata(attributes: Attributes, ...names: readonly string[]): string | undefined {
  return readString(attributes, ...names.map((name) => METADATA + name));
}

function readTier(attributes: Attributes): string | undefined {
  const byProvider = readJsonObject(attributes, 'ai.response.providerMetadata');
  if (byProvider === undefined) return undefined;
  for (const entry of Object.values(byProvider)) {
    if (!isJsonObject(entry)) continue;
    const usage = isJsonObject(entry['usage']) ? entry['usage'] : undefined;
    const tier = toScalarText(entry['serviceTier'] ?? usage?.['service_tier']);
    if (tier !== undefined) return tier;
  }
  return undefined;
}

function readContent(attributes: Attributes, operation: string): readonly SpanFragment[] {
  const prompt = attributes.get('ai.prompt.messages') ?? attributes.get('ai.prompt');
  const input =
    prompt === undefined
      ? embeddedValues(attributes, operation)
      : contentFragment('input_messages', 'attribute', 0, prompt);
  const tools = attributes.get('ai.prompt.tools');
  return presentFragments(
    input,
    toFragment('output_messages', 'attribute', 0, readAnswer(attributes)),
    tools === undefined ? undefined : contentFragment('tool_definitions', 'attribute', 0, tools)
  );
}

function embeddedValues(attributes: Attributes, operation: string): SpanFragment | undefined {
  const values =
    operation === 'embeddings' || operation === 'chain'
      ? readStringList(attributes, 'ai.values', 'ai.value')
      : undefined;
  const texts = values?.map((value) => {
    const text = parseJson(value);
    return textPart(typeof text === 'string' ? text : value);
  });
  return texts === undefined
    ? undefined
    : toFragment('input_messages', 'attribute', 0, [{ role: 'user', parts: texts }]);
}

function readAnswer(attributes: Attributes): readonly JsonValue[] {
  const parts: MessagePart[] = [];
  const reasoning = readString(attributes, 'ai.response.reasoning');
  if (reasoning !== undefined) parts.push(reasoningPart(reasoning));
  const text = readString(attributes, 'ai.response.text', 'ai.result.text');
  if (text !== undefined) parts.push(textPart(text));
  parts.push(...toolCallParts(readJson(attributes, 'ai.response.toolCalls', 'ai.result.toolCalls')));
  const object = readString(attributes, 'ai.response.object', 'ai.result.object');
  if (object !== undefined) parts.push(textPart(object));
  if (parts.length === 0) return [];
  const reason = readString(attributes, 'ai.response.finishReason', 'ai.finishReason');
  return [
    {
      role: 'assistant',
      parts: parts as unknown as JsonValue,
      ...(reason === undefined ? {} : { finish_reason: reason }),
    },
  ];
}

const CONSUMED: readonly string[] = [
  'operation.name',
  'ai.operationId',
  'ai.model.provider',
  'ai.model.id',
  'ai.response.id',
  'ai.response.model',
  'ai.response.finishReason',
  'ai.finishReason',
  'ai.response.msToFirstChunk',
  'ai.stream.msToFirstChunk',
  'ai.response.files',
  'ai.telemetry.functionId',
  'ai.toolCall.name',
  'ai.usage.',
];
