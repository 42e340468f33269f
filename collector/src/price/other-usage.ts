import type { TokenUsage } from '../span.ts';
import type { OtherUnit } from './price-units.ts';
import type { RateCard } from './rate-card.ts';
import type { OtherUsage } from './split-usage.ts';

/** Where instrumentations write what no token column holds; the first name with a count wins. */
const COUNT_ATTRIBUTES: Readonly<
  Record<Exclude<OtherUnit, 'audioInput' | 'audioOutput'> | 'webSearch', readonly string[]>
> = {
  webSearch: [
    'anthropic.usage.server_tool_use.web_search_requests',
    'gen_ai.usage.details.web_search_requests',
    'gen_ai.usage.web_search_requests',
    'gen_ai.usage.details.num_search_queries',
  ],
  fileSearch: ['gen_ai.usage.file_search_requests', 'gen_ai.usage.details.file_search_requests'],
  rerankSearch: ['gen_ai.usage.search_units', 'gen_ai.usage.details.search_units'],
  page: ['gen_ai.usage.pages_processed', 'gen_ai.usage.details.pages_processed'],
  citation: ['gen_ai.usage.citation_tokens', 'gen_ai.usage.details.citation_tokens'],
  audioMillisecond: [
    'gen_ai.usage.audio_seconds',
    'gen_ai.usage.details.audio_seconds',
    'gen_ai.usage.details.seconds',
  ],
  audioCacheRead: ['gen_ai.usage.audio.cache_read.input_tokens', 'gen_ai.usage.details.cache_audio_read_tokens'],
  imageInput: ['gen_ai.usage.image.input_tokens', 'gen_ai.usage.details.input_image_tokens'],
  imageCacheRead: ['gen_ai.usage.image.cache_read.input_tokens', 'gen_ai.usage.details.cache_image_read_tokens'],
  imageOutput: ['gen_ai.usage.image.output_tokens', 'gen_ai.usage.details.output_image_tokens'],
  videoInput: ['gen_ai.usage.video.input_tokens', 'gen_ai.usage.details.input_video_tokens'],
  videoOutput: ['gen_ai.usage.video.output_tokens', 'gen_ai.usage.details.output_video_tokens'],
};

const OUTPUT_TYPE = 'gen_ai.output.type';

/** Every attribute that is read here. */
export const USAGE_ATTRIBUTES: readonly string[] = [...Object.values(COUNT_ATTRIBUTES).flat(), OUTPUT_TYPE];

const MS_PER_SECOND = 1000;
/** How a provider rounds the time of a transcription, by provider and entry id. */
const DURATION_RULES: readonly {
  readonly entry: RegExp;
  readonly leastMs: number;
  readonly stepMs: number;
  readonly source: string;
  readonly asOf: string;
}[] = [
  {
    entry: /^groq\/whisper-/,
    leastMs: 10_000,
    stepMs: 1,
    source: 'https://console.groq.com/docs/speech-to-text (minimum billed length: 10 seconds)',
    asOf: '2026-08-21',
  },
  {
    entry: /^openai\/whisper-1$/,
    leastMs: 0,
    stepMs: MS_PER_SECOND,
    source: 'https://platform.openai.com/docs/pricing (per minute, rounded to the nearest second)',
    asOf: '2026-09-23',
  },
];

/**
 * The counts that a card bills at prices of their own, from the attributes of a span; `undefined` when there are none.
 * All output of an image generation whose parts nothing tells is images. A reranking is one search unless more were counted.
 */
export function readOtherUsage(
  card: RateCard,
  attributes: ReadonlyMap<string, string>,
  operation: string,
  usage: TokenUsage
): OtherUsage | undefined {
  let found: { [unit in OtherUnit | 'webSearch']?: number } | undefined;
  for (const unit of card.counts) {
    const value = countOf(unit, attributes) ?? impliedCount(unit, card, attributes, operation, usage);
    if (value === undefined) continue;
    found ??= {};
    found[unit] = value;
  }
  return found;
}

/** Billed milliseconds of a sound of `ms`: at least the provider's minimum, in the provider's steps. */
export function billedMilliseconds(provider: string, model: string, ms: number): number {
  const rule = DURATION_RULES.find(({ entry }) => entry.test(`${provider}/${model}`));
  if (rule === undefined || !(ms > 0)) return ms;
  return Math.max(rule.leastMs, Math.round(ms / rule.stepMs) * rule.stepMs);
}

function countOf(unit: OtherUnit | 'webSearch', attributes: ReadonlyMap<string, string>): number | undefined {
  if (attributes.size === 0 || unit === 'audioInput' || unit === 'audioOutput') return undefined;
  for (const name of COUNT_ATTRIBUTES[unit]) {
    const text = attributes.get(name);
    if (text === undefined) continue;
    return unit === 'audioMillisecond' ? Math.round(Number(text) * MS_PER_SECOND) : Number(text);
  }
  return undefined;
}

function impliedCount(
  unit: OtherUnit | 'webSearch',
  card: RateCard,
  attributes: ReadonlyMap<string, string>,
  operation: string,
  usage: TokenUsage
): number | undefined {
  if (unit === 'imageOutput') {
    const isPicture = operation === 'image_generation' || attributes.get(OUTPUT_TYPE) === 'image';
    return isPicture ? Math.max(0, usage.outputTokens - usage.reasoningTokens - usage.audioOutputTokens) : undefined;
  }
  return unit === 'rerankSearch' && card.insteadOfTokens === 'rerankSearch' ? 1 : undefined;
}
