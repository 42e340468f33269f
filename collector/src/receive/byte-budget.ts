/** A share of the budget, held by one request. */
export interface ByteReservation {
  /** Takes more; false when the budget has no room, and then nothing was taken. */
  readonly take: (bytes: number) => boolean;
  /** Gives everything back; may be called twice. */
  readonly release: () => void;
}

export interface ByteBudget {
  readonly reserve: () => ByteReservation;
  readonly inUse: () => number;
}

/**
 * Bounds the bytes that all requests hold together, so that many senders cannot do what one may not. While `admits` says no,
 * requests that hold nothing yet get nothing: what could not be kept in the end need not be read.
 */
export function createByteBudget(limit: number, admits: () => boolean = () => true): ByteBudget {
  let inUse = 0;
  return {
    inUse: () => inUse,
    reserve: () => {
      let held = 0;
      return {
        take: (bytes) => {
          if (inUse + bytes > limit || (held === 0 && !admits())) return false;
          inUse += bytes;
          held += bytes;
          return true;
        },
        release: () => {
          inUse -= held;
          held = 0;
        },
      };
    },
  };
}
