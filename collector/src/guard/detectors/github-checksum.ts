import { crc32 } from 'node:zlib';

const BASE62_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 30;
const CHECKSUM_LENGTH = 6;
/** The shape alone: such a token cannot be live, but may be a live one with a typing error. */
const SHAPE_ONLY_SCORE = 0.8;

/**
 * Score of the 36 characters after `ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_`: the last six are the CRC-32 of the first
 * thirty in base 62. Source: GitHub, "Behind GitHub's new authentication token formats" (2021).
 */
export function scoreGithubToken(body: string): number {
  let value = crc32(body.slice(0, RANDOM_LENGTH));
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = BASE62_DIGITS.charAt(value % 62) + digits;
    value = Math.floor(value / 62);
  }
  return body.slice(RANDOM_LENGTH, RANDOM_LENGTH + CHECKSUM_LENGTH) === digits ? 1 : SHAPE_ONLY_SCORE;
}
