import fc from 'fast-check';
import { createSteadyClock } from './steady-clock.ts';

describe('the clock of the collector', () => {
  it('is the wall clock, also when that is set forward', () => {
    let wall = 1000;
    const now = createSteadyClock(
      () => wall,
      () => wall
    );
    expect([now(), (wall = 1500) && now(), (wall = 900_000) && now()]).toEqual([1000, 1500, 900_000]);
  });

  it('goes on at half its pace when the wall clock is set back, until the two meet', () => {
    let elapsed = 0;
    let set = 1_000_000;
    const now = createSteadyClock(
      () => set + elapsed,
      () => elapsed
    );
    expect(now()).toBe(1_000_000);
    set -= 3000;
    expect(now()).toBe(1_000_000);
    elapsed = 1000;
    expect(now()).toBe(1_000_500);
    // Asked often, so that parts of a millisecond must not be lost.
    for (; elapsed < 2000; elapsed += 0.5) now();
    expect(now()).toBe(1_001_000);
    elapsed = 6000;
    expect(now()).toBe(1_003_000);
    elapsed = 7000;
    expect(now()).toBe(1_004_000);
  });

  it('never goes back, whatever the wall clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -10_000, max: 10_000 }), fc.nat({ max: 1000 })), { maxLength: 50 }),
        (steps) => {
          let wall = 1_000_000;
          let elapsed = 0;
          const now = createSteadyClock(
            () => wall,
            () => elapsed
          );
          let before = now();
          for (const [jump, passed] of steps) {
            wall += jump + passed;
            elapsed += passed;
            const after = now();
            expect(after).toBeGreaterThanOrEqual(Math.max(before, wall));
            before = after;
          }
        }
      )
    );
  });
});
