import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ClickHouseClient } from '@clickhouse/client';
import { startCollector } from '../../src/collector.ts';
import type { Collector } from '../../src/collector.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { createKey } from '../../src/receive/keys/create-key.ts';
import { connect } from '../../src/write/connect.ts';

const PEPPER = 'a pepper that only tests know';

export interface RunningCollector extends Collector {
  readonly client: ClickHouseClient;
  readonly directory: string;
  /** Everything that was logged. */
  readonly logged: () => string;
  /** The ingest key of each workspace that was asked for. */
  readonly keys: ReadonlyMap<string, string>;
  readonly stop: () => Promise<void>;
}

/** The whole program in this process, its store in a child, on free ports and a folder of its own. */
export async function runCollector(
  workspaces: readonly string[] = ['default'],
  settings: Readonly<Record<string, string>> = {},
  now: () => number = Date.now
): Promise<RunningCollector> {
  const directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
  const path = join(directory, 'keys.json');
  const keys = new Map<string, string>();
  for (const workspace of workspaces) {
    const { key } = await createKey({ path, pepper: PEPPER, role: 'ingest', workspace, label: 'test', now: Date.now });
    keys.set(workspace, key);
  }
  const config = readConfig(
    {
      SPANLEDGER_DATA_DIR: join(directory, 'data'),
      SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
      SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
      SPANLEDGER_SQL_LISTEN: '127.0.0.1:0',
      SPANLEDGER_KEYS: path,
      SPANLEDGER_KEY_PEPPER: PEPPER,
      ...settings,
    },
    () => ''
  );
  let logged = '';
  const destination = new PassThrough().setEncoding('utf8').on('data', (text: string) => (logged += text));
  const collector = await startCollector(config, {
    sqlDirectory: join(process.cwd(), 'sql/migrations'),
    embeddedProgram: join(process.cwd(), 'embedded-clickhouse/bin/embedded-clickhouse.mjs'),
    log: createLog('info', destination),
    version: 'test',
    now,
  });
  const client = connect(collector.urls.sql);
  await collector.delivered();
  return {
    ...collector,
    client,
    directory,
    keys,
    logged: () => logged,
    stop: async () => {
      await client.close();
      await collector.close(5_000);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
