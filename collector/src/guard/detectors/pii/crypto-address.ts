import { createHash } from 'node:crypto';
import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isWordCharacter } from '../number-text.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BECH32_GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
/** Checksum constants of Bech32 (BIP 173) and Bech32m (BIP 350). */
const BECH32_RESULTS: ReadonlySet<number> = new Set([1, 0x2bc830a3]);
const ADDRESS_BYTES = 25;
const CONTEXT_LENGTH = 80;
const MAX_LENGTH = 90;
const ETHEREUM = /^0x[0-9a-fA-F]{40}$/;
const BITCOIN = /[13][1-9A-HJ-NP-Za-km-z]{25,34}/g;

function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

/** Base58Check of a Bitcoin address (version, 20 bytes of hash, 4 bytes of checksum). */
function isBase58Check(address: string): boolean {
  let value = 0n;
  for (const character of address) value = value * 58n + BigInt(BASE58.indexOf(character));
  const hex = value.toString(16);
  if (hex.length > ADDRESS_BYTES * 2) return false;
  const bytes = Buffer.from(hex.padStart(ADDRESS_BYTES * 2, '0'), 'hex');
  return sha256(sha256(bytes.subarray(0, 21)))
    .subarray(0, 4)
    .equals(bytes.subarray(21));
}

function isBech32(address: string): boolean {
  const lower = address.toLowerCase();
  const values = [3, 3, 0, 2, 3];
  for (const character of lower.slice(3)) {
    const value = BECH32.indexOf(character);
    if (value === -1) return false;
    values.push(value);
  }
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    BECH32_GENERATORS.forEach((generator, bit) => {
      if (((top >>> bit) & 1) === 1) checksum ^= generator;
    });
  }
  return BECH32_RESULTS.has(checksum >>> 0);
}

function wordFrom(text: string, start: number): string {
  let end = start;
  while (end - start < MAX_LENGTH && isWordCharacter(text, end)) end += 1;
  return text.slice(start, end);
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  const add = (start: number, end: number, score: number): void => {
    if (start < matchedTo) return;
    matches.push({ start, end, score });
    matchedTo = end;
  };
  for (const hit of hits) {
    if (hit < matchedTo) continue;
    meter.steps += CONTEXT_LENGTH;
    if (text.startsWith('0x', hit) || text.startsWith('bc1', hit)) {
      const word = wordFrom(text, hit);
      if (isWordCharacter(text, hit - 1)) continue;
      if (ETHEREUM.test(word)) add(hit, hit + word.length, 0.8);
      else if (word.startsWith('bc1') && word.length >= 42 && isBech32(word)) add(hit, hit + word.length, 1);
      continue;
    }
    const from = Math.max(hit, matchedTo);
    for (const found of text.slice(from, hit + CONTEXT_LENGTH).matchAll(BITCOIN)) {
      const start = from + found.index;
      const end = start + found[0].length;
      if (!isWordCharacter(text, start - 1) && !isWordCharacter(text, end) && isBase58Check(found[0]))
        add(start, end, 1);
    }
  }
  return matches;
}

/** Wallet addresses: Ethereum by shape, Bitcoin with its checksum (BIP 13, 173, 350), the old form only near a word about it. */
export const cryptoAddress: Detector = {
  rule: 'crypto-address',
  category: 'pii',
  severity: 'low',
  action: 'flag',
  keywords: ['0x', 'bc1q', 'bc1p'],
  words: ['bitcoin', 'btc', 'wallet', 'satoshi'],
  publicPrefix: 2,
  find,
};
