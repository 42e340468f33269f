import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);
/** scrypt cost: N = 2^14, r = 8, p = 1 takes about 16 MiB and 50 ms. */
const COST = 16_384;
const BLOCK = 8;
const KEY_BYTES = 32;
const MOST_MEMORY = 64 * 1024 * 1024;

const SCRYPT = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d)\$([A-Za-z0-9+/=_-]{16,})\$([A-Za-z0-9+/=_-]{16,})$/;
const SHA256 = /^sha256\$([0-9a-f]{64})$/;

/** Makes the text for the `password` field of a users file: `scrypt$N$r$p$salt$hash`, salt and hash in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, KEY_BYTES, { N: COST, r: BLOCK, p: 1, maxmem: MOST_MEMORY });
  return `scrypt$${COST}$${BLOCK}$1$${salt.toString('base64')}$${key.toString('base64')}`;
}

/** True for a text that `verifyPassword` can check. */
export function isPasswordHash(hash: string): boolean {
  return SCRYPT.test(hash) || SHA256.test(hash);
}

/**
 * Compares in constant time. `sha256$<hex>` is the plain SHA-256 of the password: only for long random passwords, but
 * cheap. A hash of another shape never matches.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const plain = SHA256.exec(hash)?.[1];
  if (plain !== undefined)
    return timingSafeEqual(createHash('sha256').update(password).digest(), Buffer.from(plain, 'hex'));
  const [, cost, block, parallel, salt, expected] = SCRYPT.exec(hash) ?? [];
  if (expected === undefined) return false;
  const wanted = Buffer.from(expected, 'base64');
  const options = { N: Number(cost), r: Number(block), p: Number(parallel), maxmem: MOST_MEMORY };
  const key = await derive(password, Buffer.from(salt ?? '', 'base64'), wanted.length, options).catch(() => undefined);
  return key !== undefined && timingSafeEqual(key, wanted);
}
