import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROGRAM = join(__dirname, '../bin/spanledger.mjs');
const READY = /^spanledger ready: OTLP\/HTTP (http:\/\/\S+) {2}OTLP\/gRPC (\S+) {2}SQL (http:\/\/\S+)$/;

/** The built program (`npm run build`), with the embedded store and free ports. */
describe('spanledger serve', () => {
  let directory: string;
  let server: ChildProcess;
  let environment: Record<string, string | undefined>;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
    environment = {
      ...process.env,
      SPANLEDGER_DATA_DIR: join(directory, 'data'),
      SPANLEDGER_HTTP_LISTEN: '127.0.0.1:0',
      SPANLEDGER_GRPC_LISTEN: '127.0.0.1:0',
      SPANLEDGER_SQL_LISTEN: '127.0.0.1:0',
    };
  });
  afterEach(async () => {
    if (server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  it('takes in, prices and stores what the doctor sends, and ends with 0 when it is told to stop', async () => {
    server = spawn(process.execPath, [PROGRAM, 'serve'], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    if (server.stdout === null) throw new Error('the output is not piped');
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    const [, http = '', grpc = '', sql = ''] = READY.exec(line) ?? [];
    const addresses = ['--http', http, '--grpc', grpc, '--sql', sql];
    const { stdout } = await run(process.execPath, [PROGRAM, 'doctor', ...addresses, '--wait', '120'], {
      env: environment,
    }).catch((error: unknown) => error as { stdout: string });
    expect(stdout).toContain('ok       schema: the schema is up to date');
    for (const protocol of ['OTLP/HTTP protobuf', 'OTLP/HTTP JSON', 'OTLP/gRPC']) {
      expect(stdout).toMatch(new RegExp(`^ok {7}a span by ${protocol}: stored in workspace default after`, 'm'));
    }
    expect(stdout).toMatch(/Everything works\.\n$/);
    server.kill('SIGTERM');
    expect(await once(server, 'exit')).toEqual([0, null]);
    await expect(fetch(`${sql}/ping`)).rejects.toThrow();
  });

  it('reports every fault of its settings and ends with 1', async () => {
    environment = { ...environment, SPANLEDGER_HTTP_LISTEN: '0.0.0.0:0', SPANLEDGER_RETENTION: '30' };
    server = spawn(process.execPath, [PROGRAM, 'serve'], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
    const lines: string[] = [];
    if (server.stderr !== null) createInterface(server.stderr).on('line', (line) => lines.push(line));
    expect(await once(server, 'close')).toEqual([1, null]);
    expect(lines).toEqual([
      'spanledger: SPANLEDGER_RETENTION: there is no such setting, did you mean SPANLEDGER_RETENTION_DAYS?',
      expect.stringContaining('spanledger: SPANLEDGER_HTTP_LISTEN: 0.0.0.0:0 can be reached from other machines'),
    ]);
  });
});
