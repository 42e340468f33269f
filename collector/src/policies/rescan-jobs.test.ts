import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { createRescanJobs, type RescanJobs } from './rescan-jobs.ts';
import type { createRescan } from './rescan.ts';
import { startRegistry } from './testing/start-registry.ts';

type Rescan = ReturnType<typeof createRescan>;

const noLog = { error: () => undefined, warn: () => undefined } as unknown as Log;
const PERIOD = { workspace: 'shop', by: 'key', fromNs: 10n, toNs: 90n };
const COUNTS = { spans: 5, changedSpans: 1, findings: 2, uncheckedSpans: 0 };
const half = { ns: '50', traceId: 't', spanId: 's' };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rescans-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const jobsWith = (rescan: Rescan): RescanJobs =>
  createRescanJobs({
    path: join(directory, 'rescans.json'),
    registry: startRegistry().registry,
    log: noLog,
    now: () => 1000,
    retryMs: 1,
    rescan,
  });
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('re-scan jobs', () => {
  it('go on after a restart where they were, and count once', async () => {
    let stuck = false;
    const first = jobsWith(async (_policy, _period, _begin, onProgress, isStopped) => {
      await onProgress(half, COUNTS);
      stuck = true;
      await until(isStopped);
    });
    first.start();
    const job = await first.add(PERIOD);
    await until(() => stuck);
    await first.stop();

    const begun: unknown[] = [];
    const second = jobsWith(async (_policy, period, begin, onProgress) => {
      begun.push(period, begin);
      await onProgress(undefined, COUNTS);
    });
    second.start();
    await until(() => second.find('shop', job!.id)?.state === 'done');
    expect(begun).toEqual([{ workspace: 'shop', fromNs: 10n, toNs: 90n }, half]);
    expect(second.find('shop', job!.id)).toMatchObject({ spans: 10, changedSpans: 2, findings: 4, trouble: '' });
    await second.stop();
  });

  it('wait for a store that is down', async () => {
    let tries = 0;
    const jobs = jobsWith(async (_policy, _period, _begin, onProgress) => {
      tries += 1;
      if (tries < 3) throw new Error('the store is down');
      await onProgress(undefined, COUNTS);
    });
    jobs.start();
    const job = await jobs.add(PERIOD);
    await until(() => jobs.find('shop', job!.id)?.state === 'done');
    expect(tries).toBe(3);
    await jobs.stop();
  });

  it('belong to their workspace, can be cancelled, and do not pile up', async () => {
    const jobs = jobsWith((_policy, _period, _begin, _onProgress, isStopped) => until(isStopped));
    const added = await Promise.all(Array.from({ length: 10 }, () => jobs.add(PERIOD)));
    expect(await jobs.add(PERIOD)).toBeUndefined();
    const { id } = added[0]!;
    expect([jobs.find('bank', id), await jobs.cancel('bank', id), jobs.list('bank')]).toEqual([
      undefined,
      undefined,
      [],
    ]);
    expect((await jobs.cancel('shop', id))?.state).toBe('cancelled');
    expect((await jobs.add(PERIOD))?.state).toBe('waiting');
    expect(jobs.list('shop')).toHaveLength(11);
    await jobs.stop();
  });
});
