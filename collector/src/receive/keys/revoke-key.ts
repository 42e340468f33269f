import { changeKeyFile, type StoredKey } from './key-file.ts';

/**
 * Marks a key as revoked; every collector that reads the file refuses it within its poll interval. A key that is revoked
 * already keeps its time. Returns the entry, or undefined when no key has this id (the keys are then left as they are).
 */
export async function revokeKey(input: {
  readonly path: string;
  readonly id: string;
  readonly now: () => number;
}): Promise<StoredKey | undefined> {
  let revoked: StoredKey | undefined;
  await changeKeyFile(input.path, (keys) =>
    keys.map((key) => {
      if (key.id !== input.id) return key;
      revoked = { ...key, revoked_at: key.revoked_at ?? new Date(input.now()).toISOString() };
      return revoked;
    })
  );
  return revoked;
}
