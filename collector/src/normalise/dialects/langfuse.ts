import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { contentFragment, entriesOf, toolFragments } from '../content-from-attributes.ts';
import { decimalText } from '../decimal-text.ts';
import type { Dialect, DialectFields, SpanFragment } from '../dialect.ts';
import { isoTimeNs } from '../iso-time.ts';
import { langfuseUsage } from '../langfuse-usage.ts';
import { presentFragments, toFragment } from '../messages.ts';
import { isEmbeddingModel, toOperation } from '../operation.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import { isJsonObject, parseJson, readJson, readJsonObject, readString, toNumber } from '../read-attribute.ts';

const PROVIDER_ID_STARTS = ['resp_', 'chatcmpl-', 'msg_', 'gen-', 'cmpl-'] as const;

/**
 * Langfuse SDKs (Python ≥ 3, JavaScript ≥ 4): everything is JSON text under `langfuse.observation.*`. There is no provider and
 * usually no response id. The model name is the answering model once there is an answer, until then the requested one.
 */
export const langfuse: Dialect = {
  name: 'langfuse',
  matches: (span) => span.attributes.has('langfuse.observation.type') || span.scope.name === 'langfuse-sdk',
  read: readSpan,
};

function readSpan(span: OtlpSpan): DialectFields {
  const { attributes } = span;
  const type = readString(attributes, 'langfuse.observation.type') ?? 'span';
  const model = readString(attributes, 'langfuse.observation.model.name', 'gen_ai.request.model') ?? '';
  const operation = operationOf(type, model);
  const isFailed = span.statusCode === STATUS_ERROR || attributes.get('langfuse.observation.level') === 'ERROR';
  const parameters = readJsonObject(attributes, 'langfuse.observation.model.parameters');
  const firstToken = firstTokenNs(attributes, span);
  const reason = jsonText(attributes, 'langfuse.observation.metadata.finish_reason');
  const cost = readJsonObject(attributes, 'langfuse.observation.cost_details');
  return {
    operation,
    requestModel: isFailed ? model : askedModel(model),
    responseModel: isFailed ? '' : model,
    responseId: responseId(attributes),
    usage: langfuseUsage(readJson(attributes, 'langfuse.observation.usage_details')),
    reportedCostUsd: decimalText(cost === undefined ? undefined : toNumber(cost['total'])),
    serviceTier: parameters === undefined ? undefined : textOf(parameters['service_tier']),
    streaming: attributes.has('langfuse.observation.completion_start_time') ? true : undefined,
    timeToFirstTokenNs: firstToken,
    finishReasons: reason === undefined ? undefined : [reason],
    error:
      attributes.get('langfuse.observation.level') === 'ERROR'
        ? { type: '', message: readString(attributes, 'langfuse.observation.status_message') ?? '' }
        : undefined,
    agentName: operation === 'invoke_agent' ? span.name : undefined,
    agentVersion: readString(attributes, 'langfuse.version'),
    toolName: operation === 'execute_tool' ? span.name : undefined,
    workflowName: readString(attributes, 'langfuse.trace.name'),
    promptVersion: readString(attributes, 'langfuse.observation.prompt.version'),
    serviceVersion: readString(attributes, 'langfuse.release'),
    fragments: contentOf(span, operation),
    consumed: CONSUMED,
  };
}

const STATUS_ERROR = 2;

const CONSUMED: readonly string[] = [
  'langfuse.environment',
  'langfuse.release',
  'langfuse.session.id',
  'langfuse.user.id',
  'langfuse.trace.name',
  'langfuse.version',
  'langfuse.internal.',
  'langfuse.observation.type',
  'langfuse.observation.model.name',
  'langfuse.observation.usage_details',
  'langfuse.observation.cost_details',
  'langfuse.observation.level',
  'langfuse.observation.status_message',
  'langfuse.observation.completion_start_time',
  'langfuse.observation.prompt.name',
  'langfuse.observation.prompt.version',
  'langfuse.observation.metadata.finish_reason',
  'langfuse.observation.metadata.id',
  'langfuse.observation.metadata.instructions',
  'langfuse.observation.metadata.tools',
];

function operationOf(type: string, model: string): string {
  const operation = toOperation(type);
  return operation === 'chat' && isEmbeddingModel(model) ? 'embeddings' : operation;
}

/**
 * What was asked for is not exported. OpenAI answers an alias with a dated name, and nearly all programs ask for the alias,
 * so the alias is the better guess; the dated name stays in the response model, which is what prices go by.
 */
function askedModel(answered: string): string {
  const dated = /-20\d{2}-\d{2}-\d{2}$/.exec(answered);
  return dated === null ? answered : answered.slice(0, dated.index);
}

/** Metadata values are JSON-encoded in Python, and plain text in JavaScript. */
function jsonText(attributes: Attributes, key: string): string | undefined {
  const text = readString(attributes, key);
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  return typeof parsed === 'string' ? parsed : text;
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function responseId(attributes: Attributes): string | undefined {
  const id = jsonText(attributes, 'langfuse.observation.metadata.id');
  return id !== undefined && PROVIDER_ID_STARTS.some((start) => id.startsWith(start)) ? id : undefined;
}

function firstTokenNs(attributes: Attributes, span: OtlpSpan): number | undefined {
  const text = jsonText(attributes, 'langfuse.observation.completion_start_time');
  const time = text === undefined ? undefined : isoTimeNs(text);
  if (time === undefined || time <= span.startTimeUnixNano || time > span.endTimeUnixNano) return undefined;
  return Number(time - span.startTimeUnixNano);
}

function contentOf(span: OtlpSpan, operation: string): readonly SpanFragment[] {
  const { attributes } = span;
  const input = attributes.get('langfuse.observation.input');
  const output = attributes.get('langfuse.observation.output');
  if (operation === 'execute_tool') return toolFragments(span.name, undefined, input, output);
  const json = typeof input === 'string' ? parseJson(input) : undefined;
  const instructions = readString(attributes, 'langfuse.observation.metadata.instructions');
  return presentFragments(
    input === undefined ? undefined : contentFragment('input_messages', 'attribute', 0, input),
    output === undefined ? undefined : contentFragment('output_messages', 'attribute', 0, output),
    isJsonObject(json) ? toolDefinitions(json) : undefined,
    instructions === undefined ? undefined : contentFragment('system_instructions', 'attribute', 0, instructions)
  );
}

function toolDefinitions(input: JsonObject): SpanFragment | undefined {
  const tools = input['tools'];
  return Array.isArray(tools) && tools.length > 0
    ? toFragment('tool_definitions', 'attribute', 0, entriesOf('tool_definitions', tools as readonly JsonValue[]))
    : undefined;
}
