import { createRequire } from 'node:module';

/** A connection of the addon; opaque. */
export type Handle = object;
/** A running stream of the addon; opaque. */
export type StreamHandle = object;

/** The functions of chDB's native addon that are used (chdb-node 3.4, lib/chdb_node.cpp). */
export interface NativeAddon {
  CreateConnection(path: string, args?: readonly string[]): Handle;
  /** Synchronous; must not be called while a statement runs on the connection: that aborts the engine. */
  CloseConnection(connection: Handle): void;
  QueryAsyncConnection(
    connection: Handle,
    sql: string,
    format: string
  ): Promise<{ bytes: Buffer; rowsRead: number; bytesRead: number }>;
  /** Runs `prefix`, a line feed and the bytes of `data` as a script of statements (see canStandInStatement). Absent in older addons. */
  InsertRawAsyncConnection?(
    connection: Handle,
    prefix: string,
    data: Buffer,
    countLines: boolean
  ): Promise<{ rowsWritten: number; bytesWritten: number }>;
  /** Synchronous: analyses the statement and runs its scalar subqueries before it returns. */
  StreamQuery(connection: Handle, sql: string, format: string): StreamHandle;
  StreamFetch(stream: StreamHandle): Promise<{ bytes: Buffer; numRows: number; done: boolean }>;
  StreamCancel(stream: StreamHandle): void;
}

/** chDB's own names (chdb dist/loader.js): there is no build for musl or Windows. */
const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@chdb/lib-darwin-arm64',
  'darwin-x64': '@chdb/lib-darwin-x64',
  'linux-x64': '@chdb/lib-linux-x64-gnu',
  'linux-arm64': '@chdb/lib-linux-arm64-gnu',
};

/**
 * Loads the addon that the package `chdb` installs for this platform. `from` is a file or URL inside this package: the
 * search starts there and then at `chdb` itself, whose dependency it is. Throws with a hint when there is no build.
 */
export function loadNativeAddon(from: string | URL, platform = `${process.platform}-${process.arch}`): NativeAddon {
  const name = PLATFORM_PACKAGES[platform];
  if (name === undefined) throw new Error(`chDB has no build for ${platform}`);
  const require = createRequire(from);
  try {
    const viaChdb = createRequire(require.resolve('chdb/package.json'));
    return viaChdb(name) as NativeAddon;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new Error(`cannot load ${name} (glibc only: on Alpine use a Debian image): ${reason}`, { cause: error });
  }
}
