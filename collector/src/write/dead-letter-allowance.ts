/** How many refused rows may go to `genai.dead_letters` before the fault is taken for one of the system, not of the rows. */
export interface DeadLetterAllowance {
  /** Rows that went well earn allowance. */
  readonly earn: (rows: number) => void;
  /** Takes so many, or none and says false: hold them, an operator must look. */
  readonly take: (rows: number) => boolean;
  readonly left: () => number;
}

/** Share of refused rows that is still ordinary. */
export const ORDINARY_SHARE = 0.05;
/** For a quiet system, where one bad row may be the whole batch. */
const START_ROWS = 20;
/** The ordinary share of the largest batch. */
const MOST_ROWS = 2000;

/** One for the whole writer: single poison rows pass; a schema fault that refuses everything soon holds. */
export function createDeadLetterAllowance(): DeadLetterAllowance {
  let rows = START_ROWS;
  return {
    earn: (good) => {
      rows = Math.min(MOST_ROWS, rows + good * ORDINARY_SHARE);
    },
    take: (wanted) => {
      if (rows < wanted) return false;
      rows -= wanted;
      return true;
    },
    left: () => rows,
  };
}
