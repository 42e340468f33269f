import { createHmac, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** ingest sends telemetry, read queries, admin may do both and change settings. */
export type KeyRole = 'ingest' | 'read' | 'admin';

export const KEY_ROLES: readonly KeyRole[] = ['ingest', 'read', 'admin'];

/** Longer credentials are refused unread. */
export const MAX_KEY_LENGTH = 256;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^24 is 2^142. */
const RANDOM_CHARACTERS = 24;
const SHAPE = /^(sl_(?:ingest|read|admin)_[0-9A-Za-z]{22,64})_([0-9a-f]{8})$/;

/** A new key: `sl_<role>_<random>_<crc32>`. The role is for the eyes; what a key may do is in the key file. */
export function generateKey(role: KeyRole): string {
  const random = Array.from({ length: RANDOM_CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  const body = `sl_${role}_${random}`;
  return `${body}_${checksum(body)}`;
}

/** True for what `generateKey` makes; a mistyped or cut key is not. Says nothing about whether the key is known. */
export function hasKeyShape(text: string): boolean {
  if (text.length > MAX_KEY_LENGTH) return false;
  const match = SHAPE.exec(text);
  return match !== null && checksum(match[1]!) === match[2];
}

/** What is stored instead of the key: HMAC-SHA256(pepper, key). Useless without the pepper. */
export function hashKey(pepper: string, key: string): Buffer {
  return createHmac('sha256', pepper).update(key).digest();
}

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
