/** Why a body as a whole cannot be decoded. Answered with 400 / INVALID_ARGUMENT: senders must not retry. */
export type DecodeErrorCode =
  'truncated' | 'bad_wire_type' | 'bad_tag' | 'too_deep' | 'too_many_items' | 'invalid_json' | 'bad_field';

/**
 * The only error a decoder throws. The message is English and never holds a part of the body;
 * `field` is the path of the offending field (`resourceSpans.scopeSpans`), empty when there is none.
 */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly code: DecodeErrorCode;
  readonly field: string;

  constructor(code: DecodeErrorCode, message: string, field = '') {
    super(message);
    this.code = code;
    this.field = field;
  }
}
