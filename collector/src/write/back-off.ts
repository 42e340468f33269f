import { setTimeout as delay } from 'node:timers/promises';

/** Waits before the next attempt; rejects when the signal aborts. */
export type BackOff = (attempt: number, signal: AbortSignal) => Promise<void>;

const FIRST_MS = 200;
const LONGEST_MS = 10_000;

/** Doubles from 0.2 s to 10 s, each time with a random share between a half and the whole. */
export const waitWithJitter: BackOff = async (attempt, signal) => {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  await delay(ceiling * (0.5 + Math.random() / 2), undefined, { signal, ref: false });
};
