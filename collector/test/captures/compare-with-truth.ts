import type { ContentFragment, GenAiSpan } from '../../src/span.ts';
import type { Capture, CapturedCall } from './load-captures.ts';

const USAGE: readonly (readonly [keyof GenAiSpan['usage'], string])[] = [
  ['inputTokens', 'input_tokens'],
  ['outputTokens', 'output_tokens'],
  ['cacheReadTokens', 'cache_read_input_tokens'],
  ['cacheWriteTokens', 'cache_write_input_tokens'],
  ['reasoningTokens', 'reasoning_output_tokens'],
  ['audioInputTokens', 'audio_input_tokens'],
  ['audioOutputTokens', 'audio_output_tokens'],
];
const CONTENT_CHARS = 60;

/** One fact that differs from what the model server recorded. */
export interface Fault {
  readonly what: string;
  readonly got: unknown;
  readonly want: unknown;
}

/**
 * Compares the rows made of a capture with the truth: calls billed, token sums, provider, models, errors and texts, each only where the
 * payload carries the fact. `billed` are the rows that count after one call was settled to count once; `fragments` all content.
 */
export function compareWithTruth(
  capture: Capture,
  billed: readonly GenAiSpan[],
  fragments: readonly ContentFragment[]
): readonly Fault[] {
  const faults: Fault[] = [];
  const check = (what: string, ok: boolean, got: unknown, want: unknown): void => {
    if (!ok) faults.push({ what, got, want });
  };
  const { calls } = capture.expected.truth;
  const shown = calls.filter(
    (call) => (call.spans_naming_response_id ?? []).length > 0 || carries(call, 'request_model')
  );
  const isExact =
    shown.length === calls.length && !capture.expected.notes.some((note) => note.includes('inside ONE span'));
  check('calls', isExact ? billed.length === calls.length : billed.length <= calls.length, billed.length, calls.length);
  if (isExact) compareUsage(calls, billed, check);
  if (billed.length > 0) compareNames(calls, billed, isExact, check);
  if (isExact) {
    const failed = calls.filter((call) => call.error !== null).length;
    check(
      'errors',
      billed.filter((span) => span.status === 'error').length === failed,
      billed.map((span) => [span.status, span.errorType]),
      failed
    );
  }
  const text = squash(fragments.map((fragment) => fragment.body).join(' '));
  for (const call of calls) {
    compareText('output_text', call, call.output_messages, text, check);
    compareText('input_text', call, call.input_messages, text, check);
  }
  return faults;
}

type Check = (what: string, ok: boolean, got: unknown, want: unknown) => void;

function compareUsage(calls: readonly CapturedCall[], billed: readonly GenAiSpan[], check: Check): void {
  const used = calls.flatMap((call) => (call.usage === null ? [] : [{ call, usage: call.usage }]));
  if (used.length === 0) return;
  for (const [field, key] of USAGE) {
    const isPart = field !== 'inputTokens' && field !== 'outputTokens';
    if (isPart && !used.some(({ usage }) => (usage[key] ?? 0) > 0)) continue;
    const cachedKnown = used.every(({ call, usage }) =>
      ['cache_read_input_tokens', 'cache_write_input_tokens'].every((part) => usage[part] === 0 || carries(call, part))
    );
    const isKnown = used.every(
      ({ call, usage }) =>
        usage[key] === 0 ||
        carries(call, key) ||
        (key === 'input_tokens' && carries(call, 'uncached_input_tokens') && cachedKnown)
    );
    if (!isKnown) continue;
    const want = used.reduce((sum, { usage }) => sum + (usage[key] ?? 0), 0);
    const got = billed.reduce((sum, span) => sum + Number(span.usage[field]), 0);
    check(`usage.${field}`, got === want, got, want);
  }
}

function compareNames(
  calls: readonly CapturedCall[],
  billed: readonly GenAiSpan[],
  isExact: boolean,
  check: Check
): void {
  const providers = new Set(calls.map((call) => call.provider));
  check(
    'provider',
    billed.every((span) => providers.has(span.provider)),
    billed.map((span) => span.provider),
    [...providers]
  );
  if (!isExact) return;
  if (calls.every((call) => carries(call, 'request_model'))) {
    checkSame(
      'request_model',
      billed.map((span) => span.requestModel),
      calls.map((call) => call.request_model),
      check
    );
  }
  const answered = calls.filter((call) => call.error === null);
  if (answered.length > 0 && answered.every((call) => carries(call, 'response_model'))) {
    const got = billed.filter((span) => span.status !== 'error').map((span) => span.responseModel);
    checkSame(
      'response_model',
      got,
      answered.map((call) => call.response_model ?? ''),
      check
    );
  }
}

function checkSame(what: string, got: readonly string[], want: readonly string[], check: Check): void {
  check(what, JSON.stringify([...got].sort()) === JSON.stringify([...want].sort()), got, want);
}

function compareText(
  what: string,
  call: CapturedCall,
  messages: CapturedCall['input_messages'],
  text: string,
  check: Check
): void {
  const texts = (messages ?? []).flatMap((message) => (message.text ? [message.text] : []));
  if (!carries(call, what) || texts.length === 0) return;
  check(
    what,
    texts.some((each) => text.includes(squash(each).slice(0, CONTENT_CHARS))),
    text.slice(0, 200),
    texts
  );
}

function carries(call: CapturedCall, fact: string): boolean {
  return call.payload_carries?.[fact] === true;
}

/** Letters and digits only, so that escapes, spaces and punctuation of the senders do not matter. */
function squash(text: string): string {
  return text
    .replace(/\\+u([0-9a-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\+[ntr]/g, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
