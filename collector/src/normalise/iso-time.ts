const NS_PER_MS = 1_000_000n;
const MAX_CHARS = 40;

/** An ISO 8601 time as Unix nanoseconds, with all digits of its fraction (`2026-11-21T09:40:08.827823Z`); `undefined` when it is none. */
export function isoTimeNs(text: string): bigint | undefined {
  if (text.length < 19 || text.length > MAX_CHARS) return undefined;
  const match = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (match === null) return undefined;
  const seconds = Date.parse(`${match[1]!.replace(' ', 'T')}${match[3] ?? 'Z'}`);
  if (Number.isNaN(seconds)) return undefined;
  return BigInt(seconds) * NS_PER_MS + BigInt((match[2] ?? '').padEnd(9, '0'));
}
