import { basename, join } from 'node:path';
import type { FileLayer, LedgerFile } from './file-layer.ts';

/** Beyond this much in `quarantine/` damage is only counted: a crash loop must not fill the disk. */
const MAX_QUARANTINE_BYTES = 256 << 20;
const COPY_BYTES = 4 << 20;

/**
 * Copies a damaged range of a segment to `<directory>/quarantine/<segment>.<offset>`, so that a person can look at it after the
 * segment is gone. Best effort: false when there was no room or the disk failed; it never rejects.
 */
export async function quarantineRange(
  fileSystem: FileLayer,
  directory: string,
  source: { readonly path: string; readonly file: LedgerFile; readonly offset: number; readonly end: number }
): Promise<boolean> {
  const folder = join(directory, 'quarantine');
  try {
    await fileSystem.makeDirectory(folder);
    const name = `${basename(source.path)}.${source.offset}`;
    const names = await fileSystem.list(folder);
    if (names.includes(name)) return true;
    let held = source.end - source.offset;
    for (const other of names) {
      const file = await fileSystem.open(join(folder, other));
      held += await file.size().finally(() => file.close());
    }
    if (held > MAX_QUARANTINE_BYTES) return false;
    const target = await fileSystem.create(join(folder, name));
    try {
      for (let at = source.offset; at < source.end; at += COPY_BYTES) {
        const bytes = await source.file.read(at, Math.min(COPY_BYTES, source.end - at));
        if (bytes.length === 0) break;
        await target.write([bytes], at - source.offset);
      }
      await target.sync();
    } finally {
      await target.close();
    }
    await fileSystem.syncDirectory(folder);
    return true;
  } catch {
    return false;
  }
}
