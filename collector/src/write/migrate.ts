import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { SchemaTarget } from './render-migration.ts';
import { renderMigration } from './render-migration.ts';

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

export interface MigrateOptions extends SchemaTarget {
  /** Must not be bound to a database: the first migration creates it. */
  readonly client: Pick<ClickHouseClient, 'command' | 'query' | 'insert'>;
  /** Folder with the numbered files. */
  readonly sqlDir: string;
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

async function readApplied({ client, database }: MigrateOptions): Promise<Map<string, string>> {
  const rows = async <Row>(query: string) =>
    (await client.query({ query, query_params: { database }, format: 'JSONEachRow' })).json<Row>();
  const found = await rows<{ name: string }>(
    "SELECT name FROM system.tables WHERE database = {database:String} AND name = 'schema_migrations'"
  );
  if (found.length === 0) return new Map();
  const applied = await rows<{ name: string; checksum: string }>(
    `SELECT name, checksum FROM ${database}.schema_migrations FINAL ORDER BY name`
  );
  return new Map(applied.map((row) => [row.name, row.checksum]));
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

/**
 * Brings the database to the schema of `sqlDir`: applies what is missing, in order, and records each file once all of its
 * statements have succeeded. Every statement is "if not exists", so a run that broke half-way is simply run again.
 * Throws, before anything is changed, when the database is newer than these files or an applied file has changed.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const { client, database } = options;
  const migrations = await readMigrations(options.sqlDir);
  const rendered = migrations.map((migration) => renderMigration(migration.sql, options));
  const before = await readApplied(options);
  refuseForeignSchema(migrations, before);
  const applied: string[] = [];
  for (const [i, { name, checksum }] of migrations.entries()) {
    if (before.has(name)) continue;
    for (const [number, query] of rendered[i]!.entries()) {
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
    applied.push(name);
  }
  return { applied };
}
