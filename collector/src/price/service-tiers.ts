import type { Fraction } from './decimal.ts';

/** How a service tier changes the prices of tokens; fees per request or search are not changed. */
export interface ServiceTier {
  /** `standard`, `batch`, `flex`, `priority`, `fast`. */
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
  /** The tier is not sold for requests so long that they have prices of their own: those are billed as standard. */
  readonly shortContextOnly?: true;
  /**
   * The page that publishes it, and the day that the figures stand for: that of a copy or an excerpt of the page, or of the price
   * data's release. Not every page has been opened by a person: whoever relies on an entry looks there first.
   */
  readonly source: string;
  readonly asOf: string;
}

const ONE = fraction(1n, 1n);
const HALF = fraction(1n, 2n);

export const STANDARD_TIER: ServiceTier = { name: 'standard', factor: ONE, stacksWithCache: true };

/**
 * As sent → tiers, the first with a published price counts. `default`, `auto`, `scale`, `reserved`, `on_demand` … are not here: they are billed
 * as standard (`auto` is a wish of the request and says nothing about what was charged; committed capacity has no price per token).
 */
const TIER_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['batch', ['batch']],
  ['flex', ['flex']],
  ['on_demand_flex', ['flex']],
  ['service_tier_flex', ['flex']],
  ['priority', ['priority']],
  ['on_demand_priority', ['priority']],
  ['service_tier_priority', ['priority']],
  // Anthropic's fast mode has prices of its own; OpenAI renamed priority processing to fast mode on 2026-07-30 and accepts both names.
  ['fast', ['fast', 'priority']],
]);

const OPENAI_PRICING = { source: 'https://platform.openai.com/docs/pricing', asOf: '2026-09-23' };
const OPENAI_PRIORITY = { source: 'https://openai.com/api-priority-processing/', asOf: '2026-10-24' };
const OPENAI_FAST = { source: 'https://openai.com/api-fast-mode/', asOf: '2026-09-23' };
const CLAUDE_PRICING = { source: 'https://platform.claude.com/docs/en/about-claude/pricing', asOf: '2026-10-24' };
const CLAUDE_FAST = { source: 'https://platform.claude.com/docs/en/build-with-claude/fast-mode', asOf: '2026-10-24' };
const GEMINI_PRICING = { source: 'https://ai.google.dev/gemini-api/docs/pricing', asOf: '2026-09-23' };
const BEDROCK_PRICING = { source: 'https://aws.amazon.com/bedrock/pricing/', asOf: '2026-09-23' };
const NOVA = /^(?:global\.|regional\.)?amazon\.nova-/;

/** Published factors on the standard price of tokens. Only what a provider states for the models named is here; anything else is standard. */
export const TIER_RULES: Readonly<Record<string, readonly TierRule[]>> = {
  batch: [
    { provider: 'openai', models: /^/, factor: HALF, ...OPENAI_PRICING },
    {
      provider: 'azure',
      models: /^/,
      factor: HALF,
      source: 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch',
      asOf: '2026-09-23',
    },
    // Multiplies with the prices of prompt caching.
    { provider: 'anthropic', models: /^claude-/, factor: HALF, ...CLAUDE_PRICING },
    // The discount for cached tokens takes precedence and is not halved again.
    { provider: 'google', models: /^gemini-/, factor: HALF, stacksWithCache: false, ...GEMINI_PRICING },
    { provider: 'google', models: /^claude-/, factor: HALF, ...CLAUDE_PRICING },
    { provider: 'aws', models: /^/, factor: HALF, ...BEDROCK_PRICING },
    {
      provider: 'mistral',
      models: /^/,
      factor: HALF,
      source: 'https://docs.mistral.ai/capabilities/batch/',
      asOf: '2026-09-23',
    },
    { provider: 'groq', models: /^/, factor: HALF, source: 'https://console.groq.com/docs/batch', asOf: '2026-09-23' },
    {
      provider: 'voyageai',
      models: /^/,
      factor: fraction(67n, 100n),
      source: 'https://docs.voyageai.com/docs/pricing',
      asOf: '2026-09-23',
    },
    {
      provider: 'moonshotai',
      models: /^kimi-k2\.5$/,
      factor: fraction(3n, 5n),
      source: 'https://platform.kimi.ai/docs/pricing/batch',
      asOf: '2026-10-24',
    },
  ],
  flex: [
    { provider: 'openai', models: /^(?:gpt-[56](?!.*chat)|o3$|o4-mini$)/, factor: HALF, ...OPENAI_PRICING },
    { provider: 'google', models: /^gemini-/, factor: HALF, stacksWithCache: false, ...GEMINI_PRICING },
    { provider: 'aws', models: NOVA, factor: HALF, ...BEDROCK_PRICING },
  ],
  // Prices of the page divided by the standard ones.
  priority: [
    { provider: 'openai', models: /^gpt-5\.5$/, factor: fraction(5n, 2n), shortContextOnly: true, ...OPENAI_PRIORITY },
    {
      provider: 'openai',
      models: /^gpt-(?:5|5\.1|5\.2|5\.4|5\.4-mini)$/,
      factor: fraction(2n, 1n),
      shortContextOnly: true,
      ...OPENAI_PRIORITY,
    },
    {
      provider: 'openai',
      models: /^gpt-(?:5\.6-sol|5\.6-terra|5\.6-luna|6-astra|6-sol|6-luna)$/,
      factor: fraction(2n, 1n),
      ...OPENAI_FAST,
    },
    { provider: 'openai', models: /^gpt-4\.1-nano$/, factor: fraction(2n, 1n), ...OPENAI_PRIORITY },
    { provider: 'openai', models: /^gpt-5-mini$/, factor: fraction(9n, 5n), ...OPENAI_PRIORITY },
    {
      provider: 'openai',
      models: /^(?:gpt-4\.1|gpt-4\.1-mini|gpt-4o-2024-05-13|o3)$/,
      factor: fraction(7n, 4n),
      ...OPENAI_PRIORITY,
    },
    { provider: 'openai', models: /^gpt-4o$/, factor: fraction(17n, 10n), ...OPENAI_PRIORITY },
    { provider: 'openai', models: /^gpt-4o-mini$/, factor: fraction(5n, 3n), ...OPENAI_PRIORITY },
    { provider: 'openai', models: /^o4-mini$/, factor: fraction(20n, 11n), ...OPENAI_PRIORITY },
    {
      provider: 'google',
      models: /^gemini-(?:2\.5-(?:pro|flash|flash-lite)|3\.[78]-flash)$/,
      factor: fraction(9n, 5n),
      ...GEMINI_PRICING,
    },
    { provider: 'aws', models: NOVA, factor: fraction(7n, 4n), ...BEDROCK_PRICING },
  ],
  // Over the whole context window; multiplies with caching and data residency. Anthropic's tier `priority` draws on committed capacity and has no price per token.
  fast: [
    { provider: 'anthropic', models: /^claude-opus-4-[67]$/, factor: fraction(6n, 1n), ...CLAUDE_FAST },
    { provider: 'anthropic', models: /^claude-opus-(?:4-8|5|5-5)$/, factor: fraction(2n, 1n), ...CLAUDE_FAST },
  ],
};

/**
 * The tier that a call was billed at, by the price data's provider and entry id and the tier as sent (any case). A tier that is unknown, or has
 * no published price for this model (or for requests so long that they have prices of their own), is standard.
 */
export function serviceTier(provider: string, model: string, sent: string, longContext = false): ServiceTier {
  for (const name of TIER_NAMES.get(sent.trim().toLowerCase()) ?? []) {
    const rule = TIER_RULES[name]?.find((candidate) => candidate.provider === provider && candidate.models.test(model));
    if (rule === undefined) continue;
    if (rule.shortContextOnly === true && longContext) return STANDARD_TIER;
    return { name, factor: rule.factor, stacksWithCache: rule.stacksWithCache ?? true };
  }
  return STANDARD_TIER;
}

function fraction(numerator: bigint, denominator: bigint): Fraction {
  return { numerator, denominator };
}
