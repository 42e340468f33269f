import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';

const LOCK_NAME = 'lock.sock';
/** sun_path holds 108 bytes on Linux and 104 elsewhere. */
const MAX_SOCKET_PATH_BYTES = 103;

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** A socket whose process has died refuses connections, whatever its process number was and in whatever container it ran. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')
    );
  });
}

/**
 * Takes `directory` for this process with a Unix socket named in it; Node offers no flock, and a file with a process number
 * misleads where two containers share a volume. Rejects when a live process holds the directory. The kernel frees it when the
 * process dies. Returns the release.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const handle: FileHandle = await open(directory, 'r');
  // A path beyond sun_path is reached through the open directory (Linux).
  const reach = (name: string): string =>
    Buffer.byteLength(join(directory, name)) <= MAX_SOCKET_PATH_BYTES
      ? join(directory, name)
      : `/proc/self/fd/${handle.fd}/${name}`;
  const unique = randomBytes(4).toString('hex');
  const ownName = `lock-${unique}.sock`;
  const server = await listen(reach(ownName)).catch(async (error: unknown) => {
    await handle.close();
    throw error;
  });
  const release = async (): Promise<void> => {
    await new Promise((resolve) => server.close(resolve));
    await handle.close();
  };
  try {
    for (;;) {
      const taken = await link(join(directory, ownName), join(directory, LOCK_NAME)).then(
        () => false,
        (error: unknown) => {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') return true;
          throw error;
        }
      );
      if (!taken) break;
      if (await isAlive(reach(LOCK_NAME))) throw new Error(`another process uses the ledger directory ${directory}`);
      await setAside(directory, unique, reach);
    }
  } catch (error) {
    await rm(join(directory, ownName), { force: true });
    await release();
    throw error;
  }
  await rm(join(directory, ownName), { force: true });
  return async () => {
    await rm(join(directory, LOCK_NAME), { force: true });
    await release();
  };
}

/** Moves a dead lock away; when a third process has replaced it in the meantime, puts that live one back. */
async function setAside(directory: string, unique: string, reach: (name: string) => string): Promise<void> {
  const asideName = `lock-${unique}.old`;
  try {
    await rename(join(directory, LOCK_NAME), join(directory, asideName));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (await isAlive(reach(asideName)))
    await link(join(directory, asideName), join(directory, LOCK_NAME)).catch(() => undefined);
  await rm(join(directory, asideName), { force: true });
}
