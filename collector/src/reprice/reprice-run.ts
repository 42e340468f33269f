import type { RepriceScope } from './reprice-scope.ts';

/** One run of re-pricing, as `genai.reprice_runs` keeps it. */
export interface RepriceRun extends RepriceScope {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  /** Unix milliseconds; hours before it are done. */
  readonly cursorMs: number;
  readonly examined: number;
  readonly amended: number;
  /** Decimal text, US dollars. */
  readonly deltaUsd: string;
  readonly failure: string;
  /** Which ledger writes it: a run that was cut off goes on where its amendments are. */
  readonly collector: string;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
}

/** What the amendments of a run give as their reason. */
export function repriceReason(id: string): string {
  return `reprice: ${id}`;
}
