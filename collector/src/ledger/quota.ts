import type { FileLayer } from './file-layer.ts';

export interface Quota {
  /** May `bytes` more be written when `heldBytes` are held? Answers from the last look at the disk; looks again by itself. */
  readonly admits: (heldBytes: number, bytes: number) => boolean;
  /** Looks at the free space now; a failing look admits nothing. */
  readonly refresh: () => Promise<void>;
  readonly freeBytes: () => number;
  /** The last time that something was to be written there was no room for it; less may still find some. */
  readonly isRefusing: () => boolean;
}

/** How long a look at the free space holds, and how much may be written on the strength of it. */
const LOOK_MS = 1000;
const LOOK_BYTES = 64 << 20;

/**
 * Refuses before the disk does: at `quotaBytes` of ledger, or when less than `reserveBytes` would stay free. It resumes by itself
 * when there is room again.
 */
export function createQuota(options: {
  readonly fileSystem: FileLayer;
  readonly directory: string;
  readonly quotaBytes: number;
  readonly reserveBytes: number;
  readonly now: () => number;
}): Quota {
  let free = Infinity;
  let lookedAtMs = -Infinity;
  let sinceLook = 0;
  let refusing = false;
  let looking: Promise<void> | undefined;

  function refresh(): Promise<void> {
    looking ??= options.fileSystem
      .freeBytes(options.directory)
      .catch(() => 0)
      .then((bytes) => {
        free = bytes;
        sinceLook = 0;
        lookedAtMs = options.now();
        looking = undefined;
      });
    return looking;
  }

  return {
    admits: (heldBytes, bytes) => {
      if (sinceLook > LOOK_BYTES || options.now() - lookedAtMs >= LOOK_MS) void refresh();
      const isRefused = heldBytes + bytes > options.quotaBytes || free - sinceLook - bytes < options.reserveBytes;
      if (bytes > 0) refusing = isRefused;
      if (isRefused) return false;
      sinceLook += bytes;
      return true;
    },
    refresh,
    freeBytes: () => free,
    isRefusing: () => refusing,
  };
}
