import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDataDirectory } from './check-data-directory.ts';

const GIB = 2 ** 30;
const roomy = (): Promise<number> => Promise.resolve(5.25 * GIB);

describe('the check of the data directory', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'spanledger-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is content with one that is there, or that can be made', async () => {
    for (const path of [directory, join(directory, 'a', 'b')]) {
      expect(await checkDataDirectory(path, roomy)).toEqual({
        state: 'ok',
        message: `${path} can be written, 5.3 GiB free`,
      });
    }
  });

  it('finds a full disk', async () => {
    expect(await checkDataDirectory(directory, () => Promise.resolve(GIB / 2))).toEqual({
      state: 'fault',
      message: `${directory} has only 0.5 GiB free`,
      advice: 'make room: with less than 1 GiB the collector refuses telemetry',
    });
  });

  it('finds a file in its place, and a path through a file', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    expect(await checkDataDirectory(file, roomy)).toMatchObject({
      state: 'fault',
      message: `${file} is not a directory`,
    });
    expect(await checkDataDirectory(join(file, 'data'), roomy)).toMatchObject({
      state: 'fault',
      message: `${join(file, 'data')} cannot be written (ENOTDIR)`,
    });
  });
});
