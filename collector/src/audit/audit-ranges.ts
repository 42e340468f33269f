import type { Range } from './difference-query.ts';

export const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const WEEK_S = 7 * DAY_S;

/** Looked at by every audit. */
const RECENT_S = 2 * DAY_S;

/**
 * Spans of the shortest retention class are kept 30 days. What is older may be gone from `spans` and rightly still be in the sums,
 * so it cannot be audited.
 */
export const OLDEST_S = 29 * DAY_S;

/** The parts of a range by UTC day, in order. */
export function byDay({ from, to }: Range): Range[] {
  const days: Range[] = [];
  for (let at = from; at < to;) {
    const next = Math.min(to, (Math.floor(at / DAY_S) + 1) * DAY_S);
    days.push({ from: at, to: next });
    at = next;
  }
  return days;
}

/** The whole UTC day around a range that lies in one. */
export function dayOf({ from }: Range): Range {
  const start = Math.floor(from / DAY_S) * DAY_S;
  return { from: start, to: start + DAY_S };
}

/**
 * What an audit looks at, by UTC day, oldest first, no hour twice: the last two days, hours outside of them that got rows lately, and
 * one further week, in turn, so that within four audits every hour that can be audited was looked at. `sweep` = where the week of
 * the last audit began; also gives the one of this. All in Unix seconds, `closed` = end of the last closed hour.
 */
export function auditRanges(
  closed: number,
  touched: readonly number[],
  sweep: number | undefined
): { readonly ranges: readonly Range[]; readonly sweep: number } {
  const oldest = closed - OLDEST_S;
  const recent = closed - RECENT_S;
  const end = sweep !== undefined && sweep > oldest && sweep <= recent ? sweep : recent;
  const start = Math.max(oldest, end - WEEK_S);
  const older = touched
    .filter((hour) => hour >= oldest && hour < start)
    .concat(touched.filter((hour) => hour >= end && hour < recent))
    .map((hour) => ({ from: hour, to: hour + HOUR_S }));
  const ranges = [...older, { from: start, to: end }, { from: recent, to: closed }]
    .flatMap(byDay)
    .sort((a, b) => a.from - b.from);
  return { ranges, sweep: start };
}
