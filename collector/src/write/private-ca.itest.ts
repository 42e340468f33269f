import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startStandInClickHouse } from './testing/stand-in-clickhouse.ts';

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    process.stdout.write('the tests of https with a private CA are left out: install openssl\n');
    return false;
  }
}

/** Inserts one row and prints what became of it: certificates are read when a process starts. */
const CHILD = `
  const [{ connect }, { createInsertRows }, { classifyError }] = await Promise.all(
    ['connect', 'insert-rows', 'clickhouse-errors'].map((name) => import('${join(process.cwd(), 'collector/dist/write')}/' + name + '.js')));
  const client = connect(process.argv[1]);
  const insert = createInsertRows({ client, database: 'genai', settings: async () => ({}) });
  const columns = [{ name: 'id', type: 'UInt8' }];
  const rows = { table: 'spans', columns, chunks: [Buffer.from([7])], token: 't', signal: new AbortController().signal };
  const outcome = await insert(rows).then(() => 'stored', (error) => classifyError(error).reaction + ' ' + classifyError(error).name);
  process.stdout.write(outcome);
  process.exit();
`;

(hasOpenssl() ? describe : describe.skip)('https to a server with a certificate of a private CA', () => {
  let directory: string;
  const path = (name: string) => join(directory, name);
  const openssl = (...options: readonly string[]) => promisify(execFile)('openssl', options, { cwd: directory });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-ca-'));
    await writeFile(path('names'), 'subjectAltName=IP:127.0.0.1');
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=a private CA'
    );
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
      '-subj',
      '/CN=a store'
    );
    await openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-out',
      'server.pem',
      '-extfile',
      'names'
    );
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('stores with NODE_EXTRA_CA_CERTS, and without it sends nothing and says that an operator must act', async () => {
    const tls = { key: await readFile(path('server.key'), 'utf8'), cert: await readFile(path('server.pem'), 'utf8') };
    const store = await startStandInClickHouse({ tls });
    const run = async (extra: Readonly<Record<string, string>>): Promise<string> => {
      const options = { env: { ...process.env, ...extra } };
      const program = ['--input-type=module', '-e', CHILD, store.url];
      return (await promisify(execFile)(process.execPath, program, options)).stdout;
    };
    try {
      expect(await run({})).toBe('hold UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      expect(store.inserts).toEqual([]);
      expect(await run({ NODE_EXTRA_CA_CERTS: path('ca.pem') })).toBe('stored');
      expect(store.rows('spans').map((body) => body.at(-1))).toEqual([7]);
    } finally {
      await store.close();
    }
  });
});
