import type { Attributes } from '../otlp.ts';
import type { RawUsage } from './dialect.ts';
import { firstText } from './parts-from-json.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject, readJsonObject } from './read-attribute.ts';
import { usageFromJson } from './usage-from-json.ts';

const MAX_QUOTED_CHARS = 128;
const MAX_CHOICES = 64;

/** What the provider's answer in `output.value` tells beyond the numbered attributes. */
export interface OpenInferenceAnswer {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly serviceTier: string | undefined;
  readonly finishReasons: readonly string[] | undefined;
  readonly usage: RawUsage | undefined;
}

/** Reads the answer of OpenAI, Anthropic and Gemini, or LangChain's `LLMResult` around one; `undefined` when it is plain text. */
export function openInferenceAnswer(attributes: Attributes): OpenInferenceAnswer | undefined {
  const value = readJsonObject(attributes, 'output.value');
  if (value === undefined) return undefined;
  return langChainAnswer(value) ?? providerAnswer(value);
}

function providerAnswer(value: JsonObject): OpenInferenceAnswer {
  if (typeof value['raw'] === 'string' && value['id'] === undefined) return reprAnswer(value['raw']);
  const usage = value['usage'] ?? value['usage_metadata'] ?? value['usageMetadata'];
  const reason = firstText(value, 'stop_reason', 'stopReason');
  return {
    id: providerId(firstText(value, 'id', 'response_id', 'responseId')),
    model: firstText(value, 'model', 'model_version', 'modelVersion'),
    serviceTier:
      firstText(value, 'service_tier') ?? (isJsonObject(usage) ? firstText(usage, 'service_tier') : undefined),
    finishReasons: reason === undefined ? choiceReasons(value) : [reason],
    usage: usageFromJson(usage),
  };
}

/** smolagents writes the answer object of the OpenAI package as Python prints it: `ChatCompletion(id='…', …, model='…', …)`. */
function reprAnswer(text: string): OpenInferenceAnswer {
  const isOpenAi = text.startsWith('ChatCompletion(');
  const id = isOpenAi ? quotedAfter(text, "(id='", text.indexOf("(id='")) : undefined;
  // The message comes before these fields, so the last occurrence is not something the model said.
  const model = isOpenAi ? quotedAfter(text, ", model='", text.lastIndexOf(", model='")) : undefined;
  const serviceTier = isOpenAi
    ? quotedAfter(text, ", service_tier='", text.lastIndexOf(", service_tier='"))
    : undefined;
  return { id, model, serviceTier, finishReasons: undefined, usage: undefined };
}

function quotedAfter(text: string, mark: string, at: number): string | undefined {
  if (at < 0) return undefined;
  const start = at + mark.length;
  const end = text.indexOf("'", start);
  return end > start && end - start <= MAX_QUOTED_CHARS ? text.slice(start, end) : undefined;
}

/** One reason per choice. */
function choiceReasons(value: JsonObject): readonly string[] | undefined {
  const choices = value['choices'] ?? value['candidates'];
  if (!Array.isArray(choices)) return undefined;
  const reasons = (choices as readonly JsonValue[]).slice(0, MAX_CHOICES).flatMap((choice) => {
    const reason = isJsonObject(choice) ? firstText(choice, 'finish_reason', 'finishReason') : undefined;
    return reason === undefined ? [] : [reason];
  });
  return reasons.length === 0 ? undefined : reasons;
}

/** `generations[0][0].message.kwargs` holds the message with its metadata; `llm_output` what the provider said about the call. */
function langChainAnswer(value: JsonObject): OpenInferenceAnswer | undefined {
  const generations = value['generations'];
  if (!Array.isArray(generations)) return undefined;
  const inner = (generations as readonly JsonValue[])[0];
  const generation = Array.isArray(inner) ? (inner as readonly JsonValue[])[0] : inner;
  const message = object(isJsonObject(generation) ? generation['message'] : undefined);
  const fields = object(message?.['kwargs']) ?? message;
  const details = object(fields?.['response_metadata']);
  const output = object(value['llm_output']);
  const info = object(isJsonObject(generation) ? generation['generation_info'] : undefined);
  const reason = textIn(details, 'finish_reason', 'stop_reason') ?? textIn(info, 'finish_reason');
  return {
    id: providerId(textIn(output, 'id') ?? textIn(details, 'id') ?? textIn(fields, 'id')),
    model: textIn(details, 'model_name', 'model') ?? textIn(output, 'model_name', 'model'),
    serviceTier: textIn(details, 'service_tier') ?? textIn(info, 'service_tier'),
    finishReasons: reason === undefined ? undefined : [reason],
    usage:
      usageFromJson(fields?.['usage_metadata']) ??
      usageFromJson(output?.['token_usage']) ??
      usageFromJson(details?.['token_usage']),
  };
}

/** LangChain and LlamaIndex put ids of their own runs where the provider's id is missing. */
function providerId(id: string | undefined): string | undefined {
  return id === undefined || id.startsWith('run-') || id.startsWith('lc_run-') || id.startsWith('run--')
    ? undefined
    : id;
}

function object(value: JsonValue | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function textIn(value: JsonObject | undefined, ...fields: readonly string[]): string | undefined {
  return value === undefined ? undefined : firstText(value, ...fields);
}
