import type { SpanRow } from '../span-row.ts';
import type { TableRows } from '../table-rows.ts';
import { createEncoders } from './encoders.ts';

/** A span as the store counts it now and as it shall count. */
export interface SpanAmendment {
  readonly before: SpanRow;
  /** Same workspace, trace, span and timestamp as before; its revision is the one before plus 1. */
  readonly after: SpanRow;
  readonly reason: string;
}

const sameSpan = (a: SpanRow, b: SpanRow) =>
  a.workspace === b.workspace && a.traceId === b.traceId && a.spanId === b.spanId && a.timestampNs === b.timestampNs;

/**
 * Returns the function that makes the rows of amendments: the whole new revision for `genai.spans`, and for the rollups the
 * difference as two signed rows of `genai.span_amendments`. All of it belongs into one ledger record, or sums and spans part.
 * Throws when before and after are not the same span or the revision does not go up by one: either would corrupt the rollups.
 */
export function createEncodeAmendments(options: {
  /** Unix milliseconds. */
  readonly now: () => number;
}): (amendments: readonly SpanAmendment[]) => TableRows[] {
  const encoders = createEncoders();
  return (amendments) => {
    const amendedAtMs = options.now();
    for (const { before, after } of amendments) {
      if (!sameSpan(before, after)) throw new Error('An amendment may not change which span it is');
      if (after.revision !== before.revision + 1) throw new Error('An amendment must be the next revision');
    }
    const signed = amendments.flatMap(({ before, after, reason }) => {
      const shared = { revision: after.revision, reason, amendedAtMs };
      return [
        { span: before, sign: -1 as const, ...shared },
        { span: after, sign: 1 as const, ...shared },
      ];
    });
    const tables = [encoders.spans.encode(amendments.map(({ after }) => after)), encoders.amendments.encode(signed)];
    return tables.filter((rows) => rows !== undefined);
  };
}
