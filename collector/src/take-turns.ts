interface Turn {
  /** Whether another job waits for its turn. */
  readonly isAwaited: () => boolean;
}

/** Runs one thing at a time, in the order in which they were asked for; a failure of one is its own. */
export type InTurn = <T>(run: (turn: Turn) => Promise<T>) => Promise<T>;

/**
 * Makes a queue for jobs that amend spans. Each reads rows and writes their next revision: two at once would both make the same
 * revision of a span, and the rollups would count both differences.
 */
export function takeTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const isAwaited = (): boolean => waiting > 0;
  return (run) => {
    waiting += 1;
    const turn = last.then(() => {
      waiting -= 1;
      return run({ isAwaited });
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}
