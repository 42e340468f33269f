import { createReprice } from './reprice.ts';
import type { RepriceRun } from './reprice-run.ts';
import type { RunTable } from './run-table.ts';

const SCOPE = { workspace: 'shop', from: '2026-03-01', to: '2026-03-03', provider: '', model: '' };
const HOUR_MS = 3_600_000;

function memoryRuns(): RunTable & { readonly saved: RepriceRun[] } {
  const saved: RepriceRun[] = [];
  const latest = (): RepriceRun[] => [...new Map(saved.map((run) => [run.id, run])).values()];
  return {
    saved,
    save: (run) => Promise.resolve(void saved.push(run)),
    list: () => Promise.resolve(latest()),
    running: () => Promise.resolve(latest().filter(({ state }) => state === 'running')),
    totals: () => Promise.resolve({ amended: 7, deltaUsd: '1.5' }),
  };
}

type Spans = Parameters<typeof createReprice>[0]['repriceSpans'];

function start(runs: RunTable, repriceSpans: Spans, collector = 'one', now = 1_000) {
  const failures: unknown[] = [];
  const reprice = createReprice({
    runs,
    repriceSpans,
    collector,
    now: () => now,
    onFailure: (_, error) => failures.push(error),
  });
  return { ...reprice, failures };
}

it('writes down how far it is, and at the end what the amendments say', async () => {
  const runs = memoryRuns();
  const reprice = start(runs, async (run, onTurn) => {
    await onTurn(run.cursorMs + HOUR_MS, 10);
    await onTurn(run.cursorMs + 48 * HOUR_MS, 5);
  });
  const run = await reprice.start(SCOPE, 'ada');
  await reprice.idle();
  expect(run).toMatchObject({ ...SCOPE, state: 'running', startedBy: 'ada', examined: 0 });
  expect(runs.saved.map(({ state, examined, amended, deltaUsd }) => [state, examined, amended, deltaUsd])).toEqual([
    ['running', 0, 0, '0'],
    ['running', 10, 0, '0'],
    ['running', 15, 0, '0'],
    ['done', 15, 7, '1.5'],
  ]);
  const times = runs.saved.map(({ updatedAtMs }) => updatedAtMs);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
});

it('lets one run at a time, here and in another collector', async () => {
  const runs = memoryRuns();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const here = start(runs, () => held);
  const [first, second] = await Promise.all([here.start(SCOPE, 'ada'), here.start(SCOPE, 'ada')]);
  expect([typeof first, second]).toEqual(['object', 'busy']);
  const nothing = (): Promise<void> => Promise.resolve();
  expect(await start(runs, nothing, 'two').start(SCOPE, 'eve')).toBe('busy');
  expect(await start(runs, nothing, 'two').start({ ...SCOPE, workspace: 'other' }, 'eve')).toMatchObject({
    state: 'running',
  });
  expect(await start(runs, nothing, 'three', 2 * HOUR_MS).start(SCOPE, 'eve')).toMatchObject({ state: 'running' });
  release();
  await here.idle();
});

it('goes on after a start where it was cut off, with its own runs alone', async () => {
  const runs = memoryRuns();
  const cut = start(runs, async (run, onTurn) => {
    await onTurn(run.cursorMs + HOUR_MS, 10);
    await new Promise(() => undefined);
  });
  const run = (await cut.start(SCOPE, 'ada')) as RepriceRun;
  while (runs.saved.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const cursors: number[] = [];
  const note: Spans = (at) => Promise.resolve(void cursors.push(at.cursorMs));
  const other = start(runs, note, 'two');
  await other.resume();
  await other.idle();
  expect(cursors).toEqual([]);
  const again = start(runs, note);
  await again.resume();
  await again.idle();
  expect(cursors).toEqual([run.cursorMs + HOUR_MS]);
  expect(runs.saved.at(-1)).toMatchObject({ id: run.id, state: 'done', examined: 10, amended: 7 });
});

it('stops between turns and stays to be continued', async () => {
  const runs = memoryRuns();
  let turns = 0;
  const reprice = start(runs, async (run, onTurn) => {
    for (;;) {
      turns += 1;
      await onTurn(run.cursorMs + turns * HOUR_MS, 1);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });
  await reprice.start(SCOPE, 'ada');
  while (turns < 3) await new Promise((resolve) => setImmediate(resolve));
  await reprice.stop();
  expect(runs.saved.at(-1)).toMatchObject({ state: 'running' });
  expect(await reprice.start(SCOPE, 'ada')).toBe('busy');
});
