import type { Dialect } from '../dialect.ts';

/**
 * The conventions up to 1.36: `gen_ai.system`, `prompt_tokens` / `completion_tokens` (≤1.27), content in `gen_ai.content.*` span events
 * or in one log event per message. The general reading knows these names; the dialect is named so that a person sees who should upgrade.
 */
export const otelGenAiOld: Dialect = {
  name: 'otel-genai-old',
  matches: ({ attributes }) =>
    !attributes.has('gen_ai.provider.name') &&
    (attributes.has('gen_ai.system') ||
      attributes.has('gen_ai.usage.prompt_tokens') ||
      attributes.has('gen_ai.usage.completion_tokens')),
  read: () => NOTHING,
};

const NOTHING = {};
