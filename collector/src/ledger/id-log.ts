import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FileLayer } from './file-layer.ts';

/** Fingerprints of a segment that has been deleted, kept as long as the duplicate window reaches back. */
export interface IdLog {
  /** Keeps a segment's fingerprints; durable when it resolves. */
  readonly keep: (segmentNumber: number, newestAtMs: number, fingerprints: readonly Uint32Array[]) => Promise<void>;
  /** Reads what is kept, oldest first; a damaged file is passed over. */
  readonly load: () => Promise<readonly Uint32Array[]>;
  /** Removes files whose newest record is older than the window. */
  readonly prune: () => Promise<void>;
}

const HEAD_BYTES = 16;
const MAGIC = 0x4c444953;

/** Files `ids-<segment>.log`: magic u32, CRC32 u32 over the rest, newest record f64 (Unix ms), fingerprints 8 bytes each; little-endian. */
export function createIdLog(options: {
  readonly fileSystem: FileLayer;
  readonly directory: string;
  readonly windowMs: number;
  readonly now: () => number;
}): IdLog {
  const { fileSystem, directory } = options;
  const kept = new Map<string, number>();
  const isExpired = (newestAtMs: number): boolean => newestAtMs < options.now() - options.windowMs;

  return {
    keep: async (segmentNumber, newestAtMs, fingerprints) => {
      if (fingerprints.length === 0 || isExpired(newestAtMs)) return;
      const name = `ids-${String(segmentNumber).padStart(12, '0')}.log`;
      const words = fingerprints.reduce((sum, part) => sum + part.length, 0);
      const bytes = Buffer.allocUnsafeSlow(HEAD_BYTES + words * 4);
      bytes.writeUInt32LE(MAGIC, 0);
      let at = bytes.writeDoubleLE(newestAtMs, 8);
      for (const part of fingerprints) for (const word of part) at = bytes.writeUInt32LE(word, at);
      bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4);
      const draft = join(directory, `${name}.new`);
      await fileSystem.remove(draft);
      const file = await fileSystem.create(draft);
      try {
        await file.write([bytes], 0);
        await file.sync();
      } finally {
        await file.close();
      }
      await fileSystem.rename(draft, join(directory, name));
      await fileSystem.syncDirectory(directory);
      kept.set(name, newestAtMs);
    },
    load: async () => {
      const loaded: { readonly newestAtMs: number; readonly fingerprints: Uint32Array }[] = [];
      for (const name of await fileSystem.list(directory)) {
        if (!/^ids-\d{12}\.log$/.test(name)) continue;
        const file = await fileSystem.open(join(directory, name));
        const bytes = await file.read(0, await file.size()).finally(() => file.close());
        const intact =
          bytes.length >= HEAD_BYTES &&
          bytes.readUInt32LE(0) === MAGIC &&
          bytes.readUInt32LE(4) === crc32(bytes.subarray(8));
        kept.set(name, intact ? bytes.readDoubleLE(8) : 0);
        if (!intact || isExpired(bytes.readDoubleLE(8))) continue;
        const fingerprints = new Uint32Array((bytes.length - HEAD_BYTES) >> 2);
        for (let index = 0; index < fingerprints.length; index++)
          fingerprints[index] = bytes.readUInt32LE(HEAD_BYTES + index * 4);
        loaded.push({ newestAtMs: bytes.readDoubleLE(8), fingerprints });
      }
      return loaded.sort((left, right) => left.newestAtMs - right.newestAtMs).map(({ fingerprints }) => fingerprints);
    },
    prune: async () => {
      for (const [name, newestAtMs] of kept) {
        if (!isExpired(newestAtMs)) continue;
        await fileSystem.remove(join(directory, name));
        kept.delete(name);
      }
    },
  };
}
