import { constants } from 'node:fs';
import { open, mkdir, readdir, rename, rm, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { FileLayer, LedgerFile } from './file-layer.ts';
import { lockDirectory } from './lock-directory.ts';

/** A file that somebody removed takes writes and flushes as before, and nobody will ever find them: look whether it is still there. */
const LOOK_MS = 500;
/** Below the 2 GiB that one write call takes on Linux. */
const MAX_WRITE_BYTES = 1 << 30;

/**
 * Linux writes through with O_DSYNC: what fdatasync promises, in one step. Two steps cost a busy process a turn of its event loop in
 * between, an eighth of all requests (measured). Elsewhere the flag promises less than fdatasync does.
 */
const WRITES_THROUGH = process.platform === 'linux';
const { O_CREAT, O_EXCL, O_RDWR, O_DSYNC } = constants;
const CREATE_FLAGS = O_CREAT | O_EXCL | O_RDWR | (WRITES_THROUGH ? O_DSYNC : 0);

function toLedgerFile(handle: FileHandle, isDurable = false): LedgerFile {
  let lookedAtMs = 0;
  const look = async (): Promise<void> => {
    if (performance.now() - lookedAtMs < LOOK_MS) return;
    lookedAtMs = performance.now();
    if ((await handle.stat()).nlink === 0)
      throw Object.assign(new Error('the file of the ledger was removed'), { code: 'ENOENT' });
  };
  return {
    write: async (buffers, position) => {
      const total = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
      if (total > MAX_WRITE_BYTES) throw new Error('ledger write beyond 1 GiB');
      const { bytesWritten } = await handle.writev(buffers, position);
      if (bytesWritten !== total)
        throw new Error(`only ${bytesWritten} of ${total} bytes fitted; free some space, it goes on by itself`);
    },
    sync: async () => {
      // At the same time, so that it costs no time.
      await Promise.all([isDurable ? undefined : handle.datasync(), look()]);
    },
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
  create: async (path) => toLedgerFile(await open(path, CREATE_FLAGS, 0o600), WRITES_THROUGH),
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
