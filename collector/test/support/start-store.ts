import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClickHouseClient } from '@clickhouse/client';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';

const PROGRAM = join(process.cwd(), 'embedded-clickhouse/bin/embedded-clickhouse.mjs');

export interface Store {
  readonly url: string;
  readonly client: ClickHouseClient;
  /** Data directory; pass it to `startStore` to open it again after `kill`. */
  readonly dataDir: string;
  /** Ends the store and removes its data. */
  readonly stop: () => Promise<void>;
  /** As a power cut of the process: SIGKILL, the data stays. */
  readonly kill: () => Promise<void>;
}

/** Starts an embedded store on a free port, by default on an empty temporary folder. */
export async function startStore(dataDir?: string): Promise<Store> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'spanledger-store-')));
  const child = spawn(process.execPath, [PROGRAM, '--data', folder, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  const faults: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => faults.push(text));
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = JSON.parse(line) as { ready?: boolean; url?: string };
      if (parsed.ready === true && parsed.url !== undefined) resolve(parsed.url);
    });
    child.once('exit', (code) => reject(new Error(`The store ended with ${code}: ${faults.join('')}`)));
    child.once('error', reject);
  });
  const client = createClient({ url, request_timeout: 60_000, log: { level: ClickHouseLogLevel.OFF } });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    await client.close();
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  return {
    url,
    client,
    dataDir: folder,
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    kill: () => end('SIGKILL'),
  };
}
