import { createLog } from './log.ts';
import { startSettling } from './start-settling.ts';

test('the books of the ledger are written each run while the settle jobs wait for a store that refuses rows', async () => {
  let written = 0;
  let tell: (() => void) | undefined;
  const twice = new Promise<void>((resolve) => (tell = resolve));
  const settling = startSettling({
    store: { client: {}, ready: new Promise(() => undefined) },
    ledger: {
      epoch: 'e',
      backlog: () => ({ records: 1, spans: 7, bytes: 9, oldestMs: 700_000 }),
      stats: () => ({ totals: {} }),
    },
    book: { source: 'test' },
    inTurn: () => new Promise(() => undefined),
    insertBooks: () => {
      written += 1;
      if (written === 2) tell?.();
      return Promise.resolve();
    },
    metrics: { settled: () => undefined, settleFailed: () => undefined },
    hoursHeld: () => 1,
    log: createLog('silent', process.stderr),
    now: () => 1_000_000,
  } as never);
  void settling.runNow();
  void settling.runNow();
  await twice;
  expect(written).toBe(2);
});
