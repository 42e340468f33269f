/** Stands for an entry where an id is not what the data's rules take it for: it stays unpriced. */
const NO_ENTRY = '';

/**
 * Ids seen in the wild that the price data covers only with rules too loose for a bill, by provider of the data: id → entry id or exact id.
 * Each is the same model under another name, by the provider's own documentation.
 */
export const MODEL_ALIASES: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map([
  [
    'anthropic',
    [
      // https://docs.anthropic.com/en/docs/about-claude/model-deprecations
      ['claude-2.0', 'claude-2'],
      ['claude-2.1', 'claude-2'],
    ],
  ],
  [
    'google',
    [
      // https://ai.google.dev/gemini-api/docs/models (1.5 Flash-8B has its own, lower price)
      ['gemini-1.5-flash-8b', 'gemini-flash-1.5-8b'],
      ['gemini-1.5-flash-8b-001', 'gemini-flash-1.5-8b'],
      ['gemini-1.5-flash-8b-latest', 'gemini-flash-1.5-8b'],
      // https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude
      ['claude-3-5-sonnet-v2', 'claude-3-5-sonnet'],
      // Move to each new generation; the data's `gemini-pro` is Gemini 1.0.
      ['gemini-pro-latest', NO_ENTRY],
      // https://ai.google.dev/gemma/docs/core/gemma_on_gemini_api
      ...['1b', '4b', '12b', '27b'].map((size) => [`gemma-3-${size}-it`, 'gemma-3'] as const),
      ...['e2b', 'e4b'].map((size) => [`gemma-3n-${size}-it`, 'gemma-3n'] as const),
    ],
  ],
  [
    'x-ai',
    [
      // https://docs.x.ai/developers/pricing
      ['grok-4.20-0309-reasoning', 'grok-4.20'],
      ['grok-4.20-0309-non-reasoning', 'grok-4.20'],
    ],
  ],
  [
    'openai',
    [
      // The first snapshots cost 100 and 200 dollars per million audio tokens, not the 40 and 80 of those after them:
      // https://openai.com/index/o1-and-new-tools-for-developers/
      ['gpt-4o-realtime-preview-2024-10-01', NO_ENTRY],
      ['gpt-4o-audio-preview-2024-10-01', NO_ENTRY],
      // https://platform.openai.com/docs/guides/moderation
      ['omni-moderation-latest', 'moderation'],
      ['omni-moderation-2024-09-26', 'moderation'],
      ['text-moderation-latest', 'moderation'],
      ['text-moderation-stable', 'moderation'],
      ['text-moderation-007', 'moderation'],
    ],
  ],
]);
