/** One open file of the ledger. Positions and lengths are bytes. */
export interface LedgerFile {
  /** Writes all buffers one after another at `position`; a short write is an error. */
  readonly write: (buffers: readonly Uint8Array[], position: number) => Promise<void>;
  /** Resolves once what was written is durable (fdatasync). After a rejection nothing written since the last success may be trusted. */
  readonly sync: () => Promise<void>;
  /** Up to `length` bytes from `position`; fewer only at the end of the file. */
  readonly read: (position: number, length: number) => Promise<Buffer>;
  readonly size: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** The few file operations the ledger needs, so that tests can make any of them fail, tear or forget. */
export interface FileLayer {
  /** Creates a file for writing; rejects when the name is taken. Its directory entry is durable only after `syncDirectory`. */
  readonly create: (path: string) => Promise<LedgerFile>;
  /** Opens an existing file for reading (and `sync`). */
  readonly open: (path: string) => Promise<LedgerFile>;
  /** Names in a directory, sorted. */
  readonly list: (directory: string) => Promise<readonly string[]>;
  /** With parents; no error when it exists. */
  readonly makeDirectory: (directory: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  readonly syncDirectory: (directory: string) => Promise<void>;
  /** Bytes an unprivileged process may still write on the file system that holds `directory`. */
  readonly freeBytes: (directory: string) => Promise<number>;
  /** Takes the directory for this process; rejects while another live process holds it. Returns the release. */
  readonly lock: (directory: string) => Promise<() => Promise<void>>;
}
