/** Milliseconds to wait before the next start after this many failures in a row: doubled each time, up to the longest. */
export function restartDelay(failures: number, firstMs: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures, 30));
}
