import { Counter, Gauge, type Registry } from 'prom-client';

/** The audit's counters. */
export interface CountAudits {
  readonly audited: (
    outcome: 'done' | 'busy' | 'early',
    closedUntil: number,
    findings: readonly { readonly state: string; readonly calls: number }[]
  ) => void;
  readonly failed: () => void;
}

export function createCountAudits(registry: Registry): CountAudits {
  const registers = [registry];
  const runs = new Counter({
    name: 'spanledger_audit_runs_total',
    help: 'Audits by outcome: done, busy (another process audits), early (nothing to do yet), failed',
    labelNames: ['outcome'],
    registers,
  });
  const differences = new Counter({
    name: 'spanledger_audit_differences_total',
    help: 'Hours of a table of sums that differed from the spans, by what was done: repaired, held (needs a person)',
    labelNames: ['state'],
    registers,
  });
  const calls = new Counter({
    name: 'spanledger_audit_difference_calls_total',
    help: 'Operations counted too often or not at all in these',
    registers,
  });
  const closed = new Gauge({
    name: 'spanledger_audit_closed_until_timestamp_seconds',
    help: 'End of the last hour that this process audited, Unix seconds; 0 = none yet',
    registers,
  });
  for (const state of ['repaired', 'held']) differences.inc({ state }, 0);
  return {
    audited: (outcome, closedUntil, findings) => {
      runs.inc({ outcome });
      if (outcome !== 'done') return;
      closed.set(closedUntil);
      for (const { state, calls: count } of findings) {
        differences.inc({ state });
        calls.inc(Math.abs(count));
      }
    },
    failed: () => runs.inc({ outcome: 'failed' }),
  };
}
