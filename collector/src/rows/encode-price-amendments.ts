import type { ReadCall, StoredCost } from '../stored-call.ts';
import type { TableRows } from '../table-rows.ts';
import { createEncoders } from './encoders.ts';

/** A stored call in its last revision, and its cost in the next one. */
export interface PriceAmendment {
  readonly call: ReadCall;
  readonly after: StoredCost;
  readonly reason: string;
}

/**
 * Returns the function that makes the rows of `genai.price_amendments`; all of one block bear the same time. The block is all that the
 * ledger needs: the writer makes the next revisions of the spans from it when the store has it.
 */
export function createEncodePriceAmendments(options: {
  /** Unix milliseconds. */
  readonly now: () => number;
}): (amendments: readonly PriceAmendment[]) => TableRows[] {
  const { priceAmendments } = createEncoders();
  return (amendments) => {
    const amendedAtMs = options.now();
    const block = priceAmendments.encode(
      amendments.map(({ call, after, reason }) => ({ call, after, reason, amendedAtMs }))
    );
    return block === undefined ? [] : [block];
  };
}
