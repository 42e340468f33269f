import { splitStatements } from './split-statements.ts';
import type { Statement } from './split-statements.ts';

/** Where the schema goes. */
export interface SchemaTarget {
  /** Database that people query. */
  readonly database: string;
  /** Set for a cluster; its servers need the macros `shard` and `replica` and a Keeper. */
  readonly cluster?: ClusterTarget | undefined;
}

export interface ClusterTarget {
  /** Name in `remote_servers` of the ClickHouse configuration. */
  readonly name: string;
  /** Database of the tables that hold data; those of `database` then spread over the shards. */
  readonly localDatabase: string;
}

/** Only these names can be used unquoted in every place a placeholder stands in. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * A plain MergeTree never fsyncs on its own, and the ledger deletes what was inserted: so fsync here.
 * 10,000 tokens are over an hour of batches at the fastest pace; a replay after a crash looks back a few.
 */
const SINGLE_SERVER_SETTINGS =
  'non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1';

/** On a cluster a second replica makes an insert durable; tokens live in Keeper for 7 days, longer than a weekend's outage. */
const CLUSTER_SETTINGS = 'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800';

function placeholders({ database, cluster }: SchemaTarget): Readonly<Record<string, string>> {
  return {
    DATABASE: database,
    LOCAL: cluster?.localDatabase ?? database,
    CLUSTER: cluster?.name ?? '',
    ON_CLUSTER: cluster === undefined ? '' : ` ON CLUSTER '${cluster.name}'`,
    REPLICATED: cluster === undefined ? '' : 'Replicated',
    // One table for all shards: a path without the shard, and a name for each of its servers.
    EVERYWHERE:
      cluster === undefined ? '' : "'/clickhouse/tables/spanledger/{database}/{table}', '{shard}-{replica}', ",
    STORE_SETTINGS: cluster === undefined ? SINGLE_SERVER_SETTINGS : CLUSTER_SETTINGS,
  };
}

/**
 * The statements of one migration file for one target, in order, placeholders filled.
 * Throws on a name that is not a plain identifier, on an unknown placeholder and on unclosed quotes.
 */
export function renderMigration(sql: string, target: SchemaTarget): string[] {
  return render(sql, target, () => true);
}

/** Only the statements marked `-- @lock`: what must be there before the lock of the migrations can be taken. */
export function renderLockStatements(sql: string, target: SchemaTarget): string[] {
  return render(sql, target, ({ isForLock }) => isForLock);
}

function render(sql: string, target: SchemaTarget, wanted: (statement: Statement) => boolean): string[] {
  const names = [target.database, ...(target.cluster ? [target.cluster.name, target.cluster.localDatabase] : [])];
  for (const name of names) {
    if (!IDENTIFIER.test(name)) throw new Error(`"${name}" is not a name of letters, digits and underscores`);
  }
  const values = placeholders(target);
  return splitStatements(sql)
    .filter((statement) => wanted(statement) && (!statement.clusterOnly || target.cluster !== undefined))
    .map(({ text }) =>
      text.replace(/\$\{(\w*)\}/g, (_, name: string) => {
        const value = values[name];
        if (value === undefined) throw new Error(`Unknown placeholder \${${name}}`);
        return value;
      })
    );
}
