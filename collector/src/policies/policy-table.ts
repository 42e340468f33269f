import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { PolicyChange } from './policy-changes.ts';
import type { StoredPolicy } from './stored-policy.ts';

/** A version with what it changed. */
export interface PolicyVersion extends StoredPolicy {
  readonly changes: readonly PolicyChange[];
}

/** Versions of the policies in `genai.guard_policies`. Everything rejects with what the store says. */
export interface PolicyTable {
  /** The versions in force, except those that are known already. */
  readonly readNewer: (known: ReadonlyMap<string, number>) => Promise<readonly StoredPolicy[]>;
  /** Versions of a workspace below `before`, newest first. */
  readonly readVersions: (workspace: string, before: number, limit: number) => Promise<readonly PolicyVersion[]>;
  /** Adds a version. False: somebody else has stored this version, and nothing was changed. */
  readonly add: (version: PolicyVersion, id: string) => Promise<boolean>;
}

/** Workspaces asked for at a time. */
const MAX_READ = 500;

const COLUMNS =
  'workspace, toString(version) AS version_text, policy, changes, updated_by, toString(toUnixTimestamp64Milli(updated_at)) AS updated_ms, id';

interface Row {
  readonly workspace: string;
  readonly version_text: string;
  readonly policy: string;
  readonly changes: readonly PolicyChange[];
  readonly updated_by: string;
  readonly updated_ms: string;
  readonly id: string;
}

/** A row that is no JSON object has been written by somebody else: a policy that cannot be used, not a reason to follow none. */
function parseData(text: string): StoredPolicy['data'] {
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null) return { ...data };
  } catch {
    // As any other text that is no policy.
  }
  return { 'the stored text': 'is no JSON object' };
}

function versionOf(row: Row): PolicyVersion {
  return {
    workspace: row.workspace,
    version: Number(row.version_text),
    data: parseData(row.policy),
    changes: row.changes,
    updatedBy: row.updated_by,
    updatedAtMs: Number(row.updated_ms),
  };
}

/** Reads and adds versions with the collector's own client. */
export function createPolicyTable(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly insertSettings: () => Promise<ClickHouseSettings>;
}): PolicyTable {
  const { client } = options;
  const table = `${options.database}.guard_policies`;
  const select = async <T>(query: string, query_params: Record<string, unknown> = {}): Promise<T[]> => {
    const settings = { output_format_json_named_tuples_as_objects: 1 } as const;
    const result = await client.query({ query, query_params, format: 'JSONEachRow', clickhouse_settings: settings });
    return result.json<T>();
  };

  return {
    readNewer: async (known) => {
      const latest = await select<{ workspace: string; latest: string }>(
        `SELECT workspace, toString(max(version)) AS latest FROM ${table} GROUP BY workspace`
      );
      const wanted = latest.filter(({ workspace, latest: version }) => Number(version) > (known.get(workspace) ?? 0));
      const found: StoredPolicy[] = [];
      for (let at = 0; at < wanted.length; at += MAX_READ) {
        const rows = await select<Row>(
          `SELECT ${COLUMNS} FROM ${table} WHERE workspace IN {workspaces:Array(String)}
           ORDER BY workspace, version DESC LIMIT 1 BY workspace`,
          { workspaces: wanted.slice(at, at + MAX_READ).map(({ workspace }) => workspace) }
        );
        found.push(...rows.map(versionOf));
      }
      return found;
    },
    readVersions: async (workspace, before, limit) => {
      const rows = await select<Row>(
        `SELECT ${COLUMNS} FROM ${table} WHERE workspace = {workspace:String} AND version < {before:UInt64}
         ORDER BY version DESC LIMIT {limit:UInt32}`,
        { workspace, before: String(before), limit }
      );
      return rows.map(versionOf);
    },
    add: async ({ workspace, version, data, changes, updatedBy, updatedAtMs }, id) => {
      const settings = await options.insertSettings();
      await client.insert({
        table,
        format: 'JSONEachRow',
        values: [
          {
            workspace,
            version,
            policy: JSON.stringify(data),
            changes: changes.map(({ rule, before, after }) => ({ rule, before, after })),
            updated_by: updatedBy,
            updated_at: new Date(updatedAtMs).toISOString().replace('T', ' ').replace('Z', ''),
            id,
          },
        ],
        // The same token for every writer of this version: the store keeps the first and drops the others.
        clickhouse_settings: { ...settings, insert_deduplication_token: `guard_policies:${workspace}:${version}` },
      });
      const kept = await select<{ id: string }>(
        `SELECT id FROM ${table} WHERE workspace = {workspace:String} AND version = {version:UInt64}`,
        { workspace, version: String(version) }
      );
      return kept.length === 1 && kept[0]?.id === id;
    },
  };
}
