import { join } from 'node:path';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { Config } from './config.ts';
import { defaultGuardPolicy } from './guard/guard-policy.ts';
import type { Guard } from './guard/guard-span.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { createChangePolicy } from './policies/change-policy.ts';
import { followPolicies } from './policies/follow-policies.ts';
import { createPolicyRegistry, type PolicyRegistry } from './policies/policy-registry.ts';
import { createPolicyTable, type PolicyTable } from './policies/policy-table.ts';
import type { Store } from './store/open-store.ts';

export interface Policies {
  readonly guard: Guard;
  readonly registry: PolicyRegistry;
  readonly table: PolicyTable;
  readonly change: ReturnType<typeof createChangePolicy>;
  /** Looks at the store now. Never rejects. */
  readonly refresh: () => Promise<void>;
  readonly stop: () => void;
}

const toKey = (text: string | undefined): Buffer | undefined =>
  text === undefined ? undefined : Buffer.from(text, 'utf8');

/** Joins the guard, the policies of the workspaces, the store they are kept in and the disk they are remembered on. */
export function startPolicies(options: {
  readonly config: Config;
  readonly store: Pick<Store, 'client' | 'ready'>;
  readonly database: string;
  readonly insertSettings: () => Promise<ClickHouseSettings>;
  readonly metrics: Pick<Metrics, 'guard' | 'watchPolicies'>;
  readonly log: Log;
  readonly now: () => number;
}): Policies {
  const { config, store, log, metrics, now } = options;
  const userIdKey = toKey(config.userIdKey);
  const tokenKey = toKey(config.guardTokenKey);
  const users = userIdKey === undefined ? {} : { userIdKey };
  const registry = createPolicyRegistry({
    base: { ...defaultGuardPolicy, ...users },
    policyBase: { content: defaultGuardPolicy.content, ...users, ...(tokenKey === undefined ? {} : { tokenKey }) },
    metrics: metrics.guard,
    onUnusable: (policy, faults) =>
      log.error({ workspace: policy.workspace, version: policy.version, faults }, 'a guard policy cannot be used'),
  });
  const { client } = store;
  const table = createPolicyTable({ client, database: options.database, insertSettings: options.insertSettings });
  const follow = followPolicies({ registry, table, log, path: join(config.dataDir, 'guard', 'policies.json') });
  metrics.watchPolicies(() => ({
    known: registry.all().length,
    unusable: registry.unusable(),
    failures: follow.failures(),
  }));
  void store.ready.then(() => follow.start());
  return {
    guard: registry.guard,
    registry,
    table,
    change: createChangePolicy({ registry, table, save: follow.save, now }),
    refresh: follow.refresh,
    stop: follow.stop,
  };
}
