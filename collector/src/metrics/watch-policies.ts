import type { Registry } from 'prom-client';
import { watchCounter, watchGauge } from './watch-value.ts';

export interface PolicyStats {
  /** Workspaces with a policy of their own. */
  readonly known: number;
  /** Of those, whose latest version cannot be used here. */
  readonly unusable: number;
  /** Failed reads of the store and writes of the file. */
  readonly failures: number;
}

/** Whether this collector follows the guard policies. */
export function watchPolicies(registry: Registry, stats: () => PolicyStats): void {
  watchGauge(registry, {
    name: 'spanledger_guard_policies',
    help: 'Workspaces with a guard policy of their own',
    read: () => stats().known,
  });
  watchGauge(registry, {
    name: 'spanledger_guard_policies_unusable',
    help: 'Workspaces whose latest guard policy cannot be used by this collector: an earlier one holds, or content is withheld',
    read: () => stats().unusable,
  });
  watchCounter(registry, {
    name: 'spanledger_guard_policy_failures_total',
    help: 'Times the guard policies could not be read from the store, or not be kept on disk',
    read: () => stats().failures,
  });
}
