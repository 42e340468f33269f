import { dirname } from 'node:path';
import type { FileLayer, LedgerFile } from '../file-layer.ts';

type FileOperation = 'create' | 'write' | 'sync' | 'syncDirectory' | 'rename' | 'remove' | 'read';

interface StoredFile {
  /** What a process reads back. */
  live: Buffer;
  /** What is sure to survive a power cut. */
  durable: Buffer;
  /** Bytes up to here were lost by a failed sync: a later sync does not bring them back (ext4, XFS). */
  lostUpTo: number;
}

export interface MemoryFileLayer extends FileLayer {
  /** Called before each operation; an error makes it fail. A failing write leaves `torn` of its bytes. */
  fault:
    | ((operation: FileOperation, path: string) => { readonly error: Error; readonly torn?: number } | undefined)
    | undefined;
  freeSpace: number;
  /** The operation with this number and all later ones never answer. */
  haltAt: number;
  /** Resolves when that operation was asked for. */
  readonly halted: Promise<void>;
  readonly operations: () => number;
  readonly files: () => ReadonlyMap<string, Buffer>;
  readonly put: (path: string, bytes: Buffer) => void;
  /** The machine loses power: `choose(n)` picks 0…n-1 for everything that was not flushed. No operation of the old layer answers any more. */
  readonly crash: (choose: (bound: number) => number) => MemoryFileLayer;
  /** The process is killed: what was written stays. */
  readonly kill: () => MemoryFileLayer;
}

const NEVER = new Promise<never>(() => undefined);

/** A file system in memory that can fail, tear writes, forget what was not flushed, and lose directory entries that were not. */
export function createMemoryFileLayer(start: ReadonlyMap<string, Buffer> = new Map()): MemoryFileLayer {
  const entries = new Map<string, StoredFile>();
  let durableEntries = new Map<string, StoredFile>();
  let dead = false;
  let locked = false;
  let operations = 0;
  let halt: () => void = () => undefined;
  const halted = new Promise<void>((resolve) => (halt = resolve));
  for (const [path, bytes] of start) entries.set(path, { live: bytes, durable: bytes, lostUpTo: 0 });
  durableEntries = new Map(entries);

  async function step(operation: FileOperation, path: string): Promise<number | undefined> {
    await Promise.resolve();
    if (dead) await NEVER;
    operations += 1;
    if (operations >= layer.haltAt) {
      dead = true;
      halt();
      await NEVER;
    }
    const fault = layer.fault?.(operation, path);
    if (dead) await NEVER;
    if (fault === undefined) return undefined;
    if (fault.torn !== undefined) return fault.torn;
    throw fault.error;
  }

  function toLedgerFile(path: string, file: StoredFile): LedgerFile {
    return {
      write: async (buffers, position) => {
        const torn = await step('write', path);
        const bytes = Buffer.concat(buffers);
        const part = torn === undefined ? bytes : bytes.subarray(0, Math.min(torn, bytes.length));
        const grown = Buffer.alloc(Math.max(file.live.length, position + part.length));
        file.live.copy(grown);
        part.copy(grown, position);
        file.live = grown;
        if (torn !== undefined) throw new Error('ENOSPC: short write');
      },
      sync: async () => {
        try {
          await step('sync', path);
        } catch (error) {
          file.lostUpTo = file.live.length;
          throw error;
        }
        if (file.lostUpTo <= file.durable.length) file.durable = file.live;
      },
      read: async (position, length) => {
        await step('read', path);
        return Buffer.from(file.live.subarray(position, position + length));
      },
      size: () => Promise.resolve(file.live.length),
      close: () => Promise.resolve(),
    };
  }

  function existing(path: string): StoredFile {
    const file = entries.get(path);
    if (file === undefined) throw Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' });
    return file;
  }

  const layer: MemoryFileLayer = {
    fault: undefined,
    freeSpace: Infinity,
    haltAt: Infinity,
    halted,
    operations: () => operations,
    files: () => new Map([...entries].map(([path, { live }]) => [path, live])),
    put: (path, bytes) => {
      entries.set(path, { live: bytes, durable: bytes, lostUpTo: 0 });
      durableEntries.set(path, entries.get(path)!);
    },
    create: async (path) => {
      await step('create', path);
      if (entries.has(path)) throw Object.assign(new Error(`EEXIST ${path}`), { code: 'EEXIST' });
      const file = { live: Buffer.alloc(0), durable: Buffer.alloc(0), lostUpTo: 0 };
      entries.set(path, file);
      return toLedgerFile(path, file);
    },
    open: (path) => Promise.resolve().then(() => toLedgerFile(path, existing(path))),
    list: (directory) =>
      Promise.resolve(
        [...entries.keys()]
          .filter((path) => dirname(path) === directory)
          .map((path) => path.slice(directory.length + 1))
          .sort()
      ),
    makeDirectory: () => Promise.resolve(),
    rename: async (from, to) => {
      await step('rename', to);
      entries.set(to, existing(from));
      entries.delete(from);
    },
    remove: async (path) => {
      await step('remove', path);
      entries.delete(path);
    },
    syncDirectory: async (directory) => {
      await step('syncDirectory', directory);
      for (const path of new Set([...entries.keys(), ...durableEntries.keys()])) {
        if (dirname(path) !== directory) continue;
        const file = entries.get(path);
        if (file === undefined) durableEntries.delete(path);
        else durableEntries.set(path, file);
      }
    },
    freeBytes: () => Promise.resolve(layer.freeSpace),
    lock: () => {
      if (locked) return Promise.reject(new Error('another process uses the ledger directory'));
      locked = true;
      return Promise.resolve(() => {
        locked = false;
        return Promise.resolve();
      });
    },
    kill: () => {
      dead = true;
      return createMemoryFileLayer(layer.files());
    },
    crash: (choose) => {
      dead = true;
      const survivors = new Map<string, Buffer>();
      for (const path of [...new Set([...entries.keys(), ...durableEntries.keys()])].sort()) {
        const live = entries.get(path);
        const durable = durableEntries.get(path);
        const file = live === durable || choose(2) === 0 ? durable : live;
        if (file === undefined) continue;
        const unsure = file.live.length - file.durable.length;
        const kept = Buffer.from(file.live.subarray(0, file.durable.length + (unsure > 0 ? choose(unsure + 1) : 0)));
        file.durable.copy(kept);
        const tail = kept.length - file.durable.length;
        // A page that was never written reads as zeros although the file has its size.
        if (tail > 0 && choose(3) === 0) {
          const from = file.durable.length + choose(tail);
          kept.fill(0, from, from + 1 + choose(kept.length - from));
        }
        survivors.set(path, kept);
      }
      return createMemoryFileLayer(survivors);
    },
  };
  return layer;
}
