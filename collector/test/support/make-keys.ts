import { join } from 'node:path';
import { createKey } from '../../src/receive/keys/create-key.ts';

const PEPPER = 'a pepper that only tests know';

export interface TestKeys {
  /** What makes a collector accept the keys. */
  readonly settings: Readonly<Record<string, string>>;
  /** The ingest key of each workspace. */
  readonly keys: ReadonlyMap<string, string>;
}

/** Settings of a collector in a directory of its own, on free ports, with one ingest key per workspace. */
export async function makeKeys(directory: string, workspaces: readonly string[]): Promise<TestKeys> {
  const path = join(directory, 'keys.json');
  const keys = new Map<string, string>();
  for (const workspace of workspaces) {
    const { key } = await createKey({ path, pepper: PEPPER, role: 'ingest', workspace, label: 'test', now: Date.now });
    keys.set(workspace, key);
  }
  return {
    settings: {
      SPANLEDGER_DATA_DIR: join(directory, 'data'),
      SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
      SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
      SPANLEDGER_SQL_LISTEN: '127.0.0.1:0',
      SPANLEDGER_KEYS: path,
      SPANLEDGER_KEY_PEPPER: PEPPER,
    },
    keys,
  };
}
