import { ErrorCode, Refusal } from './sql/refusal.ts';

/** A bounded number of statements at once, and a bounded queue before it. */
export interface Lane {
  /**
   * Runs `work` when a place is free. Rejects with code 202 when the queue is full or the wait was too long, and with
   * 394 when `signal` fires while it waits (then `work` never starts).
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  readonly running: number;
  readonly waiting: number;
}

export interface LaneOptions {
  readonly name: string;
  readonly places: number;
  readonly queue: number;
  /** Longest wait in the queue, milliseconds. */
  readonly waitMs: number;
}

interface Waiter {
  start(): void;
}

/** Makes a lane: reads, inserts and changes each have one, so that slow SELECTs never stop inserts. */
export function createLane({ name, places, queue, waitMs }: LaneOptions): Lane {
  let running = 0;
  const waiters = new Set<Waiter>();

  function release(): void {
    running -= 1;
    const [next] = waiters;
    if (next !== undefined) next.start();
  }

  function wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (error?: Refusal): void => {
        waiters.delete(waiter);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        if (error === undefined) resolve();
        else reject(error);
      };
      const waiter: Waiter = {
        start() {
          running += 1;
          leave();
        },
      };
      const abort = (): void =>
        leave(new Refusal(ErrorCode.QUERY_WAS_CANCELLED, 'The client left while the statement waited.'));
      const timer = setTimeout(() => leave(busy(name)), waitMs);
      signal?.addEventListener('abort', abort, { once: true });
      waiters.add(waiter);
    });
  }

  return {
    async run(work, signal) {
      if (running < places) running += 1;
      else if (waiters.size >= queue) throw busy(name);
      else await wait(signal);
      try {
        return await work();
      } finally {
        release();
      }
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiters.size;
    },
  };
}

function busy(name: string): Refusal {
  return new Refusal(
    ErrorCode.TOO_MANY_SIMULTANEOUS_QUERIES,
    `Too many simultaneous queries: all places for ${name} are taken.`
  );
}
