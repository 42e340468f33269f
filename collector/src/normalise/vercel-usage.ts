import type { Attributes } from '../otlp.ts';
import type { RawUsage } from './dialect.ts';
import type { JsonObject } from './read-attribute.ts';
import { isJsonObject, readCount, readJsonObject, readString, toCount } from './read-attribute.ts';
import { usageFromJson } from './usage-from-json.ts';

/**
 * Token counts under the AI SDK's own names, all ages. v6 tells the parts of the input and its totals include cached tokens.
 * v4 and v5 pass on what the provider's API says: Anthropic and Bedrock then leave cached tokens out, and the cache counts
 * of v4 are only in `ai.response.providerMetadata`. A usage object of the provider in that metadata settles the question
 * by comparison. `undefined` when the span has no such counts (v4 writes NaN for a stream without usage).
 */
export function readVercelUsage(attributes: Attributes): RawUsage | undefined {
  const input = readCount(attributes, 'ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens');
  const output = readCount(attributes, 'ai.usage.outputTokens', 'ai.usage.completionTokens');
  if (input === undefined && output === undefined) return undefined;
  const provider = readProvider(attributes);
  return {
    input,
    output,
    total: readCount(attributes, 'ai.usage.totalTokens'),
    cacheRead:
      readCount(attributes, 'ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens') ??
      provider.cacheRead,
    cacheWrite: readCount(attributes, 'ai.usage.inputTokenDetails.cacheWriteTokens') ?? provider.cacheWrite,
    cacheWrite1h: provider.cacheWrite1h,
    reasoning:
      readCount(attributes, 'ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens') ??
      provider.reasoning,
    inputIncludesCache: includesCache(attributes, input, provider),
  };
}

interface ProviderFacts extends RawUsage {
  /** Input as the provider's API counts it, when the metadata holds its usage object. */
  readonly apiInput?: number | undefined;
}

function readProvider(attributes: Attributes): ProviderFacts {
  const byProvider = readJsonObject(attributes, 'ai.response.providerMetadata');
  if (byProvider === undefined) return {};
  for (const entry of Object.values(byProvider)) {
    if (isJsonObject(entry)) return ofProvider(entry);
  }
  return {};
}

function ofProvider(metadata: JsonObject): ProviderFacts {
  const usage = usageFromJson(metadata['usage'] ?? metadata['usageMetadata']);
  return {
    apiInput: usage?.input,
    cacheRead: usage?.cacheRead ?? toCount(metadata['cachedPromptTokens']) ?? toCount(metadata['cacheReadInputTokens']),
    cacheWrite: usage?.cacheWrite ?? toCount(metadata['cacheCreationInputTokens']),
    cacheWrite1h: usage?.cacheWrite1h,
    reasoning: usage?.reasoning ?? toCount(metadata['reasoningTokens']),
  };
}

function includesCache(
  attributes: Attributes,
  input: number | undefined,
  provider: ProviderFacts
): boolean | undefined {
  const cached = (provider.cacheRead ?? 0) + (provider.cacheWrite ?? 0);
  if (
    attributes.has('ai.usage.inputTokenDetails.noCacheTokens') ||
    attributes.has('ai.usage.inputTokenDetails.cacheReadTokens')
  )
    return true;
  const name = readString(attributes, 'ai.model.provider', 'gen_ai.system') ?? '';
  const leavesOut = name.startsWith('anthropic') || name.includes('bedrock') || name.includes('.anthropic');
  if (!leavesOut) return undefined;
  return provider.apiInput !== undefined && cached > 0 && input === provider.apiInput + cached;
}
