import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { connect } from '../write/connect.ts';
import { migrate } from '../write/migrate.ts';
import { schemaTarget } from './schema-target.ts';
import { superviseEmbedded } from './supervise-embedded.ts';
import type { EmbeddedState } from './supervise-embedded.ts';

/** Between attempts to bring the schema up while the store does not answer. */
const RETRY_MS = 2_000;
const CLOSE_GRACE_MS = 10_000;

export interface Store {
  readonly url: string;
  readonly client: ClickHouseClient;
  /** Resolves when the schema is there; never rejects: a store that is down is tried until `close`. */
  readonly ready: Promise<void>;
  /** What keeps the store from being ready, in words; empty when it is. */
  readonly trouble: () => string;
  readonly close: () => Promise<void>;
}

function withCredentials(url: string, owner: { readonly name: string; readonly password: string }): string {
  const full = new URL(url);
  full.username = owner.name;
  full.password = owner.password;
  return full.href;
}

/** Text of an error without statements or values, which servers like to quote. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0]!.slice(0, 300);
}

/**
 * The store to write to: the server of the configuration, or the embedded one, started and supervised. The schema is brought up
 * in the background, so that telemetry is taken in while a server is down. Rejects only when the embedded store cannot start.
 */
export async function openStore(options: {
  readonly config: Config;
  readonly sqlDirectory: string;
  readonly embeddedProgram: string;
  readonly log: Log;
  readonly now: () => number;
  readonly onState: (state: EmbeddedState) => void;
}): Promise<Store> {
  const { config, log } = options;
  const owner =
    config.sqlUsers === undefined ? undefined : { name: 'spanledger', password: randomBytes(24).toString('hex') };
  const embedded =
    config.clickhouseUrl === undefined
      ? await superviseEmbedded({
          program: options.embeddedProgram,
          dataDirectory: join(config.dataDir, 'store'),
          listen: config.sqlListen,
          usersFile: config.sqlUsers,
          owner,
          publicTables: ['genai.prices', 'genai.schema_migrations'],
          log,
          now: options.now,
          onState: options.onState,
        })
      : undefined;
  const url = embedded?.url ?? config.clickhouseUrl!;
  const client = connect(owner === undefined ? url : withCredentials(url, owner));
  let trouble = 'the schema is being brought up';
  let closed = false;

  const bringUp = async (): Promise<void> => {
    while (!closed) {
      try {
        const { applied } = await migrate({
          client,
          sqlDir: options.sqlDirectory,
          holder: hostname(),
          alone: embedded !== undefined,
          ...schemaTarget(config),
        });
        if (applied.length > 0) log.info({ migrations: applied.length }, 'schema brought up');
        trouble = '';
        return;
      } catch (error) {
        const before = trouble;
        trouble = `the schema cannot be brought up: ${reasonOf(error)}`;
        // It is tried every two seconds: only what is new is told.
        if (trouble !== before)
          log.error(
            { err: error },
            'the schema cannot be brought up; telemetry is kept in the ledger and it is tried again'
          );
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
  };
  const ready = bringUp();

  return {
    url,
    client,
    ready,
    trouble: () =>
      embedded !== undefined && embedded.state() !== 'ready' ? `embedded store ${embedded.state()}` : trouble,
    close: async () => {
      closed = true;
      await client.close();
      await embedded?.close(CLOSE_GRACE_MS);
    },
  };
}
