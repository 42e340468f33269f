/**
 * Levels of AnyValue inside AnyValue (an attribute's own value is level 1) and of nested unknown groups.
 * Deeper input is refused whole: 21 kB of nested groups overflowed the stack of other decoders.
 */
export const MAX_VALUE_DEPTH = 64;

/** A string longer than this many UTF-8 bytes is cut and the cut is marked: see `cut-text.ts`. */
export const MAX_STRING_BYTES = 1024 * 1024;

/**
 * Spans, events, attributes and array elements of one request together. Two bytes of protobuf can cost a hundred bytes
 * of heap (an empty event), so the size of the body alone bounds nothing. 64 MiB of real telemetry holds fewer.
 */
export const MAX_ITEMS_PER_REQUEST = 4_000_000;

/** JSON brackets around an AnyValue of level 64 in an event's attributes: 14 to reach it, 4 for each level. */
export const MAX_JSON_DEPTH = 14 + 4 * MAX_VALUE_DEPTH;
