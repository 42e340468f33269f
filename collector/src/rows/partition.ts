const NS_PER_DAY = 86_400_000_000_000n;
const MS_PER_DAY = 86_400_000;
const DAYS_PER_WEEK = 7;
/** 1970-01-01 was a Thursday; ClickHouse's weeks begin on Monday. */
const FIRST_MONDAY_OFFSET = 3;
/** More than the days or weeks in any accepted timestamp. */
const CLASS_STEP = 1_000_000;

/** UTC day of a time, counted from 1970. */
function dayOf(timestampNs: bigint): number {
  return Number(timestampNs / NS_PER_DAY);
}

/** A number for the partition (retention_days, toMonday(timestamp)). */
export function weekPartition(timestampNs: bigint, retentionDays: number): number {
  return retentionDays * CLASS_STEP + Math.floor((dayOf(timestampNs) + FIRST_MONDAY_OFFSET) / DAYS_PER_WEEK);
}

/** A number for the partition (retention_days, toDate(timestamp)); without a retention class also for toDate(timestamp). */
export function dayPartition(timestampNs: bigint, retentionDays = 0): number {
  return retentionDays * CLASS_STEP + dayOf(timestampNs);
}

/** A number for the partition (retention_days, toYYYYMM(timestamp)); without a retention class also for toYYYYMM(timestamp). */
export function monthPartition(timestampNs: bigint, retentionDays = 0): number {
  const date = new Date(dayOf(timestampNs) * MS_PER_DAY);
  return retentionDays * CLASS_STEP + date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
}
