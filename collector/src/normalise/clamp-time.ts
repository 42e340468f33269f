/** How far in the future a span may start: clocks of senders are off by hours, not days. */
const MAX_FUTURE_MS = 24 * 60 * 60 * 1000;
const MS_PER_DAY = 24 * 60 * 60 * 1000;
const NS_PER_MS = 1_000_000n;

/** The range of accepted times at one moment, computed once per request. */
export interface AcceptedTimes {
  readonly nowNs: bigint;
  readonly earliestNs: bigint;
  readonly latestNs: bigint;
}

/** [now − retention, now + 24 h], with `nowMs` as Unix milliseconds. */
export function acceptedTimes(nowMs: number, retentionDays: number): AcceptedTimes {
  const nowNs = BigInt(Math.trunc(nowMs)) * NS_PER_MS;
  return {
    nowNs,
    earliestNs: nowNs - BigInt(retentionDays * MS_PER_DAY) * NS_PER_MS,
    latestNs: nowNs + BigInt(MAX_FUTURE_MS) * NS_PER_MS,
  };
}

/** The time itself when it lies in the accepted range (both ends included), else the time of receipt. */
export function clampTime(timeNs: bigint, accepted: AcceptedTimes): bigint {
  return timeNs >= accepted.earliestNs && timeNs <= accepted.latestNs ? timeNs : accepted.nowNs;
}

/** Length in nanoseconds as an exact number; 0 when the end lies before the start; clamped to 2^53−1 (104 days). */
export function durationNs(startNs: bigint, endNs: bigint): number {
  const length = endNs - startNs;
  if (length <= 0n) return 0;
  return length > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(length);
}
