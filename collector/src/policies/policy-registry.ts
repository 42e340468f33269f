import type { GuardPolicy } from '../guard/guard-policy.ts';
import { createGuard, type Guard, type GuardInput } from '../guard/guard-span.ts';
import type { GuardMetrics } from '../guard/inspection.ts';
import { policyFromData, type PolicyBase, type PolicyResult } from '../guard/policy-from-data.ts';
import { withholdingPolicy } from '../guard/withholding-policy.ts';
import { noPolicy, versionName, type StoredPolicy } from './stored-policy.ts';

/** Guards kept ready; a guard has tables of some hundred kilobytes. Making one takes milliseconds. */
const MAX_READY_GUARDS = 64;

export interface PolicyRegistryOptions {
  /** What holds where nothing is stored. */
  readonly base: GuardPolicy;
  /** What stored policies may make use of. */
  readonly policyBase: PolicyBase;
  readonly metrics: GuardMetrics;
  /** A stored policy cannot be used here; what held before goes on, or content is withheld. The faults quote no content. */
  readonly onUnusable: (policy: StoredPolicy, faults: readonly string[]) => void;
}

export interface PolicyRegistry {
  /** The guard stage: checks each request by the policy of its workspace. Never throws, never checks by nothing. */
  readonly guard: Guard;
  /** Takes versions that were read; older ones than are known are ignored. True when anything changed. */
  readonly learn: (policies: readonly StoredPolicy[]) => boolean;
  /** What is stored for a workspace, usable or not. */
  readonly stored: (workspace: string) => StoredPolicy;
  readonly all: () => readonly StoredPolicy[];
  /** The policy by which a workspace is checked now. */
  readonly inForce: (workspace: string) => GuardPolicy;
  /** The policy that data of this version would be, or its faults. */
  readonly compile: (data: StoredPolicy['data'], version: number) => PolicyResult;
  /** False: the latest policy of the workspace cannot be used here; an earlier one holds, or content is withheld. */
  readonly isUsable: (workspace: string) => boolean;
  /** Workspaces whose stored policy cannot be used. */
  readonly unusable: () => number;
}

/** All spans of a request have the workspace of its key. */
function workspaceOf({ spans, fragments, others, scores }: GuardInput): string {
  return spans[0]?.span.workspace ?? (fragments[0] ?? others[0] ?? scores[0])?.workspace ?? '';
}

/** Knows the policy of each workspace and keeps its guard ready. A version never gives way to an older one, whatever is read. */
export function createPolicyRegistry(options: PolicyRegistryOptions): PolicyRegistry {
  const { base, metrics } = options;
  const defaultGuard = createGuard(base, metrics);
  const known = new Map<string, StoredPolicy>();
  const policies = new Map<string, GuardPolicy>();
  const unusable = new Set<string>();
  /** In order of their last use. */
  const ready = new Map<string, Guard>();

  const compile = (data: StoredPolicy['data'], version: number): PolicyResult =>
    policyFromData({ ...data, version: versionName(version) }, options.policyBase);

  const guardOf = (workspace: string): Guard => {
    const policy = policies.get(workspace);
    if (policy === undefined) return defaultGuard;
    const guard = ready.get(workspace) ?? createGuard(policy, metrics);
    ready.delete(workspace);
    ready.set(workspace, guard);
    if (ready.size > MAX_READY_GUARDS) ready.delete(ready.keys().next().value!);
    return guard;
  };

  const learnOne = (stored: StoredPolicy): boolean => {
    const { workspace, version } = stored;
    if (version <= (known.get(workspace)?.version ?? 0)) return false;
    known.set(workspace, stored);
    const result = compile(stored.data, version);
    if ('policy' in result) {
      policies.set(workspace, result.policy);
      ready.delete(workspace);
      unusable.delete(workspace);
    } else {
      unusable.add(workspace);
      if (!policies.has(workspace)) policies.set(workspace, withholdingPolicy(base, versionName(version)));
      options.onUnusable(stored, result.faults);
    }
    return true;
  };

  return {
    guard: { check: (input) => guardOf(workspaceOf(input)).check(input) },
    learn: (found) => found.map(learnOne).includes(true),
    stored: (workspace) => known.get(workspace) ?? noPolicy(workspace),
    all: () => [...known.values()],
    inForce: (workspace) => policies.get(workspace) ?? base,
    compile,
    isUsable: (workspace) => !unusable.has(workspace),
    unusable: () => unusable.size,
  };
}
