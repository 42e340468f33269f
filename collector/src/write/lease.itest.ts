import type { ClickHouseClient } from '@clickhouse/client';
import { startMigratedStore } from '../../test/support/start-migrated-store.ts';
import type { Store } from '../../test/support/start-store.ts';
import { createTakeLease } from './lease.ts';
import type { Lease, TakeLease } from './lease.ts';

/** A busy machine must not look like a holder that was killed. */
const TTL_MS = 6_000;

describe('leases in a real store', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startMigratedStore();
  });
  afterAll(() => store.stop());

  const open = (holder: string, options: { client?: Lettable['client']; now?: () => number } = {}): TakeLease =>
    createTakeLease({ client: store.client, database: 'genai', holder, now: Date.now, ttlMs: TTL_MS, ...options });

  /** The store as a process sees it that can be cut off from it, as by a kill. */
  interface Lettable {
    readonly client: Pick<ClickHouseClient, 'query' | 'insert'>;
    isCut: boolean;
  }
  function cuttable(): Lettable {
    const refused = () => Promise.reject(new Error('cut off'));
    const lettable: Lettable = {
      isCut: false,
      client: {
        query: (...given: Parameters<ClickHouseClient['query']>) =>
          lettable.isCut ? refused() : store.client.query(...given),
        insert: (...given: Parameters<ClickHouseClient['insert']>) =>
          lettable.isCut ? refused() : store.client.insert(...given),
      },
    };
    return lettable;
  }

  async function takeWithin(take: TakeLease, name: string, ms = Infinity): Promise<Lease | undefined> {
    for (const until = Date.now() + ms; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const lease = await take(name);
      if (lease !== undefined) return lease;
    }
    return undefined;
  }

  it('is held by one for as long as it lives, however long that is, and handed on with its position', async () => {
    const held = (await open('one')('long'))!;
    await held.renew('half-way');
    expect(await takeWithin(open('two'), 'long', 3 * TTL_MS)).toBeUndefined();
    expect(held.isHeld()).toBe(true);
    await held.release('the end');
    const next = (await open('two')('long'))!;
    expect([next.term, next.position]).toEqual([held.term + 1, 'the end']);
    await next.release('');
  });

  it('is free again soon after its holder was killed, which begins nothing more', async () => {
    const killed = cuttable();
    const held = (await open('killed', killed)('soon'))!;
    await held.renew('half-way');
    killed.isCut = true;
    const next = (await takeWithin(open('two'), 'soon'))!;
    expect([next.position, held.isHeld()]).toEqual(['half-way', false]);
    killed.isCut = false;
    await expect(held.renew('further')).rejects.toThrow('ran out');
    await held.release('further');
    expect(next.isHeld()).toBe(true);
    expect(await open('three')('soon')).toBeUndefined();
    await next.release('further than that');
    expect((await open('three')('soon'))!.position).toBe('further than that');
  });

  it('is not prolonged by a clock that is set back, and given up when the machine slept', async () => {
    let aheadMs = 0;
    const killed = cuttable();
    const now = () => Date.now() + aheadMs;
    const held = (await open('one', { ...killed, now })('clock'))!;
    aheadMs = -3_600_000;
    killed.isCut = true;
    expect(await takeWithin(open('two'), 'clock')).toBeDefined();
    expect(held.isHeld()).toBe(false);

    const asleep = (await open('one', { now })('sleep'))!;
    expect(asleep.isHeld()).toBe(true);
    aheadMs += TTL_MS;
    expect(asleep.isHeld()).toBe(false);
    await asleep.release('');
  });

  it('has one holder of many that ask at once', async () => {
    const leases = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => open(holder)('rush')));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });
});
