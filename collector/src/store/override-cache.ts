import { open, readFile, rename } from 'node:fs/promises';
import type { PriceOverride } from '../price/price-override.ts';

/** The overrides that were in force last, on the collector's own disk: a start must not wait for the store to price right. */
export interface OverrideCache {
  /** Empty when there is none, or none that can be read. */
  readonly read: () => Promise<readonly PriceOverride[]>;
  /** Replaces it durably. Rejects when the disk does. */
  readonly write: (overrides: readonly PriceOverride[]) => Promise<void>;
}

export function createOverrideCache(path: string): OverrideCache {
  return {
    read: async () => {
      try {
        const content: unknown = JSON.parse(await readFile(path, 'utf8'));
        return Array.isArray(content) ? (content as PriceOverride[]) : [];
      } catch {
        return [];
      }
    },
    write: async (overrides) => {
      const next = `${path}.next`;
      const file = await open(next, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(overrides));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(next, path);
    },
  };
}
