import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runKills } from './support/kill-run.ts';
import { makeKeys } from './support/make-keys.ts';

/** The long run of the same is `npm run test:faults`. */
const SEED = 11;

it('what was acknowledged is stored once and the books balance, whichever process is killed when', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'spanledger-kills-'));
  try {
    const setup = await makeKeys(directory, ['acme', 'globex']);
    const run = await runKills({ setup, seed: SEED, kills: 5, lookEvery: 5 });
    expect(run.faults).toEqual([]);
    expect(run.oracle.acknowledged.size).toBeGreaterThan(0);
    expect(run.groups).toBeGreaterThan(0);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
