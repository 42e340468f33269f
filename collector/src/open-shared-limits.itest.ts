import { hasRedis, startRedis } from '../test/support/start-redis.ts';
import type { RedisServer } from '../test/support/start-redis.ts';
import { openSharedLimits } from './open-shared-limits.ts';
import type { SharedLimits } from './open-shared-limits.ts';

const HOUR_MS = 3_600_000;
/** From the middle of an hour on: the windows of the limits end with one. */
const AHEAD_MS = HOUR_MS / 2 - (Date.now() % HOUR_MS);

const isThere = hasRedis();

(isThere ? describe : describe.skip)('two collectors with one Redis', () => {
  let redis: RedisServer;
  const opened: SharedLimits[] = [];
  const fallbacks: string[] = [];
  beforeEach(async () => {
    redis = await startRedis();
    fallbacks.length = 0;
  });
  afterEach(async () => {
    for (const { close } of opened.splice(0)) close();
    await redis.kill();
  });

  /** Resolves when it is connected. */
  const collector = async (limit: number, revoked: readonly string[] = []): Promise<SharedLimits> => {
    let connected: () => void = () => undefined;
    const isConnected = new Promise<void>((resolve) => (connected = resolve));
    const shared = {
      connected: (yes: boolean) => yes && connected(),
      fellBack: (what: string) => fallbacks.push(what),
    };
    const limits = openSharedLimits({
      config: { redisUrl: redis.url, rateLimitPerHour: limit },
      keys: { revoked: () => revoked },
      metrics: { shared },
      now: () => Date.now() + AHEAD_MS,
      exchangeMs: 50,
      // A busy machine must not look like a slow Redis.
      sharedWaitMs: 10_000,
    });
    opened.push(limits);
    await isConnected;
    return limits;
  };

  it('share a limit', async () => {
    const [one, two] = [await collector(100), await collector(100)];
    const takes = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? one : two).rateLimit!.take('key', 10));
    const allowed = (await Promise.all(takes)).filter(({ isAllowed }) => isAllowed);
    expect([allowed.length, fallbacks.includes('rate_limit')]).toEqual([10, false]);
    expect((await one.rateLimit!.take('other', 100)).isAllowed).toBe(true);
  });

  it('fail nothing when it is killed, and share again when it is back', async () => {
    const [one, two] = [await collector(100), await collector(100)];
    await one.rateLimit!.take('key', 40);
    await two.rateLimit!.take('key', 10);
    await redis.kill();
    // Each goes on by what it knows: 40 and 50 are used.
    expect(await one.rateLimit!.take('key', 60)).toMatchObject({ isAllowed: true, remaining: 0 });
    expect(await two.rateLimit!.take('key', 60)).toMatchObject({ isAllowed: false, remaining: 50 });
    expect(new Set(fallbacks).has('rate_limit')).toBe(true);
    redis = await startRedis(Number(new URL(redis.url).port));
    for (const each of [one, two]) {
      for (let before = -1; before !== fallbacks.length;) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        before = fallbacks.length;
        await each.rateLimit!.take('probe', 1);
      }
    }
    await one.rateLimit!.take('again', 30);
    expect(await two.rateLimit!.take('again', 80)).toMatchObject({ isAllowed: false, remaining: 70 });
  });

  it('learn of a key that the other has revoked, and remember it without Redis', async () => {
    await collector(0, ['k-1']);
    const two = await collector(0);
    while (!two.isRevoked('k-1')) await new Promise((resolve) => setTimeout(resolve, 20));
    await redis.kill();
    while (fallbacks.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([two.isRevoked('k-1'), two.isRevoked('k-2')]).toEqual([true, false]);
  });
});

it('without Redis and without a limit there is nothing to ask', () => {
  const { rateLimit, isRevoked, close } = openSharedLimits({
    config: { redisUrl: undefined, rateLimitPerHour: 0 },
    keys: undefined,
    metrics: { shared: { connected: () => undefined, fellBack: () => undefined } },
    now: Date.now,
  });
  expect([rateLimit, isRevoked('a')]).toEqual([undefined, false]);
  close();
});
