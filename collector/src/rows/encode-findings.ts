import type { TableRows } from '../table-rows.ts';
import { createEncoders } from './encoders.ts';
import type { FindingRow } from './finding-columns.ts';

/** Returns the function that makes the block of `genai.findings`; nothing when there are no rows. */
export function createEncodeFindings(): (rows: readonly FindingRow[]) => TableRows[] {
  const { findings } = createEncoders();
  return (rows) => [findings.encode(rows)].filter((block) => block !== undefined);
}
