/** What stands before and behind a match on its line or next to it, in lower case. */
export interface Surroundings {
  readonly before: string;
  readonly after: string;
}

const LENGTH_BEFORE = 48;
const LENGTH_AFTER = 16;

/** The text around a match: 48 characters before it, 16 behind it. */
export function surroundings(text: string, start: number, end: number): Surroundings {
  return {
    before: text.slice(Math.max(0, start - LENGTH_BEFORE), start).toLowerCase(),
    after: text.slice(end, end + LENGTH_AFTER).toLowerCase(),
  };
}
