import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createEngine, readEngineError } from './engine.ts';
import type { Engine } from './engine.ts';
import { writeEngineConfig } from './engine-config.ts';
import { createLane } from './lane.ts';
import { defaultLimits } from './limits.ts';
import type { Limits } from './limits.ts';
import { loadNativeAddon } from './native-addon.ts';
import type { Options } from './options.ts';
import { createQueryHandler } from './query-handler.ts';
import { createRunRead } from './run-read.ts';
import { createRunWrite } from './run-write.ts';
import { createHttpServer } from './server.ts';
import { createStreamPool, startStreamThread } from './stream-pool.ts';
import { loadUsers } from './users.ts';
import { createVisibleTables } from './visible-tables.ts';
import { withOwner } from './with-owner.ts';
import type { Owner } from './with-owner.ts';

/** What only the process knows. */
export interface Surroundings {
  readonly now: () => number;
  readonly report: (line: string) => void;
  /** A file of this package, from where the addon is looked up. */
  readonly from: string;
  /** The compiled stream-worker. */
  readonly workerFile: string | URL;
  readonly limits?: Limits;
  /** Who may do everything besides the users of the file; without such a file everyone local may. */
  readonly owner?: Owner;
}

export interface Running {
  readonly url: string;
  /** Stops accepting, lets running statements end, closes the data directory. */
  close(): Promise<void>;
}

/** How long running statements may still take when the server is asked to stop, milliseconds. */
const DRAIN_MS = 10_000;

/** Opens the data directory and listens. Rejects when another process holds the directory or the address is taken. */
export async function startEmbeddedClickhouse(options: Options, surroundings: Surroundings): Promise<Running> {
  const { now, report, from } = surroundings;
  const listed = options.users === undefined ? undefined : await loadUsers(options.users, now, report);
  const users =
    listed !== undefined && surroundings.owner !== undefined ? withOwner(listed, surroundings.owner) : listed;
  const limits = surroundings.limits ?? defaultLimits(options.memoryBytes);
  const addon = loadNativeAddon(from);
  // Every connection has to name the directory in the same way, or the addon takes it for another one.
  const directory = resolve(options.data);
  const args = writeEngineConfig(directory, limits.engineBytes);
  const engine = openEngine(() => createEngine(addon, directory, args), directory);
  const { version, timeZone } = await askEngine(engine);
  const streams = createStreamPool(() => startStreamThread(surroundings.workerFile, { from, directory, args }));
  const lane = (name: string, places: number): ReturnType<typeof createLane> =>
    createLane({ name, places, queue: limits.queue, waitMs: limits.waitMs });
  const lanes = {
    read: lane('reads', limits.reads),
    insert: lane('inserts', limits.inserts),
    change: lane('changes', limits.changes),
  };
  const handle = createQueryHandler({
    engine,
    runRead: createRunRead({ engine, streams, limits, now }),
    runWrite: createRunWrite(engine),
    lanes,
    visible: createVisibleTables(engine),
    limits,
    publicTables: new Set(options.publicTables),
    now,
  });
  const server = createHttpServer(handle, { users, anyHost: options.allowInsecure, version, timeZone });
  try {
    await new Promise<void>((listening, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, listening);
    });
  } catch (error) {
    await engine.close();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${host}:${address.port}`,
    async close() {
      const closed = new Promise((ended) => server.close(ended));
      server.closeIdleConnections();
      const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(force);
      await streams.close();
      await engine.close();
    },
  };
}

function openEngine(open: () => Engine, directory: string): Engine {
  try {
    return open();
  } catch (error) {
    throw new Error(`cannot open ${directory}: ${readEngineError(error).message} (is another process using it?)`, {
      cause: error,
    });
  }
}

async function askEngine(engine: Engine): Promise<{ version: string; timeZone: string }> {
  const connection = engine.open();
  try {
    const { bytes } = await connection.query('SELECT version(), timezone()', 'JSONCompactEachRow');
    const [version, timeZone] = JSON.parse(bytes.toString()) as [string, string];
    return { version, timeZone };
  } finally {
    connection.close();
  }
}
