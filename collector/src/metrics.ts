import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { GuardMetrics } from './guard/inspection.ts';
import type { DuplicateWindow } from './ledger/duplicate-window.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createCountAudits, type CountAudits } from './metrics/count-audits.ts';
import { createCountFindings } from './metrics/count-findings.ts';
import { createCountForwards, type CountForwards } from './metrics/count-forwards.ts';
import { createCountRequests } from './metrics/count-requests.ts';
import { createCountShared, type CountShared } from './metrics/count-shared.ts';
import { createCountSpans, type CountSpans } from './metrics/count-spans.ts';
import { createMeasureDisk, type MeasureDisk } from './metrics/measure-disk.ts';
import { createMeasureInsert } from './metrics/measure-insert.ts';
import { createTimeStages, type TimeStages } from './metrics/time-stages.ts';
import { watchExternalGuard } from './metrics/watch-external-guard.ts';
import { watchPolicies } from './metrics/watch-policies.ts';
import type { PolicyStats } from './metrics/watch-policies.ts';
import { watchLedger } from './metrics/watch-ledger.ts';
import { watchWriter } from './metrics/watch-writer.ts';
import type { ExternalGuardStats } from './external-guard/external-guard.ts';
import type { ReceiveMetrics } from './receive/receive-metrics.ts';
import type { Settled } from './settle/settle-job.ts';
import type { Writer } from './write/create-writer.ts';

const STORE_STATES = ['starting', 'ready', 'restarting', 'stopped'] as const;

/** Every metric of the process. Names begin with `spanledger_`; no label value comes from a sender. */
export interface Metrics {
  /** Prometheus text format 0.0.4. */
  readonly text: () => Promise<string>;
  readonly receive: ReceiveMetrics;
  readonly guard: GuardMetrics;
  /** For `PipelineStages.observe`. */
  readonly observe: CountSpans;
  readonly stages: TimeStages;
  readonly settled: (result: Settled) => void;
  readonly settleFailed: () => void;
  readonly audits: CountAudits;
  readonly shared: CountShared;
  readonly forwards: CountForwards;
  readonly disk: MeasureDisk;
  readonly measureInsert: ReturnType<typeof createMeasureInsert>;
  readonly watchLedger: (
    ledger: Pick<Ledger, 'stats' | 'backlog'>,
    duplicates: Pick<DuplicateWindow, 'stats'>,
    hoursHeld: () => number
  ) => void;
  readonly watchWriter: (writer: Pick<Writer, 'stats'>) => void;
  readonly watchPolicies: (stats: () => PolicyStats) => void;
  readonly watchExternalGuard: (stats: () => ExternalGuardStats) => void;
  readonly storeState: (state: (typeof STORE_STATES)[number]) => void;
}

/** Makes the metrics of one collector, in a registry of their own. Call each `watch…` once. */
export function createMetrics(version: string, now: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'spanledger_' });
  new Gauge({
    name: 'spanledger_build_info',
    help: '1, with the version of the collector',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const stages = createTimeStages(registry);
  const examined = new Counter({
    name: 'spanledger_settle_examined_total',
    help: 'Rows that settle runs looked at',
    registers,
  });
  const amended = new Counter({
    name: 'spanledger_settle_amended_total',
    help: 'Rows that settle runs amended',
    registers,
  });
  const settleFailures = new Counter({
    name: 'spanledger_settle_failures_total',
    help: 'Settle runs that failed',
    registers,
  });
  const store = new Gauge({
    name: 'spanledger_store_state',
    help: '1 for the state the embedded store is in',
    labelNames: ['state'],
    registers,
  });
  const storeRestarts = new Counter({
    name: 'spanledger_store_restarts_total',
    help: 'Times the embedded store ended by itself and was started again',
    registers,
  });
  const disk = createMeasureDisk(registry, now);
  return {
    text: () => registry.metrics(),
    receive: { ...createCountRequests(registry), timed: stages.timed },
    guard: createCountFindings(registry),
    observe: createCountSpans(registry),
    stages,
    settled: (result) => {
      examined.inc(result.examined);
      amended.inc(result.amended);
    },
    settleFailed: () => settleFailures.inc(),
    audits: createCountAudits(registry),
    shared: createCountShared(registry),
    forwards: createCountForwards(registry),
    disk,
    measureInsert: createMeasureInsert(registry),
    watchLedger: (ledger, duplicates, hoursHeld) => watchLedger(registry, ledger, duplicates, hoursHeld),
    watchWriter: (writer) => watchWriter(registry, writer),
    watchPolicies: (stats) => watchPolicies(registry, stats),
    watchExternalGuard: (stats) => watchExternalGuard(registry, stats),
    storeState: (state) => {
      for (const each of STORE_STATES) store.set({ state: each }, each === state ? 1 : 0);
      if (state === 'restarting') storeRestarts.inc();
    },
  };
}
