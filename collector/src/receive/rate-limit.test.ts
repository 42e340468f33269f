import { createRateLimit, RATE_WINDOW_MS } from './rate-limit.ts';
import type { SharedWindow } from './rate-limit.ts';

const START_MS = 500_000 * RATE_WINDOW_MS;

describe('the rate limit', () => {
  const make = (limit: number, shared?: SharedWindow) => {
    const clock = { ms: START_MS + 1_000 };
    const fallbacks: number[] = [];
    const rate = createRateLimit({
      limit,
      now: () => clock.ms,
      shared,
      sharedWaitMs: 20,
      onFallback: () => fallbacks.push(clock.ms),
    });
    return { clock, fallbacks, ...rate };
  };
  const resetAt = (START_MS + RATE_WINDOW_MS) / 1000;

  it('counts each key by itself, refuses what does not fit whole, and begins anew with the hour', async () => {
    const { take, look, clock } = make(10);
    expect(await take('a', 7)).toEqual({ isAllowed: true, limit: 10, remaining: 3, resetAt, retryAfterSeconds: 3599 });
    expect(await take('a', 4)).toMatchObject({ isAllowed: false, remaining: 3 });
    expect(await take('a', 3)).toMatchObject({ isAllowed: true, remaining: 0 });
    expect(look('a').isAllowed).toBe(false);
    expect(await take('b', 10)).toMatchObject({ isAllowed: true, remaining: 0 });
    clock.ms = START_MS + RATE_WINDOW_MS;
    expect(look('a')).toMatchObject({ isAllowed: true, remaining: 10 });
  });

  it('lets a request that is larger than the limit through once, or it could never be sent', async () => {
    const { take } = make(10);
    expect((await take('a', 25)).isAllowed).toBe(true);
    expect((await take('a', 1)).isAllowed).toBe(false);
  });

  it('gives back what was not stored', async () => {
    const { take, giveBack } = make(10);
    await take('a', 10);
    giveBack('a', 4);
    expect(await take('a', 4)).toMatchObject({ isAllowed: true, remaining: 0 });
  });

  it('does not let requests through together that fit only one by one', async () => {
    const { take } = make(10, () => new Promise(() => undefined));
    const both = await Promise.all([take('a', 6), take('a', 6)]);
    expect(both.map(({ isAllowed }) => isAllowed)).toEqual([true, false]);
  });

  it('takes the word of the others where it is stricter', async () => {
    const { take, fallbacks } = make(10, () => Promise.resolve({ isAllowed: false, used: 9 }));
    expect(await take('a', 2)).toMatchObject({ isAllowed: false, remaining: 1 });
    expect(fallbacks).toEqual([]);
  });

  it('goes on alone when the shared window fails or is late, and asks again a second later', async () => {
    const answers = [
      () => Promise.reject(new Error('gone')),
      () => new Promise<never>(() => undefined),
      () => Promise.resolve({ isAllowed: true, used: 8 }),
    ];
    let asked = 0;
    const { take, clock, fallbacks } = make(10, () => answers[asked++]!());
    expect((await take('a', 1)).isAllowed).toBe(true);
    expect((await take('a', 1)).isAllowed).toBe(true);
    expect(asked).toBe(1);
    clock.ms += 1_000;
    expect((await take('a', 1)).isAllowed).toBe(true);
    clock.ms += 1_000;
    expect(await take('a', 1)).toMatchObject({ isAllowed: true, remaining: 2 });
    expect([asked, fallbacks.length]).toEqual([3, 3]);
  });
});
