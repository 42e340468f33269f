const HOURS_PER_DAY = 24;
const MS_PER_HOUR = 3_600_000;

/** Hours are counted from the Unix epoch. */
export interface DemoMonth {
  /** The first hour that no longer belongs to the month; the events of the month lie relative to it. */
  readonly endHour: number;
  readonly days: number;
  /** 1 = all of the everyday traffic; the events are always complete. */
  readonly volume: number;
}

export const DEMO_DAYS = 30;

/** The month that ends with the last full UTC hour before `nowMs`. */
export function demoMonthEndingAt(nowMs: number): DemoMonth {
  return { endHour: Math.floor(nowMs / MS_PER_HOUR), days: DEMO_DAYS, volume: 1 };
}

export function firstHourOf(month: DemoMonth): number {
  return month.endHour - month.days * HOURS_PER_DAY;
}

/** The eight digits with which the ids of all traces of an hour begin: its start in Unix seconds, as X-Ray ids have it. */
export function tracePrefixOf(hour: number): string {
  return (hour * 3600).toString(16).padStart(8, '0');
}

export function hourOfTracePrefix(prefix: string): number {
  return Number.parseInt(prefix, 16) / 3600;
}

/** `2026-11-21T13:00:00Z` */
export function textOfHour(hour: number): string {
  return new Date(hour * MS_PER_HOUR).toISOString().replace('.000', '');
}

/** Undefined when the text is not the start of an hour. */
export function hourOfText(text: string): number | undefined {
  const hour = Date.parse(text) / MS_PER_HOUR;
  return Number.isInteger(hour) ? hour : undefined;
}
