import type { TableColumns, TableRows } from '../table-rows.ts';

/** Consecutive records inserted as one batch, by the sequences of the first and the last. */
export interface DeliveryPlan {
  readonly first: number;
  readonly last: number;
  /** Of the run that made it, part of its tokens; plans of older versions have none. */
  readonly run?: string | undefined;
}

/** One acknowledged request. */
export interface DeliveryRecord {
  readonly sequence: number;
  readonly acceptedAtMs: number;
  readonly tables: readonly TableRows[];
  readonly columns: readonly TableColumns[];
  readonly bytes: number;
  /** A plan of an earlier run that must be repeated exactly: its inserts may have happened. */
  readonly plan: DeliveryPlan | undefined;
}

/** What the writer needs of the ledger. */
export interface DeliveryLedger {
  readonly epoch: string;
  readonly next: () => Promise<DeliveryRecord | undefined>;
  readonly onRecord: (listener: () => void) => void;
  readonly savePlan: (plan: DeliveryPlan) => Promise<boolean>;
  readonly saveSplit: (token: string) => Promise<boolean>;
  readonly isSplit: (token: string) => boolean;
  readonly markDelivered: (
    plan: DeliveryPlan,
    deadLettered: { readonly deadLetteredSpans: number; readonly deadLetteredFragments: number }
  ) => Promise<void>;
  readonly backlog: () => { readonly records: number };
}
