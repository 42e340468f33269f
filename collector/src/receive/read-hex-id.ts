const HEX: Readonly<Record<16 | 32, RegExp>> = { 16: /^[0-9a-f]{16}$/i, 32: /^[0-9a-f]{32}$/i };
const ZEROS: Readonly<Record<16 | 32, string>> = { 16: '0'.repeat(16), 32: '0'.repeat(32) };

/**
 * An id of OTLP/JSON: hex of any case, in lower case. Empty for an absent one, `ofZeros` for all zero,
 * `undefined` for anything else, such as base64, which some senders write against the specification.
 */
export function readHexId(value: unknown, digits: 16 | 32, ofZeros?: string): string | undefined {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value !== 'string' || !HEX[digits].test(value)) return undefined;
  const id = value.toLowerCase();
  return id === ZEROS[digits] ? ofZeros : id;
}
