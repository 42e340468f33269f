import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { INSTALL_MS, whyOffline } from '../examples/testing/why-offline.ts';

const run = promisify(execFile);

/** Files below a folder, without what npm installed. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.includes('node_modules/'));
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanledger-image-'));
});
afterAll(() => rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 }));

it('makes what the image holds: compiled, without tests and tools, and it serves', async () => {
  const root = join(directory, 'root');
  const offline = await run('sh', ['deploy/build-image-root.sh', '.', root], { timeout: INSTALL_MS }).then(
    () => undefined,
    whyOffline
  );
  if (offline !== undefined) {
    process.stdout.write(`content of the image skipped: ${offline}\n`);
    return;
  }
  expect(readdirSync(root).sort()).toEqual(['collector', 'embedded-clickhouse', 'node_modules', 'package.json', 'sql']);
  const files = filesBelow(root);
  expect(files).toContain('collector/dist/main.js');
  expect(files).toContain('sql/migrations/0001_database.sql');
  expect(files).toContain('collector/src/guard/models/NOTICE');
  expect(files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
  expect(['typescript', 'jest', 'eslint'].filter((name) => existsSync(join(root, 'node_modules', name)))).toEqual([]);

  const child = spawn(process.execPath, ['collector/bin/spanledger.mjs', 'serve'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      SPANLEDGER_DATA_DIR: join(directory, 'data'),
      SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
      SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
      SPANLEDGER_SQL_LISTEN: '127.0.0.1:0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let faults = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  const exited = once(child, 'close');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), exited.then(() => [`ended: ${faults}`])]);
  expect(first[0]).toMatch(/^spanledger ready: OTLP\/HTTP http/);
  const http = /OTLP\/HTTP (\S+)/.exec(first[0] as string)![1]!;
  expect(await (await fetch(`${http}/healthz`)).text()).toBe('ok\n');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

it('does not write into a folder that holds something', async () => {
  const failed = await run('sh', ['deploy/build-image-root.sh', '.', 'collector']).then(
    () => undefined,
    (error: unknown) => error as { code: number; stderr: string }
  );
  expect([failed?.code, failed?.stderr]).toEqual([1, 'build-image-root: collector is not empty\n']);
});
