const DAY_MS = 86_400_000;

/** A part of every UTC day in its milliseconds: `fromMs` inclusive, `toMs` exclusive; from > to wraps over midnight. */
export interface DayHours {
  readonly fromMs: number;
  readonly toMs: number;
}

/** True when a time (Unix milliseconds, also before 1970) lies in these hours. */
export function isWithinHours({ fromMs, toMs }: DayHours, unixMs: number): boolean {
  const time = ((unixMs % DAY_MS) + DAY_MS) % DAY_MS;
  return fromMs <= toMs ? time >= fromMs && time < toMs : time >= fromMs || time < toMs;
}
