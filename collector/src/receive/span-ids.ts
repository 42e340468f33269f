/** Reasons for refusing a span; the same words for every encoding. */
export const BAD_TRACE_ID = 'trace_id must be 16 bytes (in JSON 32 hex digits) and not all zero';
export const BAD_SPAN_ID = 'span_id must be 8 bytes (in JSON 16 hex digits) and not all zero';
export const BAD_PARENT_SPAN_ID = 'parent_span_id must be empty or 8 bytes (in JSON 16 hex digits)';
