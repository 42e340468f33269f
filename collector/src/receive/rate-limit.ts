/** What a key may still send. */
export interface RateState {
  /** Events per window. */
  readonly limit: number;
  readonly remaining: number;
  /** End of the window, Unix seconds. */
  readonly resetAt: number;
}

export interface RateDecision extends RateState {
  readonly isAllowed: boolean;
  /** Whole seconds until the window ends, at least 1. */
  readonly retryAfterSeconds: number;
}

/** Limits how many events (spans and log records) each key may send per window. */
export interface RateLimit {
  /** Counts the events of a request, or refuses it whole. Resolves within `sharedWaitMs`, never rejects. */
  readonly take: (keyId: string, events: number) => Promise<RateDecision>;
  /** The request was not stored after all: its events were not sent. */
  readonly giveBack: (keyId: string, events: number) => void;
  /** As far as this process knows; counts nothing. */
  readonly look: (keyId: string) => RateDecision;
}

/** A window that several collectors share. Rejects, or takes too long, when what holds it does not answer. */
export type SharedWindow = (
  window: string,
  events: number,
  limit: number,
  windowMs: number
) => Promise<{ readonly isAllowed: boolean; readonly used: number }>;

export const RATE_WINDOW_MS = 60 * 60 * 1000;
/** A request waits no longer for the shared window. */
const SHARED_WAIT_MS = 50;
/** After a failure nobody asks for this long, so that a slow Redis costs one request a second its wait, not each. */
const COOL_DOWN_MS = 1000;

const LATE = Symbol('late');

/** Rejects when the promise has not settled in time. A late rejection is nobody's. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ms);
  });
  promise.catch(() => undefined);
  try {
    const result = await Promise.race([promise, late]);
    if (result === LATE) throw new Error('too late');
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Windows of an hour, by the clock, so that collectors agree on them without talking. A request that does not fit into the rest of its
 * window is refused whole and counts nothing; one that is larger than the limit fits into an untouched window, or it could
 * never be sent. With a shared window the smaller rest counts; when that fails this process goes on by what it knows.
 */
export function createRateLimit(options: {
  readonly limit: number;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly shared?: SharedWindow | undefined;
  /** The shared window did not answer; this process decided alone. */
  readonly onFallback?: () => void;
  readonly windowMs?: number;
  readonly sharedWaitMs?: number;
}): RateLimit {
  const { limit, now, shared } = options;
  const windowMs = options.windowMs ?? RATE_WINDOW_MS;
  let window = -1;
  let used = new Map<string, number>();
  let askAgainAt = 0;

  /** Keys are those of the key file, so the map is no larger than it; each window begins with an empty one. */
  const turn = (): void => {
    const current = Math.floor(now() / windowMs);
    if (current === window) return;
    window = current;
    used = new Map();
  };
  const decide = (keyId: string, isAllowed: boolean): RateDecision => {
    const resetMs = (window + 1) * windowMs;
    return {
      isAllowed,
      limit,
      remaining: Math.max(0, limit - (used.get(keyId) ?? 0)),
      resetAt: Math.ceil(resetMs / 1000),
      retryAfterSeconds: Math.max(1, Math.ceil((resetMs - now()) / 1000)),
    };
  };
  const fits = (keyId: string, events: number): boolean => {
    const before = used.get(keyId) ?? 0;
    return before === 0 || before + events <= limit;
  };
  const count = (keyId: string, events: number): void => {
    used.set(keyId, (used.get(keyId) ?? 0) + events);
  };

  return {
    giveBack: (keyId, events) => {
      turn();
      used.set(keyId, Math.max(0, (used.get(keyId) ?? 0) - events));
      if (now() >= askAgainAt) shared?.(`${keyId}:${window}`, -events, limit, windowMs).catch(() => undefined);
    },
    look: (keyId) => {
      turn();
      return decide(keyId, (used.get(keyId) ?? 0) < limit);
    },
    take: async (keyId, events) => {
      turn();
      if (!fits(keyId, events)) return decide(keyId, false);
      // Counted before anything is waited for: requests that run at the same time see each other.
      count(keyId, events);
      if (shared === undefined || now() < askAgainAt) {
        if (shared !== undefined) options.onFallback?.();
        return decide(keyId, true);
      }
      const asked = window;
      try {
        const answer = await within(
          shared(`${keyId}:${asked}`, events, limit, windowMs),
          options.sharedWaitMs ?? SHARED_WAIT_MS
        );
        if (asked === window) {
          if (!answer.isAllowed) count(keyId, -events);
          used.set(keyId, Math.max(used.get(keyId) ?? 0, answer.used));
        }
        return decide(keyId, answer.isAllowed);
      } catch {
        askAgainAt = now() + COOL_DOWN_MS;
        options.onFallback?.();
        return decide(keyId, true);
      }
    },
  };
}
