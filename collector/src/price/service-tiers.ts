import type { Fraction } from './decimal.ts';

/** How a service tier changes the prices of tokens; fees per request or search are not changed. */
export interface ServiceTier {
  /** `standard`, `batch`, `flex`, `priority`. */
  readonly name: string;
  readonly factor: Fraction;
  /** False where the discounts of tier and cache are alternatives: a cached token then has the larger of the two. */
  readonly stacksWithCache: boolean;
}

interface TierRule {
  readonly provider: string;
  /** Entry ids the rule holds for. */
  readonly models: RegExp;
  readonly factor: Fraction;
  readonly stacksWithCache?: false;
}

const ONE = fraction(1n, 1n);
const HALF = fraction(1n, 2n);

export const STANDARD_TIER: ServiceTier = { name: 'standard', factor: ONE, stacksWithCache: true };

/**
 * As sent → tier. `default`, `auto`, `scale`, `on_demand` … are not here: they are billed as standard
 * (`auto` is a wish of the request and says nothing about what was charged).
 */
const TIER_NAMES: ReadonlyMap<string, string> = new Map([
  ['batch', 'batch'],
  ['flex', 'flex'],
  ['on_demand_flex', 'flex'],
  ['service_tier_flex', 'flex'],
  ['priority', 'priority'],
  ['on_demand_priority', 'priority'],
  ['service_tier_priority', 'priority'],
  // OpenAI renamed priority processing to fast mode on 2026-07-30 and accepts both names.
  ['fast', 'priority'],
]);

/**
 * Published factors on the standard price of tokens. Only what a provider states for the models named is here; anything else is standard.
 * - OpenAI batch and flex: half of input, cached input and output, https://platform.openai.com/docs/pricing (Batch, Flex).
 * - OpenAI priority (fast mode): https://openai.com/api-priority-processing/ , https://openai.com/api-fast-mode/ ; the prices there divided by standard.
 * - Anthropic batch: half of all token prices, stacks with prompt caching, https://platform.claude.com/docs/en/about-claude/pricing .
 *   (Its tier `priority` draws on committed capacity and has no published price per token.)
 * - Google batch and flex: half; the discount for cached tokens takes precedence and is not halved again, https://ai.google.dev/gemini-api/docs/pricing ,
 *   https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini . Priority: 1.8 times for the 2.5 models.
 * - Azure OpenAI global batch: half, https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch .
 * - Bedrock batch: half, https://aws.amazon.com/bedrock/pricing/ ; flex half and priority 1.75 times for Amazon Nova, AWS price list `AmazonBedrock`.
 * - Mistral and Groq batch: half, https://docs.mistral.ai/capabilities/batch/ , https://console.groq.com/docs/batch .
 */
const TIER_RULES: Readonly<Record<string, readonly TierRule[]>> = {
  batch: [
    { provider: 'openai', models: /^/, factor: HALF },
    { provider: 'azure', models: /^/, factor: HALF },
    { provider: 'anthropic', models: /^claude-/, factor: HALF },
    { provider: 'google', models: /^gemini-/, factor: HALF, stacksWithCache: false },
    { provider: 'google', models: /^claude-/, factor: HALF },
    { provider: 'aws', models: /^/, factor: HALF },
    { provider: 'mistral', models: /^/, factor: HALF },
    { provider: 'groq', models: /^/, factor: HALF },
  ],
  flex: [
    { provider: 'openai', models: /^(?:gpt-[56](?!.*chat)|o3$|o4-mini$)/, factor: HALF },
    { provider: 'google', models: /^gemini-/, factor: HALF, stacksWithCache: false },
    { provider: 'aws', models: /^(?:global\.|regional\.)?amazon\.nova-/, factor: HALF },
  ],
  priority: [
    { provider: 'openai', models: /^gpt-5\.5$/, factor: fraction(5n, 2n) },
    {
      provider: 'openai',
      models: /^gpt-(?:5|5\.1|5\.2|5\.4|5\.4-mini|5\.6-sol|5\.6-terra|5\.6-luna|6-astra|6-sol|6-luna)$/,
      factor: fraction(2n, 1n),
    },
    { provider: 'openai', models: /^gpt-4\.1-nano$/, factor: fraction(2n, 1n) },
    { provider: 'openai', models: /^gpt-5-mini$/, factor: fraction(9n, 5n) },
    { provider: 'openai', models: /^(?:gpt-4\.1|gpt-4\.1-mini|gpt-4o-2024-05-13|o3)$/, factor: fraction(7n, 4n) },
    { provider: 'openai', models: /^gpt-4o$/, factor: fraction(17n, 10n) },
    { provider: 'openai', models: /^gpt-4o-mini$/, factor: fraction(5n, 3n) },
    { provider: 'openai', models: /^o4-mini$/, factor: fraction(20n, 11n) },
    { provider: 'google', models: /^gemini-2\.5-(?:pro|flash|flash-lite)$/, factor: fraction(9n, 5n) },
    { provider: 'aws', models: /^(?:global\.|regional\.)?amazon\.nova-/, factor: fraction(7n, 4n) },
  ],
};

/**
 * The tier that a call was billed at, by the price data's provider and entry id and the tier as sent (any case).
 * A tier that is unknown, or has no published price for this model, is standard.
 */
export function serviceTier(provider: string, model: string, sent: string): ServiceTier {
  const name = TIER_NAMES.get(sent.trim().toLowerCase());
  if (name === undefined) return STANDARD_TIER;
  const rule = TIER_RULES[name]?.find((candidate) => candidate.provider === provider && candidate.models.test(model));
  if (rule === undefined) return STANDARD_TIER;
  return { name, factor: rule.factor, stacksWithCache: rule.stacksWithCache ?? true };
}

function fraction(numerator: bigint, denominator: bigint): Fraction {
  return { numerator, denominator };
}
