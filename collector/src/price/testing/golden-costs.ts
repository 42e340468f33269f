import type { TokenUsage } from '../../span.ts';
import { TERM_COSTS } from './term-costs.ts';

/**
 * Costs worked out by hand from the published prices (the page stands above them), in this form:
 * provider model [at time] [tier tier] [region region]: tokens = the sum in millionths of a dollar → cost in dollars [saved by the cache] by price id.
 * Where the page and the price data differ, the page's line says so.
 */
const GOLDEN = `
# https://platform.openai.com/docs/pricing
openai gpt-4o-mini-2024-07-18: in 37, out 11 = 37×0.15 + 11×0.6
  → 0.00001215 by openai/gpt-4o-mini@initial
openai gpt-4o-2024-08-06: in 2061, read 1536, out 433, reasoning 320 = 525×2.5 + 1536×1.25 + 433×10
  → 0.0075625 saved 0.00192 by openai/gpt-4o@initial
openai gpt-5-mini-2025-08-07: in 2061, read 1536, out 433, reasoning 320 = 525×0.25 + 1536×0.025 + 433×2
  → 0.00103565 saved 0.0003456 by openai/gpt-5-mini@initial
openai gpt-4-0613: in 1000, out 1000 = 1000×30 + 1000×60
  → 0.09 by openai/gpt-4@initial
openai gpt-4o-2024-05-13: in 1000, out 1000 = 1000×5 + 1000×15
  → 0.02 by openai/gpt-4o-2024-05-13@initial
openai text-embedding-3-small: in 9 = 9×0.02
  → 0.00000018 by openai/text-embedding-3-small@initial
openai o3-2025-04-16 at 2025-06-09T23:59:59.999Z: in 1000000, out 1000000 = 10⁶×10 + 10⁶×40, until the cut of 2025-06-10
  → 50 by openai/o3@initial
openai o3-2025-04-16 at 2025-06-10T00:00:00Z: in 1000000, out 1000000 = 10⁶×2 + 10⁶×8, from the cut of 2025-06-10
  → 10 by openai/o3@2025-06-10
openai o3 tier flex: in 1000000, out 1000000 = (10⁶×2 + 10⁶×8) / 2, flex
  → 5 by openai/o3@2025-06-10#flex
openai gpt-4o tier batch: in 2061, read 1536, out 433 = (525×2.5 + 1536×1.25 + 433×10) / 2, batch
  → 0.00378125 saved 0.00096 by openai/gpt-4o@initial#batch

# https://openai.com/api-priority-processing/
openai gpt-4o-mini tier priority: in 1000, out 1000 = 1000×0.25 + 1000×1.00, priority
  → 0.00125 by openai/gpt-4o-mini@initial#priority
openai o4-mini tier priority: in 1000, out 1000 = 1000×2.00 + 1000×8.00, priority
  → 0.01 by openai/o4-mini@initial#priority
openai gpt-4.1 tier priority: in 1000, read 500, out 100 = 500×3.5 + 500×0.875 + 100×14, priority
  → 0.0035875 saved 0.0013125 by openai/gpt-4.1@initial#priority

# https://openai.com/api-fast-mode/
openai gpt-5.6-sol at 2026-08-01T00:00:00Z tier fast: in 1000, out 1000 = 1000×10 + 1000×60, fast mode before the cut of 2026-08-21
  → 0.07 by openai/gpt-5.6-sol@initial#priority

# https://platform.openai.com/docs/pricing
openai gpt-5.4: in 271999, out 1000 = 271,999×2.5 + 1000×15: not yet long
  → 0.6949975 by openai/gpt-5.4@initial
openai gpt-5.4: in 272000, out 1000 = 272,000×5 + 1000×22.5: long, all tokens
  → 1.3825 by openai/gpt-5.4@initial#over-271999

# https://platform.openai.com/docs/pricing (audio tokens; the price data has none for this model)
openai gpt-4o-audio-preview: in 151, audioIn 64, out 77, audioOut 48 = 87×2.5 + 64×40 + 29×10 + 48×80
  → 0.0069075 by openai/gpt-4o-audio-preview@initial

# https://platform.openai.com/docs/pricing
openai gpt-realtime: in 1000, read 600, audioIn 700 = 400×32 audio + 300×0.4 audio cached + 300×0.4 text cached
  → 0.01304 saved 0.01056 by openai/gpt-realtime@initial

# https://platform.claude.com/docs/en/about-claude/pricing
anthropic claude-sonnet-4-5-20250929: in 2334, read 1801, write 512, out 41 = 21×3 + 1801×0.3 + 512×3.75 + 41×15
  → 0.0031383 saved 0.0044787 by anthropic/claude-sonnet-4-5@initial
anthropic claude-haiku-4-5-20251001: in 2317, write 2291, out 39 = 26×1 + 2291×1.25 + 39×5: writing costs more than it saves
  → 0.00308475 saved -0.00057275 by anthropic/claude-haiku-4-5@initial
anthropic claude-sonnet-4-5: in 10000, write 9000, write1h 6000, out 500 = 1000×3 + 3000×3.75 + 6000×6 + 500×15
  → 0.05775 saved -0.02025 by anthropic/claude-sonnet-4-5@initial
anthropic claude-sonnet-4-5: in 200000, out 1000 = 200,000×3 + 1000×15: not yet long
  → 0.615 by anthropic/claude-sonnet-4-5@initial
anthropic claude-sonnet-4-5: in 250000, read 200000, out 1000 = 50,000×6 + 200,000×0.6 + 1000×22.5: cached tokens count for the length
  → 0.4425 saved 1.08 by anthropic/claude-sonnet-4-5@initial#over-200000
anthropic claude-opus-4-6 at 2026-03-12T12:00:00Z: in 300000, out 1000 = 300,000×10 + 1000×37.5, until long context lost its premium
  → 3.0375 by anthropic/claude-opus-4-6@initial#over-200000
anthropic claude-opus-4-6 at 2026-03-13T00:00:00Z: in 300000, out 1000 = 300,000×5 + 1000×25, since 2026-03-13
  → 1.525 by anthropic/claude-opus-4-6@2026-03-13
anthropic claude-sonnet-4-5 tier batch: in 1000, out 500 = (1000×3 + 500×15) / 2, batch
  → 0.00525 by anthropic/claude-sonnet-4-5@initial#batch
anthropic claude-3-opus-20240229: in 1000000, out 1000000 = 10⁶×15 + 10⁶×75
  → 90 by anthropic/claude-3-opus-latest@initial

# https://aws.amazon.com/bedrock/pricing/ (regional profile: 10 % more)
aws.bedrock us.anthropic.claude-sonnet-4-5-20250929-v1:0: in 1000, out 100 = 1000×3.3 + 100×16.5
  → 0.00495 by aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0@initial

# https://platform.claude.com/docs/en/about-claude/pricing (writes of one hour: twice the input price)
aws.bedrock us.anthropic.claude-sonnet-4-5-20250929-v1:0: in 1000, write 1000, write1h 1000 = 1000×(2×3.3)
  → 0.0066 saved -0.0033 by aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0@initial

# https://aws.amazon.com/bedrock/pricing/
aws.bedrock amazon.nova-micro-v1:0: in 1000, read 800, out 100 = 200×0.035 + 800×0.00875 + 100×0.14
  → 0.000028 saved 0.000021 by aws/amazon.nova-micro-v1:0@initial

# https://ai.google.dev/gemini-api/docs/pricing
gcp.gemini gemini-2.5-flash: in 2061, read 1536, out 433, reasoning 320 = 525×0.3 + 1536×0.03 + 433×2.5
  → 0.00128608 saved 0.00041472 by google/gemini-2.5-flash@initial
gcp.gemini gemini-2.5-flash: in 1000, audioIn 400, out 200 = 600×0.3 + 400×1.0 audio + 200×2.5
  → 0.00108 by google/gemini-2.5-flash@initial
gcp.vertex_ai gemini-2.5-pro: in 200001, out 1000 = 200,001×2.5 + 1000×15
  → 0.5150025 by google/gemini-2.5-pro@initial#over-200000
gcp.gemini gemini-2.5-pro tier BATCH: in 1000, read 400, out 100 = 600×0.625 + 400×0.125 + 100×5: batch halves all but cached tokens
  → 0.000925 saved 0.0002 by google/gemini-2.5-pro@initial#batch

# https://api-docs.deepseek.com/quick_start/pricing
deepseek deepseek-chat at 2025-05-05T12:00:00Z: in 1000000, read 600000, out 100000 = 400,000×0.27 + 600,000×0.07 + 100,000×1.1, day
  → 0.26 saved 0.12 by deepseek/deepseek-chat@initial~00:30-16:30
deepseek deepseek-chat at 2025-05-05T20:00:00Z: in 1000000, read 600000, out 100000 = 400,000×0.135 + 600,000×0.035 + 100,000×0.55, night
  → 0.13 saved 0.06 by deepseek/deepseek-chat@initial

# https://docs.perplexity.ai/guides/pricing
perplexity sonar-pro: in 1000, out 500 = 1000×3 + 500×15 + 14,000 for the request
  → 0.0245 by perplexity/sonar-pro@initial
perplexity sonar-deep-research: in 1000, out 1000, reasoning 600 = 1000×2 + 400×8 + 600×3 reasoning
  → 0.007 by perplexity/sonar-deep-research@initial

# https://mistral.ai/pricing
mistral_ai mistral-large-2411: in 1000, out 1000 = 1000×2 + 1000×6
  → 0.008 by mistral/mistral-large@initial
mistral_ai mistral-large-latest at 2025-12-01T23:59:59Z: in 1000, out 1000 = 1000×2 + 1000×6, Large 2
  → 0.008 by mistral/mistral-large-latest@initial
mistral_ai mistral-large-latest at 2025-12-02T00:00:00Z: in 1000, out 1000 = 1000×0.5 + 1000×1.5, Large 3
  → 0.002 by mistral/mistral-large-latest@2025-12-02
mistral_ai devstral-medium-2507: in 1000, out 1000 = 1000×0.4 + 1000×2
  → 0.0024 by mistral/devstral-medium-2507@initial

# https://docs.x.ai/docs/models
x_ai grok-4: in 1000, read 200, out 100 = 800×3 + 200×0.75 + 100×15
  → 0.00405 saved 0.00045 by x-ai/grok-4-0709@initial
x_ai grok-4: in 127999, out 1000 = 127,999×3 + 1000×15: not yet long
  → 0.398997 by x-ai/grok-4-0709@initial
x_ai grok-4: in 128000, read 100000, out 1000 = 28,000×6 + 100,000×0.75 + 1000×30: long, all but what was cached
  → 0.273 saved 0.525 by x-ai/grok-4-0709@initial#over-127999
x_ai grok-4-fast: in 200000, out 1000 = 200,000×0.4 + 1000×1
  → 0.081 by x-ai/grok-4-fast-reasoning@initial#over-127999
x_ai grok-4-1-fast-non-reasoning: in 1000, out 1000 = 1000×0.2 + 1000×0.5
  → 0.0007 by x-ai/grok-4-1-fast-non-reasoning@initial

# https://cohere.com/pricing
cohere command-r7b-12-2024: in 1000, out 1000 = 1000×0.0375 + 1000×0.15
  → 0.0001875 by cohere/command-r7b@initial
cohere embed-multilingual-v3.0: in 1000 = 1000×0.1
  → 0.0001 by cohere/embed-english-v3.0@initial
`;

export interface GoldenCost {
  readonly page: string;
  readonly working: string;
  readonly provider: string;
  readonly model: string;
  readonly time: string;
  readonly tier: string;
  readonly region: string;
  readonly usage: Partial<TokenUsage>;
  /** What no token column holds. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly total: string;
  readonly savings: string;
  readonly priceId: string;
}

const LINE =
  /^(\S+) (\S+?)(?: at (\S+?))?(?: tier (\S+?))?(?: region (\S+?))?: (.+?) = (.+)\n {2}→ (\S+)(?: saved (\S+))? by (\S+)$/gm;

const COUNTS: Readonly<Record<string, Exclude<keyof TokenUsage, 'state'>>> = {
  in: 'inputTokens',
  out: 'outputTokens',
  read: 'cacheReadTokens',
  write: 'cacheWriteTokens',
  write1h: 'cacheWrite1hTokens',
  reasoning: 'reasoningTokens',
  audioIn: 'audioInputTokens',
  audioOut: 'audioOutputTokens',
};

const ATTRIBUTES: Readonly<Record<string, string>> = {
  imageIn: 'gen_ai.usage.image.input_tokens',
  imageOut: 'gen_ai.usage.image.output_tokens',
  search: 'gen_ai.usage.web_search_requests',
  files: 'gen_ai.usage.file_search_requests',
  seconds: 'gen_ai.usage.audio_seconds',
  units: 'gen_ai.usage.search_units',
};

/** The golden costs; a call without a time is of 2026-06-01 at noon. */
export function goldenCosts(): readonly GoldenCost[] {
  return `${GOLDEN}${TERM_COSTS}`.split('\n# ').flatMap((section) => {
    const page = section.slice(0, section.indexOf('\n'));
    return [...section.matchAll(LINE)].map(
      ([, provider, model, time, tier, region, counts, working, total, savings, priceId]) => ({
        page,
        working: working ?? '',
        provider: provider ?? '',
        model: model ?? '',
        time: time ?? '2026-06-01T12:00:00Z',
        tier: tier ?? '',
        region: region ?? '',
        ...readCounts(counts ?? ''),
        total: total ?? '',
        savings: savings ?? '0',
        priceId: priceId ?? '',
      })
    );
  });
}

function readCounts(text: string): Pick<GoldenCost, 'usage' | 'attributes'> {
  const usage: { [name in Exclude<keyof TokenUsage, 'state'>]?: number } = {};
  const attributes = new Map<string, string>();
  for (const part of text.split(', ')) {
    const [name = '', count = ''] = part.split(' ');
    const column = COUNTS[name];
    const attribute = ATTRIBUTES[name];
    if (column !== undefined) usage[column] = Number(count);
    else if (attribute !== undefined) attributes.set(attribute, count);
    else throw new Error(`no such count: ${part}`);
  }
  return { usage, attributes };
}
