import type { RawUsage } from './dialect.ts';
import type { JsonObject, JsonValue } from './read-attribute.ts';
import { isJsonObject, toCount } from './read-attribute.ts';

/**
 * Token counts of a usage object as a provider's API or a framework writes it: OpenAI (chat, responses), Anthropic, Gemini,
 * Bedrock Converse, Cohere, AI SDK, LangChain. Whether input holds the cached tokens follows from the shape
 * (documentation of each API); where the shape leaves it open the flag stays `undefined` and arithmetic decides.
 * `undefined` when the value has no counts.
 */
export function usageFromJson(value: JsonValue | undefined): RawUsage | undefined {
  if (!isJsonObject(value)) return undefined;
  const usage = geminiUsage(value) ?? bedrockUsage(value) ?? cohereUsage(value) ?? commonUsage(value);
  return Object.values(usage).some((entry) => typeof entry === 'number') ? usage : undefined;
}

/** First of the paths (`a` or `a.b`) that holds a count. */
function count(object: JsonObject, ...paths: readonly string[]): number | undefined {
  for (const path of paths) {
    const dot = path.indexOf('.');
    const outer = dot < 0 ? undefined : object[path.slice(0, dot)];
    const value =
      dot < 0 ? toCount(object[path]) : isJsonObject(outer) ? toCount(outer[path.slice(dot + 1)]) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Candidates exclude thoughts; cached content is part of the prompt; tool-use prompts come on top of it. */
function geminiUsage(object: JsonObject): RawUsage | undefined {
  const prompt = count(object, 'promptTokenCount', 'prompt_token_count');
  const total = count(object, 'totalTokenCount', 'total_token_count');
  if (prompt === undefined && total === undefined) return undefined;
  const toolUse = count(object, 'toolUsePromptTokenCount', 'tool_use_prompt_token_count') ?? 0;
  return {
    input: prompt === undefined ? undefined : prompt + toolUse,
    output: count(
      object,
      'candidatesTokenCount',
      'candidates_token_count',
      'responseTokenCount',
      'response_token_count'
    ),
    total,
    cacheRead: count(object, 'cachedContentTokenCount', 'cached_content_token_count'),
    reasoning: count(object, 'thoughtsTokenCount', 'thoughts_token_count'),
    audioInput: modality(object, 'promptTokensDetails', 'prompt_tokens_details'),
    audioOutput: modality(object, 'candidatesTokensDetails', 'candidates_tokens_details'),
    inputIncludesCache: true,
    outputIncludesReasoning: false,
  };
}

function modality(object: JsonObject, ...fields: readonly string[]): number | undefined {
  for (const field of fields) {
    const details = object[field];
    if (!Array.isArray(details)) continue;
    for (const entry of details as readonly JsonValue[]) {
      if (isJsonObject(entry) && entry['modality'] === 'AUDIO') return count(entry, 'tokenCount', 'token_count');
    }
  }
  return undefined;
}

function bedrockUsage(object: JsonObject): RawUsage | undefined {
  const cacheRead = count(object, 'cacheReadInputTokens', 'cacheReadInputTokenCount');
  const cacheWrite = count(object, 'cacheWriteInputTokens', 'cacheWriteInputTokenCount');
  if (cacheRead === undefined && cacheWrite === undefined) return undefined;
  return {
    input: count(object, 'inputTokens'),
    output: count(object, 'outputTokens'),
    total: count(object, 'totalTokens'),
    cacheRead,
    cacheWrite,
    inputIncludesCache: false,
  };
}

function cohereUsage(object: JsonObject): RawUsage | undefined {
  const billed = object['billed_units'] ?? object['billedUnits'];
  if (!isJsonObject(billed)) return undefined;
  return {
    input: count(billed, 'input_tokens', 'inputTokens'),
    output: count(billed, 'output_tokens', 'outputTokens'),
  };
}

function commonUsage(object: JsonObject): RawUsage {
  const isAnthropic =
    object['prompt_tokens'] === undefined &&
    object['total_tokens'] === undefined &&
    object['input_tokens'] !== undefined &&
    (object['cache_read_input_tokens'] !== undefined || object['cache_creation_input_tokens'] !== undefined) &&
    object['input_tokens_details'] === undefined &&
    object['input_token_details'] === undefined;
  const isNested = ['prompt_tokens_details', 'input_tokens_details', 'input_token_details', 'inputTokenDetails'].some(
    (field) => isJsonObject(object[field])
  );
  return {
    input: count(object, 'prompt_tokens', 'input_tokens', 'inputTokens', 'promptTokens', 'tokens'),
    output: count(object, 'completion_tokens', 'output_tokens', 'outputTokens', 'completionTokens'),
    total: count(object, 'total_tokens', 'totalTokens'),
    cacheRead: count(
      object,
      'prompt_tokens_details.cached_tokens',
      'input_tokens_details.cached_tokens',
      'input_token_details.cache_read',
      'inputTokenDetails.cacheReadTokens',
      'cache_read_input_tokens',
      'cachedInputTokens',
      'cache_read_tokens',
      'prompt_cache_hit_tokens',
      'cached_tokens'
    ),
    cacheWrite: count(
      object,
      'cache_creation_input_tokens',
      'prompt_tokens_details.cache_creation_tokens',
      'prompt_tokens_details.cache_write_tokens',
      'input_token_details.cache_creation',
      'inputTokenDetails.cacheWriteTokens',
      'cache_write_tokens',
      'cache_write_input_tokens'
    ),
    cacheWrite1h: count(
      object,
      'cache_creation.ephemeral_1h_input_tokens',
      'input_token_details.ephemeral_1h_input_tokens'
    ),
    reasoning: count(
      object,
      'completion_tokens_details.reasoning_tokens',
      'output_tokens_details.reasoning_tokens',
      'output_token_details.reasoning',
      'outputTokenDetails.reasoningTokens',
      'reasoningTokens',
      'reasoning_tokens'
    ),
    audioInput: count(
      object,
      'prompt_tokens_details.audio_tokens',
      'input_tokens_details.audio_tokens',
      'input_token_details.audio',
      'input_audio_tokens'
    ),
    audioOutput: count(
      object,
      'completion_tokens_details.audio_tokens',
      'output_tokens_details.audio_tokens',
      'output_token_details.audio',
      'output_audio_tokens'
    ),
    inputIncludesCache: isAnthropic ? false : isNested ? true : undefined,
  };
}
