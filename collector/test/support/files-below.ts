import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

async function unlessGone<T>(reading: Promise<T>, nothing: T): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return nothing;
    throw error;
  }
}

/**
 * Path and content, a character for each byte, of every file below a folder. The store merges its parts while they are read: what is
 * gone stands in others.
 */
export async function* filesBelow(folder: string): AsyncGenerator<readonly [path: string, content: string]> {
  for (const entry of await unlessGone(readdir(folder, { withFileTypes: true }), [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield [path, await unlessGone(readFile(path, 'latin1'), '')];
  }
}
