/** Longest key whose half is worth looking for; a longer unbroken run is data. */
const MAX_TOKEN_CHARS = 512;
const TOKEN_CHARACTER = /[A-Za-z0-9_+/=.%~:!@#$^*-]/;

/**
 * The first `max` UTF-16 units of a text at most. A run of letters, digits and signs that the cut would halve is left out
 * whole, unless nothing else is there or it is longer than any key: no rule of the guard knows half a key.
 */
export function cutBeforeToken(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = max;
  while (end > 0 && max - end <= MAX_TOKEN_CHARS && TOKEN_CHARACTER.test(text.charAt(end - 1))) end -= 1;
  let after = max;
  while (after - end <= MAX_TOKEN_CHARS && TOKEN_CHARACTER.test(text.charAt(after))) after += 1;
  const isHalved = after > max && end > 0 && after - end <= MAX_TOKEN_CHARS;
  return text.slice(0, isHalved ? end : max);
}
