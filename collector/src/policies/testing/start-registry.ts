import { defaultGuardPolicy } from '../../guard/guard-policy.ts';
import type { PolicyBase } from '../../guard/policy-from-data.ts';
import { silent } from '../../guard/testing/check-span.ts';
import { createChangePolicy } from '../change-policy.ts';
import { createPolicyRegistry, type PolicyRegistry } from '../policy-registry.ts';
import { memoryTable, type MemoryTable } from './memory-table.ts';

/** A registry as the collector makes it, and what it could not use. */
export function startRegistry(keys: PolicyBase = {}): {
  readonly registry: PolicyRegistry;
  readonly unusable: (readonly [workspace: string, faults: readonly string[]])[];
} {
  const unusable: (readonly [string, readonly string[]])[] = [];
  const registry = createPolicyRegistry({
    base: defaultGuardPolicy,
    policyBase: { content: defaultGuardPolicy.content, ...keys },
    metrics: silent,
    onUnusable: ({ workspace }, faults) => unusable.push([workspace, faults]),
  });
  return { registry, unusable };
}

/** Policies as routes want them, in memory. */
export function startPoliciesInMemory(now: () => number): {
  readonly registry: PolicyRegistry;
  readonly table: MemoryTable;
  readonly change: ReturnType<typeof createChangePolicy>;
} {
  const table = memoryTable();
  const { registry } = startRegistry();
  return { registry, table, change: createChangePolicy({ registry, table, save: () => Promise.resolve(), now }) };
}
