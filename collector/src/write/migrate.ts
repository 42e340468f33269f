import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { createTakeLease } from './lease.ts';
import type { Lease } from './lease.ts';
import type { SchemaTarget } from './render-migration.ts';
import { renderLockStatements, renderMigration } from './render-migration.ts';

/** Between looks at a lock that another process holds. */
const LOCK_POLL_MS = 500;
/** A large table may take this long to be altered. */
const LOCK_PATIENCE_MS = 15 * 60_000;
/** Several processes that make the same database at once get errors that the next attempt does not. */
const LOCK_ATTEMPTS = 5;

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

export interface MigrateOptions extends SchemaTarget {
  /** Must not be bound to a database: the first migration creates it. */
  readonly client: Pick<ClickHouseClient, 'command' | 'query' | 'insert'>;
  /** Folder with the numbered files. */
  readonly sqlDir: string;
  /** Who migrates, for people who look into the table of leases. */
  readonly holder?: string;
  /** True: nobody else can (a store of one's own), so a lock that was left behind is not waited for. */
  readonly alone?: boolean;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, lower-case hex; line ends count as line feeds, so that a checkout elsewhere is the same file. */
  readonly checksum: string;
}

export interface MigrateResult {
  /** Names of the migrations that this call applied, in order. */
  readonly applied: readonly string[];
}

/** The migrations of a folder in the order of their numbers. Throws when two files have the same number. */
export async function readMigrations(sqlDir: string): Promise<Migration[]> {
  const names = (await readdir(sqlDir)).filter((name) => FILE_NAME.test(name)).sort();
  if (names.length === 0) throw new Error('The folder of migrations is empty');
  const numbers = names.map((name) => name.slice(0, 4));
  const twice = numbers.find((number, i) => number === numbers[i - 1]);
  if (twice !== undefined) throw new Error(`Two migrations have the number ${twice}`);
  return Promise.all(
    names.map(async (name) => {
      const sql = (await readFile(join(sqlDir, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
  );
}

async function readApplied({ client, database, cluster }: MigrateOptions): Promise<Map<string, string>> {
  const rows = async <Row>(query: string) =>
    (await client.query({ query, query_params: { database }, format: 'JSONEachRow' })).json<Row>();
  const found = await rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = {database:String} AND name = 'schema_migrations'"
  );
  if (found.length === 0) return new Map();
  // Each shard keeps its own list; the connection may lead to any of them.
  const table = `${database}.schema_migrations`;
  const everywhere = cluster === undefined ? `${table} FINAL` : `cluster('${cluster.name}', ${table}) FINAL`;
  const applied = await rows<{ name: string; checksum: string }>(
    `SELECT DISTINCT name, checksum FROM ${everywhere} ORDER BY name`
  );
  return new Map(applied.map((row) => [row.name, row.checksum]));
}

/** Waits until no other process migrates. Rejects when one does for longer than a lock lives, or the store does not answer. */
async function takeLock(options: MigrateOptions, migrations: readonly Migration[]): Promise<Lease> {
  const { client, database, now = Date.now } = options;
  const statements = [
    ...renderMigration(migrations[0]!.sql, options),
    ...migrations.slice(1).flatMap(({ sql }) => renderLockStatements(sql, options)),
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      for (const query of statements) await client.command({ query });
      break;
    } catch (error) {
      if (attempt === LOCK_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
    }
  }
  const take = createTakeLease({ client, database, holder: options.holder ?? 'migrate', now });
  const startedAt = now();
  for (;;) {
    const lease = await take('migrate');
    if (lease !== undefined) return lease;
    if (now() - startedAt > LOCK_PATIENCE_MS) throw new Error('another process has been migrating for too long');
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

function refuseForeignSchema(migrations: readonly Migration[], applied: ReadonlyMap<string, string>): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]));
  for (const [name, checksum] of applied) {
    const here = known.get(name);
    if (here === undefined) {
      throw new Error(
        `The database has the migration ${name}, which this version of Spanledger does not know: run the newer version`
      );
    }
    if (here !== checksum) {
      throw new Error(
        `The migration ${name} was changed after it had been applied: restore the file and put the change into a new one`
      );
    }
  }
}

async function apply(options: MigrateOptions, migration: Migration, statements: readonly string[]): Promise<void> {
  const { client, database } = options;
  const { name, checksum } = migration;
  for (const [number, query] of statements.entries()) {
    try {
      await client.command({ query });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Migration ${name}, statement ${number + 1}: ${reason}`, { cause: error });
    }
  }
  await client.insert({
    table: `${database}.schema_migrations`,
    columns: ['name', 'checksum'],
    values: [{ name, checksum }],
    format: 'JSONEachRow',
    clickhouse_settings: { async_insert: 0 },
  });
}

/**
 * Brings the database to the schema of `sqlDir`: applies what is missing, in order, and records each file once all of its
 * statements have succeeded. Every statement is "if not exists", so a run that broke half-way is simply run again. Of several
 * processes that start at once one migrates; the others wait for it and find nothing to do.
 * Throws, before anything is changed, when the database is newer than these files or an applied file has changed.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const migrations = await readMigrations(options.sqlDir);
  const rendered = new Map(migrations.map((each) => [each.name, renderMigration(each.sql, options)]));
  const missing = async (): Promise<Migration[]> => {
    const applied = await readApplied(options);
    refuseForeignSchema(migrations, applied);
    return migrations.filter(({ name }) => !applied.has(name));
  };
  if ((await missing()).length === 0) return { applied: [] };
  const lease = options.alone === true ? undefined : await takeLock(options, migrations);
  // A lock that runs out because the store does not answer does no harm: every statement can be repeated, also by two at a time.
  const applied: string[] = [];
  try {
    for (const migration of await missing()) {
      await apply(options, migration, rendered.get(migration.name)!);
      applied.push(migration.name);
    }
  } finally {
    await lease?.release('');
  }
  return { applied };
}
