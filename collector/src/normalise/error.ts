import type { OtlpSpan, OtlpSpanEvent } from '../otlp.ts';
import type { GenAiSpan } from '../span.ts';
import { cutBeforeToken } from './cut-before-token.ts';
import type { DialectFields } from './dialect.ts';
import { readString } from './read-attribute.ts';

/** Longest error message kept, in UTF-16 units. */
const MAX_ERROR_MESSAGE_CHARS = 2048;
const MAX_ERROR_TYPE_CHARS = 128;
const STATUS_OK = 1;
const STATUS_ERROR = 2;

export type ErrorFields = Pick<GenAiSpan, 'status' | 'errorType' | 'errorMessage'>;

const UNSET: ErrorFields = { status: 'unset', errorType: '', errorMessage: '' };
const OK: ErrorFields = { status: 'ok', errorType: '', errorMessage: '' };

/**
 * Status, type and message of a failure. A span failed when its status says so, when the dialect says so, or when it has `error.type`
 * without the status ok (semantic conventions: the attribute is set exactly when the operation ended with an error).
 * Type: `error.type`, exception type, HTTP status. Message: status message, exception message, `error.message`.
 */
export function readError(span: OtlpSpan, marked: DialectFields['error']): ErrorFields {
  const failed =
    span.statusCode === STATUS_ERROR ||
    marked !== undefined ||
    (span.statusCode !== STATUS_OK && span.attributes.has('error.type'));
  if (!failed) return span.statusCode === STATUS_OK ? OK : UNSET;
  const exception = lastException(span.events);
  const { attributes } = span;
  const type =
    readString(attributes, 'error.type') ??
    (marked?.type === '' ? undefined : marked?.type) ??
    (exception === undefined ? undefined : readString(exception.attributes, 'exception.type')) ??
    readString(attributes, 'exception.type', 'http.response.status_code', 'http.status_code', 'error.code');
  const message =
    (span.statusMessage === '' ? undefined : span.statusMessage) ??
    (marked?.message === '' ? undefined : marked?.message) ??
    (exception === undefined ? undefined : readString(exception.attributes, 'exception.message')) ??
    readString(attributes, 'error.message', 'exception.message');
  return {
    status: 'error',
    errorType: cutBeforeToken(type ?? statusInMessage(message ?? ''), MAX_ERROR_TYPE_CHARS),
    errorMessage: cutBeforeToken(message ?? '', MAX_ERROR_MESSAGE_CHARS),
  };
}

/** OpenAI's and Anthropic's clients begin their messages with `Error code: 429`; for some senders that is the only trace of a type. */
function statusInMessage(message: string): string {
  return /^Error code: (\d{3})\b/.exec(message.slice(0, 32))?.[1] ?? '';
}

/** Retries may leave several exceptions; the last one ended the call. */
function lastException(events: readonly OtlpSpanEvent[]): OtlpSpanEvent | undefined {
  for (let index = events.length - 1; index >= 0; index--) {
    const event = events[index]!;
    if (event.name === 'exception' || event.name === 'gen_ai.client.operation.exception') return event;
  }
  return undefined;
}
