/** How many refused rows may go to `genai.dead_letters` before the fault is taken for one of the system, not of the rows. */
export interface DeadLetterAllowance {
  /** Rows that went well earn allowance. */
  readonly earn: (rows: number) => void;
  /** Takes one; false when there is none left: hold the batch, an operator must look. */
  readonly take: () => boolean;
}

/** Share of refused rows that is still ordinary. */
const SHARE = 0.05;
/** For a quiet system, where one bad row may be the whole batch. */
const START_ROWS = 20;
const MOST_ROWS = 500;

/** One for the whole writer: single poison rows pass; a schema fault that refuses everything soon holds. */
export function createDeadLetterAllowance(): DeadLetterAllowance {
  let rows = START_ROWS;
  return {
    earn: (good) => {
      rows = Math.min(MOST_ROWS, rows + good * SHARE);
    },
    take: () => {
      if (rows < 1) return false;
      rows -= 1;
      return true;
    },
  };
}
