import { readKeyFile, type StoredKey } from './key-file.ts';

/** A key as a person may see it. */
export type ListedKey = Omit<StoredKey, 'hmac'>;

/** The keys of the file without their hashes, in the order they were made. Throws KeyFileError or the file system's error. */
export async function listKeys(path: string): Promise<readonly ListedKey[]> {
  const keys = await readKeyFile(path);
  return keys.map((key) => {
    const listed: ListedKey & { hmac?: string } = { ...key };
    delete listed.hmac;
    return listed;
  });
}
