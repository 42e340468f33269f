import type { DeliveredCounts } from './accounting.ts';

/** Consecutive records that are inserted as one batch, by the sequences of the first and the last. */
export interface Plan {
  readonly first: number;
  readonly last: number;
  /** Of the run that made it, part of its tokens; plans of older versions have none. */
  readonly run?: string | undefined;
}

/** Payload of a `delivered` frame: the plan is done, and what became of its spans. */
export interface DeliveredPlan extends Plan, DeliveredCounts {}

/** Payload of a `split` frame: the insert with this token must never be sent again, its halves are sent instead. */
export interface Split {
  readonly token: string;
}

export function encodeJson(value: Plan | DeliveredPlan | Split): readonly Uint8Array[] {
  return [Buffer.from(JSON.stringify(value))];
}

export function decodeJson(payload: Buffer): unknown {
  return JSON.parse(payload.toString('utf8'));
}
