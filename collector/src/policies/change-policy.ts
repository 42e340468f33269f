import { randomUUID } from 'node:crypto';
import { policyChanges } from './policy-changes.ts';
import type { PolicyRegistry } from './policy-registry.ts';
import type { PolicyTable } from './policy-table.ts';
import type { StoredPolicy } from './stored-policy.ts';

export type PolicyOutcome =
  | { readonly kind: 'stored' | 'unchanged'; readonly policy: StoredPolicy }
  /** The policy is not of the version that the change was made from; `policy` is the one that holds. */
  | { readonly kind: 'conflict'; readonly policy: StoredPolicy }
  | { readonly kind: 'invalid'; readonly faults: readonly string[] };

export interface PolicyEdit {
  readonly workspace: string;
  /** The version the change was made from; 0 = none was ever stored. */
  readonly expected: number;
  readonly data: StoredPolicy['data'];
  /** Id of the key that asks. */
  readonly by: string;
}

/**
 * Returns the function that stores the next version of a policy and puts it in force here at once; other collectors follow
 * within seconds. Of two changes made from the same version one is refused, through whichever collectors they come.
 * Rejects when the store does not answer: then nobody knows whether it was stored, and asking again tells.
 */
export function createChangePolicy(options: {
  readonly registry: PolicyRegistry;
  readonly table: PolicyTable;
  readonly save: () => Promise<void>;
  readonly now: () => number;
}): (edit: PolicyEdit) => Promise<PolicyOutcome> {
  const { registry, table, now } = options;

  const latest = async (workspace: string): Promise<StoredPolicy> => {
    const { version } = registry.stored(workspace);
    const [newer] = (await table.readVersions(workspace, Number.MAX_SAFE_INTEGER, 1)) as readonly StoredPolicy[];
    if (newer !== undefined && newer.version > version && registry.learn([newer])) await options.save();
    return registry.stored(workspace);
  };

  return async ({ workspace, expected, data, by }) => {
    const before = await latest(workspace);
    if (before.version !== expected) return { kind: 'conflict', policy: before };
    const version = before.version + 1;
    const compiled = registry.compile(data, version);
    if ('faults' in compiled) return { kind: 'invalid', faults: compiled.faults };
    const changes = policyChanges(before.data, data);
    if (changes.length === 0) return { kind: 'unchanged', policy: before };
    const stored: StoredPolicy = { workspace, version, data, updatedBy: by, updatedAtMs: now() };
    if (!(await table.add({ ...stored, changes }, randomUUID())))
      return { kind: 'conflict', policy: await latest(workspace) };
    registry.learn([stored]);
    await options.save();
    return { kind: 'stored', policy: stored };
  };
}
