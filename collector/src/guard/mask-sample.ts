/** A sample shows at most this share of a value, so that a short value shows nothing. */
const REVEALED_SHARE = 1 / 8;

/**
 * What a finding shows of a value: its public prefix and its length, `sk-p…(51)`. Never enough to use or to guess it.
 * `publicPrefix`: how many leading characters are public by design.
 */
export function maskSample(value: string, publicPrefix: number): string {
  const revealed = Math.min(publicPrefix, Math.floor(value.length * REVEALED_SHARE));
  return `${value.slice(0, revealed)}…(${value.length})`;
}
