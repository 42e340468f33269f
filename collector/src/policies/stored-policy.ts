/** A version of a workspace's guard policy, as it is stored. */
export interface StoredPolicy {
  readonly workspace: string;
  /** Counts from 1; 0 = nothing was ever stored, the default policy is in force. */
  readonly version: number;
  /** Parsed JSON, as `policyFromData` takes it, without its version. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Id of the key that stored it. */
  readonly updatedBy: string;
  readonly updatedAtMs: number;
}

/** What findings call a stored version; the built-in policy has a name without the letter. */
export function versionName(version: number): string {
  return `v${version}`;
}

/** What holds in a workspace for which nothing was ever stored. */
export function noPolicy(workspace: string): StoredPolicy {
  return { workspace, version: 0, data: {}, updatedBy: '', updatedAtMs: 0 };
}
