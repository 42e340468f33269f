import { constants } from 'node:fs';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse, stringify } from 'yaml';
import { errnoCode } from './errno-code.ts';
import { KEY_ROLES, type KeyRole } from './key-format.ts';

/** An entry of the key file. Times are ISO 8601; a key without `expires_at` does not expire. */
export interface StoredKey {
  readonly id: string;
  /** 64 hex digits. */
  readonly hmac: string;
  readonly role: KeyRole;
  readonly workspace: string;
  readonly label: string;
  readonly created_at: string;
  readonly expires_at?: string;
  readonly revoked_at?: string;
}

/** The file is not a list of keys. The message names the entry and the field, never a value. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

const MAX_FILE_BYTES = 8 * 1024 * 1024;
const HMAC = /^[0-9a-f]{64}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** A change that takes longer has crashed, and what it left may be removed. */
const STALE_CHANGE_MS = 30_000;

export const isWorkspaceName = (text: string): boolean => NAME.test(text);

/** Parses a key file, YAML or JSON (which is YAML). An empty file is an empty list. Throws KeyFileError. */
export function parseKeyFile(text: string): readonly StoredKey[] {
  let entries: unknown;
  try {
    entries = parse(text, { maxAliasCount: 0 }) ?? [];
  } catch {
    // The parser's message quotes the file.
    throw new KeyFileError('the key file is neither YAML nor JSON');
  }
  if (!Array.isArray(entries)) throw new KeyFileError('the key file must be a list');
  const keys = entries.map(checkEntry);
  const ids = new Set(keys.map((key) => key.id));
  if (ids.size !== keys.length) throw new KeyFileError('two keys in the key file have the same id');
  return keys;
}

/** Reads and parses. Throws KeyFileError, or the error of the file system. */
export async function readKeyFile(path: string): Promise<readonly StoredKey[]> {
  const { size } = await stat(path);
  if (size > MAX_FILE_BYTES) throw new KeyFileError(`the key file is larger than ${MAX_FILE_BYTES} bytes`);
  return parseKeyFile(await readFile(path, 'utf8'));
}

/**
 * Replaces the list by what `change` makes of it, whole or not at all: temporary file (0600), fsync, rename, fsync of
 * the directory. The temporary file is also the lock: a second change at the same time throws KeyFileError.
 * A file that does not exist is an empty list; a broken one is not touched.
 */
export async function changeKeyFile(
  path: string,
  change: (keys: readonly StoredKey[]) => readonly StoredKey[]
): Promise<void> {
  const temporary = `${path}.tmp`;
  await removeStale(temporary);
  const file = await openExclusive(temporary);
  try {
    const before = await readKeyFile(path).catch((error: unknown) => {
      if (errnoCode(error) === 'ENOENT') return [];
      throw error;
    });
    const after = change(before);
    await file.writeFile(path.endsWith('.json') ? `${JSON.stringify(after, null, 2)}\n` : stringify(after));
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  const directory = await open(dirname(path), constants.O_RDONLY);
  await directory.sync().finally(() => directory.close());
}

async function openExclusive(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') throw new KeyFileError('another change of the key file is under way');
    throw error;
  }
}

async function removeStale(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  // Against the clock that wrote the file's time, not an injected one.
  if (found && Date.now() - found.mtimeMs > STALE_CHANGE_MS) await unlink(path).catch(() => undefined);
}

function checkEntry(entry: unknown, index: number): StoredKey {
  if (typeof entry !== 'object' || entry === null) throw new KeyFileError(`key ${index + 1} is not an object`);
  const fields = entry as Record<string, unknown>;
  const text = (field: string, valid: (value: string) => boolean): string => {
    const value = fields[field];
    if (typeof value !== 'string' || !valid(value)) throw new KeyFileError(`key ${index + 1}: ${field} is not valid`);
    return value;
  };
  const isRole = (value: string): boolean => KEY_ROLES.some((role) => role === value);
  const time = (field: 'expires_at' | 'revoked_at'): Partial<StoredKey> =>
    fields[field] === undefined || fields[field] === null ? {} : { [field]: text(field, isTime) };
  return {
    id: text('id', (value) => NAME.test(value)),
    hmac: text('hmac', (value) => HMAC.test(value)),
    role: text('role', isRole) as KeyRole,
    workspace: text('workspace', isWorkspaceName),
    label: fields['label'] === undefined || fields['label'] === null ? '' : text('label', () => true),
    created_at: text('created_at', isTime),
    ...time('expires_at'),
    ...time('revoked_at'),
  };
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));
