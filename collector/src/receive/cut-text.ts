import { MAX_STRING_BYTES } from './decode-limits.ts';

/** The marker that ends a cut string. */
const marker = (bytes: number): string => `…[truncated ${bytes} bytes]`;

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Reads UTF-8 between two offsets. Invalid sequences become U+FFFD, NUL stays. Longer than MAX_STRING_BYTES: the longest
 * prefix of whole characters that fits, then `…[truncated N bytes]` with the number of bytes left out.
 */
export function cutUtf8(buffer: Buffer, start: number, end: number): string {
  if (end - start <= MAX_STRING_BYTES) return buffer.toString('utf8', start, end);
  let cut = start + MAX_STRING_BYTES;
  // A character is at most four bytes long: in invalid text there may be no boundary to find.
  for (let back = 0; back < 3 && isContinuation(buffer[cut]); back += 1) cut -= 1;
  return buffer.toString('utf8', start, cut) + marker(end - cut);
}

/** The same cut for text that is already decoded. */
export function cutText(text: string): string {
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (text.length * 3 <= MAX_STRING_BYTES) return text;
  if (Buffer.byteLength(text) <= MAX_STRING_BYTES) return text;
  const bytes = Buffer.from(text);
  return cutUtf8(bytes, 0, bytes.length);
}

/** Bytes beyond the limit are not kept at all: half of a picture is no use. The marker says how many there were. */
export function cutBytes(bytes: Uint8Array): Uint8Array | string {
  return bytes.length <= MAX_STRING_BYTES ? Uint8Array.from(bytes) : marker(bytes.length);
}
