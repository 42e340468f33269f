import type { TokenUsage } from '../span.ts';
import { MAX_MODEL_CHARS } from './model-id.ts';

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
  readonly webSearches: number;
  readonly serviceTier: string;
  /** Accepted for the contract; no price of the data depends on it (Bedrock's regions are in the model id). */
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

/** Not a token column: searches that the provider ran for the call, where it bills them. */
const WEB_SEARCHES = 'web_searches';

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads the body of a calculate request and reports every fault at once. `provider` and `model` are texts (provider may be empty);
 * `timestamp` is RFC 3339 (UTC when it names no zone), a date, or Unix milliseconds, by default now; `usage` holds counts by column name,
 * where input includes cached tokens and output includes reasoning; no usage at all is not a fault.
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
  const input: CalculateInput = {
    provider,
    model,
    timestampNs: timestampNs ?? 0n,
    usage: counts.usage,
    webSearches: counts.webSearches,
    serviceTier: text('service_tier'),
    region: text('region'),
  };
  return errors.length === 0 ? { ok: true, input } : { ok: false, errors };
}

function readCounts(
  value: unknown,
  fail: (field: string, message: string) => void
): { readonly usage: TokenUsage; readonly webSearches: number } {
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
  if (value === undefined || value === null) return { usage, webSearches: 0 };
  if (!isRecord(value)) {
    fail('usage', 'must be an object of counts');
    return { usage, webSearches: 0 };
  }
  let webSearches = 0;
  for (const [name, raw] of Object.entries(value)) {
    const column = Object.hasOwn(TOKEN_COLUMNS, name) ? TOKEN_COLUMNS[name as keyof typeof TOKEN_COLUMNS] : undefined;
    if (column === undefined && name !== WEB_SEARCHES) {
      fail(
        `usage.${name.slice(0, MAX_MODEL_CHARS)}`,
        `is not known; use ${Object.keys(TOKEN_COLUMNS).join(', ')} or ${WEB_SEARCHES}`
      );
      continue;
    }
    const count = typeof raw === 'string' && /^\d{1,16}$/.test(raw) ? Number(raw) : raw;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) {
      fail(`usage.${name}`, 'must be a whole number from 0 to 2^53 - 1');
      continue;
    }
    usage.state = 'reported';
    if (column === undefined) webSearches = count;
    else usage[column] = count;
  }
  checkParts(usage, fail);
  return { usage, webSearches };
}

function checkParts(usage: TokenUsage, fail: (field: string, message: string) => void): void {
  if (usage.cacheReadTokens + usage.cacheWriteTokens > usage.inputTokens) {
    fail('usage.input_tokens', 'must include cache_read_tokens and cache_write_tokens');
  }
  if (usage.audioInputTokens > usage.inputTokens) fail('usage.audio_input_tokens', 'must be a part of input_tokens');
  if (usage.cacheWrite1hTokens > usage.cacheWriteTokens) {
    fail('usage.cache_write_1h_tokens', 'must be a part of cache_write_tokens');
  }
  if (usage.reasoningTokens + usage.audioOutputTokens > usage.outputTokens) {
    fail('usage.output_tokens', 'must include reasoning_tokens and audio_output_tokens');
  }
}

function readTime(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) * 1_000_000n : undefined;
  if (typeof value !== 'string') return undefined;
  const parts = TIME.exec(value.trim());
  if (parts === null) return undefined;
  const [, date = '', time = '00:00', fraction = '', zone = 'Z'] = parts;
  const ms = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${zone.toUpperCase()}`);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
