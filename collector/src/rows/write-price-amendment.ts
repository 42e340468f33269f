import type { ReadCall, StoredCost } from '../stored-call.ts';
import { COST_STATES } from './enums.ts';
import type { RowBinaryWriter } from './row-binary.ts';

/** A row of `genai.price_amendments`. */
export interface PriceAmendmentRow {
  /** As the store holds it. */
  readonly call: ReadCall;
  readonly after: StoredCost;
  readonly reason: string;
  readonly amendedAtMs: number;
}

/** Writes a row in the order of `PRICE_AMENDMENT_COLUMNS`; what the amendment does not change is copied as it was read. */
export function writePriceAmendment(
  writer: RowBinaryWriter,
  { call, after, reason, amendedAtMs }: PriceAmendmentRow
): void {
  const { bytes } = call;
  writer.string(call.workspace);
  writer.uint64(amendedAtMs);
  writer.copy(bytes, call.identityAt, call.identityEnd);
  writer.uint32(call.revision + 1);
  writer.copy(bytes, call.dimensionsAt, call.costAt);
  writer.int64(after.costPico);
  writer.int64(after.inputCostPico);
  writer.int64(after.outputCostPico);
  writer.int64(after.cacheReadCostPico);
  writer.int64(after.cacheWriteCostPico);
  writer.int64(after.requestCostPico);
  writer.int64(after.cacheSavingsPico);
  writer.int8(COST_STATES[after.costState]);
  writer.string(after.priceId);
  writer.copy(bytes, call.costAt, call.costEnd);
  writer.string(reason);
}
