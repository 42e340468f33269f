import { timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { errnoCode } from './errno-code.ts';
import { KeyFileError, readKeyFile, type StoredKey } from './key-file.ts';
import { hashKey, type KeyRole } from './key-format.ts';

/** Who sends or asks. The workspace comes from here and from nowhere else. */
export interface Principal {
  readonly workspace: string;
  readonly role: KeyRole;
  readonly keyId: string;
}

export interface KeyStore {
  /** The owner of a key, or undefined: unknown, wrong, expired and revoked look alike and take as long. */
  readonly find: (key: string) => Principal | undefined;
  /** Ids of the keys that this file says are revoked. */
  readonly revoked: () => readonly string[];
  /** Looks at the file now instead of at the next turn; for invalidation across collectors. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
}

export interface KeyStoreDeps {
  readonly path: string;
  readonly pepper: string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Called when a changed file could not be read or parsed; the keys read before stay in force. */
  readonly onReloadError: (error: KeyFileError) => void;
  /** A revocation is seen within this time. */
  readonly pollMs?: number;
}

const DEFAULT_POLL_MS = 10_000;
const UNKNOWN = Buffer.alloc(32);

/** Loads the key file and follows its changes. Throws KeyFileError when the first load fails: a start with no keys is a fault. */
export async function createKeyStore(deps: KeyStoreDeps): Promise<KeyStore> {
  const { path, pepper, now, onReloadError, pollMs = DEFAULT_POLL_MS } = deps;
  let keys = new Map<string, StoredKey>();
  let version = '';

  const load = async (): Promise<void> => {
    const { mtimeMs, size, ino } = await stat(path);
    const found = `${mtimeMs} ${size} ${ino}`;
    if (found === version) return;
    keys = new Map((await readKeyFile(path)).map((key) => [key.hmac, key]));
    version = found;
  };
  const refresh = (): Promise<void> => load().catch((error: unknown) => onReloadError(asKeyFileError(error)));

  await load().catch((error: unknown) => {
    throw asKeyFileError(error);
  });
  const timer = setInterval(() => void refresh(), pollMs).unref();

  return {
    refresh,
    revoked: () =>
      [...keys.values()]
        .filter(({ revoked_at: at }) => at !== undefined && Date.parse(at) <= now())
        .map(({ id }) => id),
    close: () => clearInterval(timer),
    find: (key) => {
      const hmac = hashKey(pepper, key);
      const stored = keys.get(hmac.toString('hex'));
      const equal = timingSafeEqual(hmac, stored ? Buffer.from(stored.hmac, 'hex') : UNKNOWN);
      if (!stored || !equal || !isInForce(stored, now())) return undefined;
      return { workspace: stored.workspace, role: stored.role, keyId: stored.id };
    },
  };
}

/** A time that is not set never comes. */
function isInForce(key: StoredKey, now: number): boolean {
  const reached = (time: string | undefined): boolean => time !== undefined && Date.parse(time) <= now;
  return !reached(key.expires_at) && !reached(key.revoked_at);
}

function asKeyFileError(error: unknown): KeyFileError {
  if (error instanceof KeyFileError) return error;
  return new KeyFileError(`the key file cannot be read: ${errnoCode(error) ?? 'unknown fault'}`);
}
