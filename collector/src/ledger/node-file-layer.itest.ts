import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFileLayer } from './node-file-layer.ts';
import { openLedger } from './open-ledger.ts';
import type { Ledger } from './ledger.ts';
import { SAMPLE_COLUMNS, sampleEntry, sampleId } from './testing/sample-entry.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spanledger-files-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

function open(path = directory): Promise<Ledger> {
  return openLedger({ directory: path, columns: SAMPLE_COLUMNS, now: Date.now, limits: { reserveBytes: 0 } });
}

async function ids(ledger: Ledger): Promise<number[]> {
  const found: number[] = [];
  for (let record = await ledger.next(); record !== undefined; record = await ledger.next())
    found.push(sampleId(record));
  return found;
}

/** A process that takes the lock of a directory and keeps it. */
const HOLDER = `
  import { lockDirectory } from '${join(process.cwd(), 'collector/dist/ledger/lock-directory.js')}';
  await lockDirectory(process.argv[1]);
  process.stdout.write('locked');
  setInterval(() => undefined, 1000);
`;

describe('the ledger on the real file system', () => {
  it('writes, closes, opens again and reads the same, concurrently appended records in order', async () => {
    const ledger = await open();
    const many = Array.from({ length: 200 }, (_, index) => index);
    expect(new Set(await Promise.all(many.map((id) => ledger.append(sampleEntry(id, 3000)))))).toEqual(
      new Set(['stored'])
    );
    expect(await ids(ledger)).toEqual(many);
    await ledger.close();
    const again = await open();
    expect(await ids(again)).toEqual(many);
    expect(again.stats().freeBytes).toBeGreaterThan(0);
    await again.close();
  });

  it('names a segment that is no file', async () => {
    await (await open()).close();
    const path = join(directory, 'segment-000000000007.ledger');
    await mkdir(path);
    await expect(open()).rejects.toThrow(`${path} cannot be read (EISDIR); nothing was changed`);
  });

  it('reports the end of the disk as an error', async () => {
    const file = await nodeFileLayer.create(join(directory, 'file'));
    await expect(nodeFileLayer.create(join(directory, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await file.write([Buffer.from('abc'), Buffer.from('def')], 0);
    await file.sync();
    expect((await file.read(2, 10)).toString()).toBe('cdef');
    expect(await file.size()).toBe(6);
    await file.close();
    await expect(file.write([Buffer.from('x')], 6)).rejects.toThrow();
  });

  it('acknowledges nothing into files that were removed, says what to do, and goes on when the directory is back', async () => {
    const path = join(directory, 'ledger');
    const troubles: Error[] = [];
    const ledger = await openLedger({
      directory: path,
      columns: SAMPLE_COLUMNS,
      now: Date.now,
      limits: { reserveBytes: 0 },
      onTrouble: (error) => troubles.push(error),
    });
    expect(await ledger.append(sampleEntry(1))).toBe('stored');
    await rm(path, { recursive: true });
    while ((await ledger.append(sampleEntry(2))) === 'stored') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ledger.append(sampleEntry(3))).not.toBe('stored');
    expect([ledger.stats().trouble, troubles.length]).toEqual([
      'ENOENT: its directory is gone; restore it and restart',
      1,
    ]);
    await mkdir(path);
    // The look at the free space of a directory that is gone holds for a second.
    while ((await ledger.append(sampleEntry(4))) !== 'stored') await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ledger.stats()).toMatchObject({ trouble: '', consecutiveFailures: 0 });
    await ledger.close();
    const again = await open(path);
    expect(await ids(again)).toEqual([4]);
    await again.close();
  });

  it.each([
    ['a short path', ''],
    ['a path longer than a socket name may be', 'x'.repeat(120)],
  ])('lets one process have the directory, with %s, and frees it when that process is killed', async (_, name) => {
    const path = join(directory, name);
    await mkdir(path, { recursive: true });
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(open(path)).rejects.toThrow('another process uses the ledger directory');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const ledger = await open(path);
    await expect(open(path)).rejects.toThrow('another process uses the ledger directory');
    await ledger.close();
    await expect(access(join(path, 'lock.sock'))).rejects.toThrow();
  });
});
