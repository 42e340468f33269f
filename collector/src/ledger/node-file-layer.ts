import { open, mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { FileLayer, LedgerFile } from './file-layer.ts';
import { lockDirectory } from './lock-directory.ts';

/** Below the 2 GiB that one write call takes on Linux. */
const MAX_WRITE_BYTES = 1 << 30;

function toLedgerFile(handle: FileHandle): LedgerFile {
  return {
    write: async (buffers, position) => {
      const total = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
      if (total > MAX_WRITE_BYTES) throw new Error('ledger write beyond 1 GiB');
      const { bytesWritten } = await handle.writev(buffers, position);
      if (bytesWritten !== total) throw new Error(`short write: ${bytesWritten} of ${total} bytes`);
    },
    sync: () => handle.datasync(),
    read: async (position, length) => {
      const buffer = Buffer.allocUnsafeSlow(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled === length ? buffer : buffer.subarray(0, filled);
    },
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
}

/** The real file system. A directory is flushed with fsync on a handle of it, which is what makes a new name durable on Linux. */
export const nodeFileLayer: FileLayer = {
  create: async (path) => toLedgerFile(await open(path, 'wx+', 0o600)),
  open: async (path) => toLedgerFile(await open(path, 'r')),
  list: async (directory) => (await readdir(directory)).sort(),
  makeDirectory: async (directory) => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  syncDirectory: async (directory) => {
    const handle = await open(directory, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  freeBytes: async (directory) => {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  },
  lock: lockDirectory,
};
