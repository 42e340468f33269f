import type { TokenUsage } from '../span.ts';
import { MAX_MODEL_CHARS } from './model-id.ts';
import type { OtherUnit } from './price-units.ts';
import type { OtherUsage } from './split-usage.ts';

export interface FieldError {
  /** Path of the field, e.g. `usage.input_tokens`; empty for the body itself. */
  readonly field: string;
  readonly message: string;
}

export interface CalculateInput {
  readonly provider: string;
  readonly model: string;
  readonly timestampNs: bigint;
  readonly usage: TokenUsage;
  readonly other: OtherUsage;
  /** How long the call took, nanoseconds; undefined when the request does not say: only machines paid by the hour need it. */
  readonly durationNs: number | undefined;
  readonly serviceTier: string;
  /** As sent: `us`, `eu`, `europe-west1`, … (Bedrock's regions are in the model id). */
  readonly region: string;
}

/** Names of the token columns of `genai.spans`. */
const TOKEN_COLUMNS = {
  input_tokens: 'inputTokens',
  output_tokens: 'outputTokens',
  cache_read_tokens: 'cacheReadTokens',
  cache_write_tokens: 'cacheWriteTokens',
  cache_write_1h_tokens: 'cacheWrite1hTokens',
  reasoning_tokens: 'reasoningTokens',
  audio_input_tokens: 'audioInputTokens',
  audio_output_tokens: 'audioOutputTokens',
} as const;

/** No token columns: what providers bill beside them. */
const OTHER_COUNTS = {
  web_searches: 'webSearch',
  file_searches: 'fileSearch',
  rerank_searches: 'rerankSearch',
  image_input_tokens: 'imageInput',
  image_cache_read_tokens: 'imageCacheRead',
  image_output_tokens: 'imageOutput',
  audio_cache_read_tokens: 'audioCacheRead',
  video_input_tokens: 'videoInput',
  video_output_tokens: 'videoOutput',
  citation_tokens: 'citation',
  pages: 'page',
} as const satisfies Record<string, OtherUnit | 'webSearch'>;
/** The only count that may have a fraction. */
const AUDIO_SECONDS = 'audio_seconds';
const MAX_SECONDS = 1e9;
const NS_PER_SECOND = 1e9;

const KNOWN_COUNTS = [...Object.keys(TOKEN_COLUMNS), ...Object.keys(OTHER_COUNTS), AUDIO_SECONDS];

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads the body of a calculate request and reports every fault at once. `provider` and `model` are texts (provider may be empty);
 * `timestamp` is RFC 3339 (UTC when it names no zone), a date, or Unix milliseconds, by default now; `usage` holds counts by column name,
 * where input includes cached tokens and output includes reasoning; no usage at all is not a fault. `duration_seconds` is how long the call took.
 */
export function readCalculateBody(
  body: unknown,
  now: () => number
):
  | { readonly ok: true; readonly input: CalculateInput }
  | { readonly ok: false; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const fail = (field: string, message: string): void => void errors.push({ field, message });
  if (!isRecord(body)) return { ok: false, errors: [{ field: '', message: 'must be a JSON object' }] };
  const text = (field: string): string => {
    const value = body[field] ?? '';
    if (typeof value !== 'string') fail(field, 'must be a string');
    else if (value.length > MAX_MODEL_CHARS) fail(field, `must not be longer than ${MAX_MODEL_CHARS} characters`);
    else return value;
    return '';
  };
  const provider = text('provider');
  const model = text('model');
  if (model.trim() === '' && !errors.some(({ field }) => field === 'model')) fail('model', 'must not be empty');
  const timestampNs =
    body['timestamp'] === undefined ? BigInt(Math.trunc(now())) * 1_000_000n : readTime(body['timestamp']);
  if (timestampNs === undefined) fail('timestamp', 'must be an RFC 3339 time, a date or Unix milliseconds');
  const counts = readCounts(body['usage'], fail);
  const seconds =
    body['duration_seconds'] === undefined
      ? undefined
      : readSeconds(body['duration_seconds'], 'duration_seconds', fail);
  const input: CalculateInput = {
    provider,
    model,
    timestampNs: timestampNs ?? 0n,
    usage: counts.usage,
    other: counts.other,
    durationNs: seconds === undefined ? undefined : Math.round(seconds * NS_PER_SECOND),
    serviceTier: text('service_tier'),
    region: text('region'),
  };
  return errors.length === 0 ? { ok: true, input } : { ok: false, errors };
}

function readCounts(
  value: unknown,
  fail: (field: string, message: string) => void
): { readonly usage: TokenUsage; readonly other: OtherUsage } {
  const usage = {
    state: 'missing' as TokenUsage['state'],
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    cacheWrite1hTokens: 0,
    reasoningTokens: 0,
    audioInputTokens: 0,
    audioOutputTokens: 0,
  };
  const other: { [unit in OtherUnit | 'webSearch']?: number } = {};
  if (value === undefined || value === null) return { usage, other };
  if (!isRecord(value)) {
    fail('usage', 'must be an object of counts');
    return { usage, other };
  }
  for (const [name, raw] of Object.entries(value)) {
    const field = `usage.${name.slice(0, MAX_MODEL_CHARS)}`;
    if (name === AUDIO_SECONDS) {
      const seconds = readSeconds(raw, field, fail);
      if (seconds === undefined) continue;
      usage.state = 'reported';
      other.audioMillisecond = Math.round(seconds * 1000);
      continue;
    }
    const column = Object.hasOwn(TOKEN_COLUMNS, name) ? TOKEN_COLUMNS[name as keyof typeof TOKEN_COLUMNS] : undefined;
    const unit = Object.hasOwn(OTHER_COUNTS, name) ? OTHER_COUNTS[name as keyof typeof OTHER_COUNTS] : undefined;
    if (column === undefined && unit === undefined) {
      fail(field, `is not known; use ${KNOWN_COUNTS.join(', ')}`);
      continue;
    }
    const count = typeof raw === 'string' && /^\d{1,16}$/.test(raw) ? Number(raw) : raw;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
      fail(field, 'must be a whole number from 0 to 2^53 - 1');
      continue;
    }
    usage.state = 'reported';
    if (column !== undefined) usage[column] = count;
    else if (unit !== undefined) other[unit] = count;
  }
  checkParts(usage, other, fail);
  return { usage, other };
}

function readSeconds(
  value: unknown,
  field: string,
  fail: (field: string, message: string) => void
): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,10}(?:\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof seconds === 'number' && seconds >= 0 && seconds <= MAX_SECONDS) return seconds;
  fail(field, `must be a number of seconds from 0 to ${MAX_SECONDS}`);
  return undefined;
}

function checkParts(usage: TokenUsage, other: OtherUsage, fail: (field: string, message: string) => void): void {
  if (usage.cacheReadTokens + usage.cacheWriteTokens > usage.inputTokens) {
    fail('usage.input_tokens', 'must include cache_read_tokens and cache_write_tokens');
  }
  if (usage.audioInputTokens + (other.imageInput ?? 0) + (other.videoInput ?? 0) > usage.inputTokens) {
    fail('usage.input_tokens', 'must include audio_input_tokens, image_input_tokens and video_input_tokens');
  }
  if (usage.cacheWrite1hTokens > usage.cacheWriteTokens) {
    fail('usage.cache_write_1h_tokens', 'must be a part of cache_write_tokens');
  }
  const answered =
    usage.reasoningTokens + usage.audioOutputTokens + (other.imageOutput ?? 0) + (other.videoOutput ?? 0);
  if (answered > usage.outputTokens) {
    fail('usage.output_tokens', 'must include reasoning_tokens and the tokens of audio, images and video');
  }
}

function readTime(value: unknown): bigint | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && isTime(value) ? BigInt(value) * 1_000_000n : undefined;
  if (typeof value !== 'string') return undefined;
  const parts = TIME.exec(value.trim());
  if (parts === null) return undefined;
  const [, date = '', time = '00:00', fraction = '', zone = 'Z'] = parts;
  const ms = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${zone.toUpperCase()}`);
  const dayMs = Date.parse(`${date}T00:00:00Z`);
  // The runtime takes 30 February for 2 March.
  if (Number.isNaN(ms) || !isTime(dayMs) || new Date(dayMs).toISOString().slice(0, 10) !== date) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Within what a date can hold. */
function isTime(ms: number): boolean {
  return !Number.isNaN(new Date(ms).getTime());
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
