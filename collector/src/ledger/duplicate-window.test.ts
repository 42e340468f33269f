import fc from 'fast-check';
import { createDuplicateWindow } from './duplicate-window.ts';
import type { DuplicateWindow, LateSpan } from './duplicate-window.ts';

const MINUTE = 60_000;
const NOW = 1_790_000_000_000;
const SEED = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

interface Given {
  now: number;
  lastSequence: number;
  deliveredUpTo: number;
  lookup: (spans: readonly LateSpan[]) => Promise<ReadonlySet<string>>;
}

function setUp(options: { windowMs?: number; capacity?: number } = {}): { window: DuplicateWindow; given: Given } {
  const given: Given = { now: NOW, lastSequence: 0, deliveredUpTo: 0, lookup: () => Promise.resolve(new Set()) };
  const window = createDuplicateWindow({
    seed: SEED,
    now: () => given.now,
    ledger: { lastSequence: () => given.lastSequence, deliveredUpTo: () => given.deliveredUpTo },
    lookup: (spans) => given.lookup(spans),
    ...options,
  });
  return { window, given };
}

function span(id: number, endMs = NOW): Parameters<DuplicateWindow['claim']>[1][number] {
  const traceId = id.toString(16).padStart(32, '0');
  return {
    traceId,
    spanId: traceId.slice(16),
    startTimeUnixNano: BigInt(endMs) * 1_000_000n,
    endTimeUnixNano: BigInt(endMs) * 1_000_000n,
  };
}

async function accept(window: DuplicateWindow, ...ids: number[]): Promise<readonly boolean[]> {
  const claim = await window.claim(
    'acme',
    ids.map((id) => span(id))
  );
  claim.commit();
  return claim.fresh;
}

describe('the duplicate window', () => {
  it('takes a span once, also inside one request, and tells workspaces apart', async () => {
    const { window } = setUp();
    expect(await accept(window, 1, 2, 1)).toEqual([true, true, false]);
    expect(await accept(window, 2, 3)).toEqual([false, true]);
    expect((await window.claim('other', [span(1)])).fresh).toEqual([true]);
  });

  it('gives the fingerprints of the fresh spans, which restore the window in another process', async () => {
    const first = setUp().window;
    const claim = await first.claim('acme', [span(1), span(2), span(1)]);
    expect(claim.freshCount).toBe(2);
    expect(claim.fingerprints).toHaveLength(4);
    const second = setUp().window;
    second.restore([claim.fingerprints]);
    expect(await accept(second, 1, 2, 3)).toEqual([false, false, true]);
  });

  it('lets a repeat wait for the copy that is being committed: then it is a duplicate, and new when the commit fails', async () => {
    for (const [end, expected] of [
      ['commit', [false, true]],
      ['abort', [true, true]],
    ] as const) {
      const { window } = setUp();
      const first = await window.claim('acme', [span(1)]);
      let settled = false;
      const repeat = window.claim('acme', [span(1), span(2)]).finally(() => (settled = true));
      await new Promise(setImmediate);
      expect(settled).toBe(false);
      first[end]();
      expect((await repeat).fresh).toEqual(expected);
    }
  });

  it('does not lock up when two requests repeat each other', async () => {
    const { window } = setUp();
    const first = await window.claim('acme', [span(1)]);
    const others = [window.claim('acme', [span(1), span(2)]), window.claim('acme', [span(2), span(1)])];
    first.abort();
    const [left, right] = await Promise.all([others[0]!.then((claim) => (claim.commit(), claim)), others[1]!]);
    expect([left.fresh, right.fresh]).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it('remembers for the whole window and forgets after it', async () => {
    const { window, given } = setUp();
    for (let minute = 0; minute < 40; minute++) {
      given.now = NOW + minute * MINUTE;
      given.deliveredUpTo = given.lastSequence = minute;
      expect(await accept(window, 1000 + minute)).toEqual([true]);
      if (minute >= 14) expect(await accept(window, 1000 + minute - 14)).toEqual([false]);
    }
    expect(await accept(window, 1005)).toEqual([true]);
    expect(window.stats()).toMatchObject({ shrinks: 0, reachMs: 15 * MINUTE });
  });

  it('remembers what is acknowledged and not delivered, however old it is', async () => {
    const { window, given } = setUp();
    given.lastSequence = 7;
    await accept(window, 1);
    for (let minute = 0; minute < 200; minute += 3) {
      given.now = NOW + minute * MINUTE;
      await accept(window, 1000 + minute);
    }
    expect(await accept(window, 1)).toEqual([false]);
    given.deliveredUpTo = 7;
    for (let minute = 200; minute < 240; minute += 3) {
      given.now = NOW + minute * MINUTE;
      await accept(window, 1000 + minute);
    }
    expect(await accept(window, 1)).toEqual([true]);
  });

  it('stays within its capacity and says how far back it still reaches', async () => {
    const { window, given } = setUp({ capacity: 4000 });
    for (let round = 0; round < 200; round++) {
      given.now += 1000;
      await accept(window, ...Array.from({ length: 100 }, (_, index) => round * 100 + index));
    }
    const stats = window.stats();
    expect(stats.fingerprints).toBeLessThanOrEqual(4000 + 100);
    expect(stats.shrinks).toBeGreaterThan(0);
    expect(stats.reachMs).toBeLessThan(60_000);
    expect(await accept(window, 19_999)).toEqual([false]);
  });

  it('looks up spans that ended before the window, and only those', async () => {
    const { window, given } = setUp();
    const asked: (readonly LateSpan[])[] = [];
    given.lookup = (spans) => {
      asked.push(spans);
      return Promise.resolve(new Set([spans[0]!.traceId + spans[0]!.spanId]));
    };
    const old = NOW - 16 * MINUTE;
    const claim = await window.claim('acme', [span(1, old), span(2, old), span(3)]);
    expect(claim.fresh).toEqual([false, true, true]);
    expect(asked).toEqual([
      [1, 2].map((id) => {
        const { traceId, spanId, startTimeUnixNano } = span(id, old);
        return { workspace: 'acme', traceId, spanId, startTimeUnixNano };
      }),
    ]);
    claim.commit();
    expect((await window.claim('acme', [span(1, old)])).fresh).toEqual([false]);
    expect(asked).toHaveLength(1);
    expect(window.stats()).toMatchObject({ lateDuplicates: 1, unverifiedLate: 0 });
  });

  it('accepts and counts late spans when the store does not answer', async () => {
    const { window, given } = setUp();
    given.lookup = () => Promise.reject(new Error('connect ECONNREFUSED'));
    expect((await window.claim('acme', [span(1, 0), span(2, 0)])).fresh).toEqual([true, true]);
    expect(window.stats()).toMatchObject({ lateDuplicates: 0, unverifiedLate: 2 });
  });

  it('agrees with a plain set under any course of claims, commits and aborts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ids: fc.array(fc.nat({ max: 40 }), { maxLength: 8 }), commits: fc.boolean() }), {
          maxLength: 40,
        }),
        async (requests) => {
          const { window } = setUp();
          const stored = new Set<number>();
          for (const { ids, commits } of requests) {
            const claim = await window.claim(
              'acme',
              ids.map((id) => span(id))
            );
            const seen = new Set(stored);
            const expected = ids.map((id) => !seen.has(id) && seen.add(id) !== undefined);
            expect(claim.fresh).toEqual(expected);
            if (commits) {
              claim.commit();
              for (const id of ids) stored.add(id);
            } else claim.abort();
          }
        }
      )
    );
  });
});
