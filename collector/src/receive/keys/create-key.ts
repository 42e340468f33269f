import { randomBytes } from 'node:crypto';
import { changeKeyFile, isWorkspaceName, KeyFileError, type StoredKey } from './key-file.ts';
import { generateKey, hashKey, type KeyRole } from './key-format.ts';

export interface NewKey {
  readonly path: string;
  readonly pepper: string;
  readonly role: KeyRole;
  readonly workspace: string;
  readonly label: string;
  readonly expiresAt?: Date | undefined;
  readonly now: () => number;
}

/**
 * Adds a key to the file and returns it in clear: this is the only time anyone sees it. Throws KeyFileError for a
 * workspace that is not 1 to 64 letters, digits, `.`, `_`, `-`, and when the file cannot be changed.
 */
export async function createKey(input: NewKey): Promise<{ readonly key: string; readonly stored: StoredKey }> {
  const { path, pepper, role, workspace, label, expiresAt, now } = input;
  if (!isWorkspaceName(workspace)) throw new KeyFileError('the workspace must be 1 to 64 letters, digits, . _ -');
  const key = generateKey(role);
  const stored: StoredKey = {
    id: randomBytes(6).toString('hex'),
    hmac: hashKey(pepper, key).toString('hex'),
    role,
    workspace,
    label,
    created_at: new Date(now()).toISOString(),
    ...(expiresAt ? { expires_at: expiresAt.toISOString() } : {}),
  };
  await changeKeyFile(path, (keys) => [...keys, stored]);
  return { key, stored };
}
