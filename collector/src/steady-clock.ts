/** While it is ahead of the wall clock it goes at this share of its pace, so an hour is made up for in two. */
const CATCH_UP_PACE = 0.5;

/**
 * A clock in Unix milliseconds (whole ones) that never goes back and never stands still. It is the wall clock, except after that
 * was set back: then it goes on from where it was, slower, until the two meet. So what was accepted later never looks older, which
 * the forwarder and the audit rely on, and nothing that waits until a moment waits an hour for it. `elapsed` counts milliseconds and
 * is moved by nobody.
 */
export function createSteadyClock(wall: () => number, elapsed: () => number): () => number {
  let last = wall();
  let lastElapsed = elapsed();
  return () => {
    const passed = elapsed();
    last = Math.max(wall(), last + Math.max(0, passed - lastElapsed) * CATCH_UP_PACE);
    lastElapsed = passed;
    return Math.floor(last);
  };
}
