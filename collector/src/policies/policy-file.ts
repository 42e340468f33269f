import { readFileSync } from 'node:fs';
import { replaceFile } from './replace-file.ts';
import type { StoredPolicy } from './stored-policy.ts';

const FORMAT = 1;

function isStoredPolicy(value: unknown): value is StoredPolicy {
  if (typeof value !== 'object' || value === null) return false;
  const { workspace, version, data, updatedBy, updatedAtMs } = value as Record<string, unknown>;
  return (
    typeof workspace === 'string' &&
    Number.isSafeInteger(version) &&
    typeof data === 'object' &&
    data !== null &&
    typeof updatedBy === 'string' &&
    typeof updatedAtMs === 'number'
  );
}

/**
 * The policies that were in force last: what a collector starts with while its store is down. A file that is not there is no
 * policy. Throws an error whose message can be shown when there is one that cannot be read.
 */
export function readPolicyFile(path: string): readonly StoredPolicy[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new Error('the file of the last known guard policies cannot be read', { cause: error });
  }
  try {
    const { format, policies } = JSON.parse(text) as { readonly format?: unknown; readonly policies?: unknown };
    if (format === FORMAT && Array.isArray(policies) && policies.every(isStoredPolicy)) return policies;
  } catch {
    // The parser's message quotes the file.
  }
  throw new Error('the file of the last known guard policies is damaged');
}

/** Replaces the file, whole or not at all, and durably. Rejects with the error of the file system. */
export function writePolicyFile(path: string, policies: readonly StoredPolicy[]): Promise<void> {
  return replaceFile(path, JSON.stringify({ format: FORMAT, policies }));
}
