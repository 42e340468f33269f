import type { Attributes, OtlpSpan } from '../../otlp.ts';
import { contentFragment, toolFragments } from '../content-from-attributes.ts';
import type { Dialect, DialectFields, RawUsage, SpanFragment } from '../dialect.ts';
import { decimalText } from '../decimal-text.ts';
import { presentFragments } from '../messages.ts';
import { toOperation } from '../operation.ts';
import { firstText } from '../parts-from-json.ts';
import { providerOfModel } from '../provider-of-model.ts';
import type { JsonObject, JsonValue } from '../read-attribute.ts';
import {
  isJsonObject,
  parseJson,
  readJson,
  readJsonObject,
  readString,
  toBoolean,
  toCount,
  toNumber,
  toScalarText,
} from '../read-attribute.ts';
import { usageFromJson } from '../usage-from-json.ts';

const SCOPE = 'mlflow.tracing.provider';

/** Client library that MLflow traced → provider, when neither MLflow nor the model name says who answered. */
const FORMATS: ReadonlySet<string> = new Set(['openai', 'anthropic', 'gemini', 'bedrock', 'groq', 'mistral']);

/**
 * MLflow Tracing: `mlflow.*` attributes whose values are JSON (texts come quoted). With its switch for the semantic conventions
 * the `mlflow.*` attributes are gone; `gen_ai.request.model` is then the model that answered, and what was asked for is in the
 * bare attribute `model`.
 */
export const mlflow: Dialect = {
  name: 'mlflow',
  matches: ({ attributes, scope }) =>
    attributes.has('mlflow.spanType') || (scope.name === SCOPE && attributes.has('gen_ai.operation.name')),
  read: (span) => (span.attributes.has('mlflow.spanType') ? readOwn(span) : readConventions(span.attributes)),
};

function readConventions(attributes: Attributes): DialectFields {
  const asked = quoted(attributes, 'model');
  return {
    requestModel: asked,
    responseModel:
      asked === undefined ? undefined : readString(attributes, 'gen_ai.response.model', 'gen_ai.request.model'),
    streaming: toBoolean(quoted(attributes, 'stream')),
    consumed: CONSUMED,
  };
}

function readOwn(span: OtlpSpan): DialectFields {
  const { attributes } = span;
  const operation = toOperation(quoted(attributes, 'mlflow.spanType') ?? '');
  const input = readJson(attributes, 'mlflow.spanInputs');
  const output = readJson(attributes, 'mlflow.spanOutputs');
  const prompt = firstPrompt(attributes);
  const common: DialectFields = {
    operation,
    userId: quoted(attributes, 'user.id', 'mlflow.trace.user'),
    conversationId: quoted(attributes, 'session.id', 'mlflow.trace.session'),
    promptName: prompt === undefined ? undefined : firstText(prompt, 'name'),
    promptVersion: prompt === undefined ? undefined : toScalarText(prompt['version']),
    consumed: CONSUMED,
  };
  if (operation === 'execute_tool')
    return {
      ...common,
      toolName: quoted(attributes, 'gen_ai.tool.name') ?? span.name,
      usage: null,
      fragments: readTool(span),
    };
  const fields = isJsonObject(input) ? input : {};
  const answer = isJsonObject(output) ? output : {};
  const requestModel =
    firstText(fields, 'model', 'model_id', 'modelId') ?? quoted(attributes, 'model', 'model_name', 'mlflow.llm.model');
  const responseModel =
    firstText(answer, 'model', 'modelVersion', 'model_version') ?? quoted(attributes, 'mlflow.llm.model');
  const cost = readJsonObject(attributes, 'mlflow.llm.cost');
  return {
    ...common,
    agentName: operation === 'invoke_agent' ? span.name : undefined,
    provider: readProvider(attributes, requestModel ?? responseModel),
    requestModel,
    responseModel,
    responseId: firstText(answer, 'id', 'response_id', 'responseId'),
    usage: readUsage(attributes, answer),
    reportedCostUsd: decimalText(toNumber(cost?.['total_cost'])),
    serviceTier: firstText(answer, 'service_tier'),
    streaming: toBoolean(fields['stream']) ?? toBoolean(quoted(attributes, 'stream')),
    timeToFirstTokenNs: firstChunk(span),
    finishReasons: finishReasons(answer),
    fragments: readContent(attributes, input),
  };
}

/** Texts are JSON text in quotes, e.g. `"gpt-4o"`; numbers and flags are bare. */
function quoted(attributes: Attributes, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = readString(attributes, key);
    if (text === undefined) continue;
    const value = text.startsWith('"') ? parseJson(text) : text;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function readProvider(attributes: Attributes, model: string | undefined): string | undefined {
  const provider = quoted(attributes, 'mlflow.llm.provider');
  if (provider !== undefined) return provider;
  const format = quoted(attributes, 'mlflow.message.format');
  return model !== undefined && providerOfModel(model) !== undefined
    ? undefined
    : format !== undefined && FORMATS.has(format)
      ? format
      : undefined;
}

/** MLflow's own summary has no reasoning tokens, and older ones leave cached tokens out: the provider's usage object is better. */
function readUsage(attributes: Attributes, answer: JsonObject): RawUsage | undefined {
  const raw = usageFromJson(answer['usage'] ?? answer['usageMetadata'] ?? answer['usage_metadata']);
  if (raw?.input !== undefined) return raw;
  const summary = readJsonObject(attributes, 'mlflow.chat.tokenUsage');
  const usage = usageFromJson(summary);
  // The shape is Anthropic's, the meaning is MLflow's: arithmetic decides whether the input holds the cached tokens.
  return usage === undefined
    ? undefined
    : {
        ...usage,
        inputIncludesCache: undefined,
        cacheWrite1h: toCount(summary?.['cache_creation_input_tokens_above_1hr']),
      };
}

function firstChunk(span: OtlpSpan): number | undefined {
  for (const event of span.events) {
    if (event.name !== 'mlflow.chunk.item.0') continue;
    const elapsed = event.timeUnixNano - span.startTimeUnixNano;
    return elapsed > 0n ? Number(elapsed) : undefined;
  }
  return undefined;
}

function finishReasons(answer: JsonObject): readonly string[] | undefined {
  const choices = answer['choices'] ?? answer['candidates'];
  const reasons = (Array.isArray(choices) ? (choices as readonly JsonValue[]) : [answer]).flatMap((choice) => {
    const reason = isJsonObject(choice)
      ? firstText(choice, 'finish_reason', 'finishReason', 'stop_reason', 'stopReason')
      : undefined;
    return reason === undefined ? [] : [reason];
  });
  return reasons.length === 0 ? undefined : reasons;
}

function firstPrompt(attributes: Attributes): JsonObject | undefined {
  const value = readJson(attributes, 'mlflow.linkedPrompts');
  const prompts = typeof value === 'string' ? parseJson(value) : value;
  const first = Array.isArray(prompts) ? (prompts as readonly JsonValue[])[0] : undefined;
  return isJsonObject(first) ? first : undefined;
}

function readContent(attributes: Attributes, input: JsonValue | undefined): readonly SpanFragment[] {
  const asked = attributes.get('mlflow.spanInputs');
  const answered = attributes.get('mlflow.spanOutputs');
  const tools =
    attributes.get('mlflow.chat.tools') ??
    (isJsonObject(input) && Array.isArray(input['tools']) ? JSON.stringify(input['tools']) : undefined);
  return presentFragments(
    asked === undefined ? undefined : contentFragment('input_messages', 'attribute', 0, asked),
    answered === undefined ? undefined : contentFragment('output_messages', 'attribute', 0, answered),
    tools === undefined ? undefined : contentFragment('tool_definitions', 'attribute', 0, tools)
  );
}

function readTool(span: OtlpSpan): readonly SpanFragment[] {
  return toolFragments(
    span.name,
    undefined,
    span.attributes.get('mlflow.spanInputs'),
    span.attributes.get('mlflow.spanOutputs')
  );
}

const CONSUMED: readonly string[] = [
  'model',
  'stream',
  'mlflow.spanType',
  'mlflow.llm.model',
  'mlflow.llm.provider',
  'mlflow.llm.cost',
  'mlflow.chat.tokenUsage',
  'mlflow.chat.tools',
  'mlflow.trace.user',
  'mlflow.trace.session',
  'mlflow.linkedPrompts',
  'messages',
  'input',
  'tools',
  'prompt',
  'system',
  'instructions',
];
