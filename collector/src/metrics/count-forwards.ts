import { Counter, Gauge, type Registry } from 'prom-client';

/** What became of spans that are forwarded. */
export interface CountForwards {
  readonly count: (outcome: 'sent' | 'refused' | 'failed' | 'cut', spans: number) => void;
  readonly lag: (seconds: number) => void;
  /** A run that the store did not let happen. */
  readonly failed: () => void;
}

export function createCountForwards(registry: Registry): CountForwards {
  const registers = [registry];
  const spans = new Counter({
    name: 'spanledger_forward_spans_total',
    help: 'Spans by outcome: sent; refused for good by the target; failed, to be sent again; cut, not taken for 29 days',
    labelNames: ['outcome'],
    registers,
  });
  const lag = new Gauge({
    name: 'spanledger_forward_lag_seconds',
    help: 'Age of the oldest span that is still to be forwarded by this collector, seconds; about 120 when all is well',
    registers,
  });
  const failures = new Counter({
    name: 'spanledger_forward_failures_total',
    help: 'Runs that failed because the store did not answer',
    registers,
  });
  return {
    count: (outcome, amount) => spans.inc({ outcome }, amount),
    lag: (seconds) => lag.set(seconds),
    failed: () => failures.inc(),
  };
}
