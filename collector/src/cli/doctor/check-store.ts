import { ClickHouseError, type ClickHouseClient } from '@clickhouse/client';
import { setTimeout as wait } from 'node:timers/promises';
import { readMigrations } from '../../write/migrate.ts';
import { errorCode, fault, ok, type CheckResult } from './check.ts';

/** Clocks further apart than this make spans look late or early, and recent panels empty. */
const MAX_CLOCK_DIFFERENCE_MS = 30_000;
const POLL_MS = 250;
const MIGRATE_ADVICE = 'run: spanledger migrate';

type Client = Pick<ClickHouseClient, 'query'>;

async function select<T>(client: Client, query: string): Promise<readonly T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>();
}

/** ClickHouse error codes that a person can do something about. Source: ClickHouse ErrorCodes.cpp. */
const ADVICE: Readonly<Record<string, { readonly message: string; readonly advice: string }>> = {
  '516': {
    message: 'the store refuses user or password',
    advice: 'correct them in SPANLEDGER_CLICKHOUSE_URL or --sql',
  },
  '194': {
    message: 'the store asks for a password',
    advice: 'give user and password in SPANLEDGER_CLICKHOUSE_URL or --sql',
  },
  '497': { message: 'the user of the store lacks a right', advice: 'grant it SELECT and INSERT on genai.*' },
  '60': { message: 'a table is missing', advice: MIGRATE_ADVICE },
  '81': { message: 'the database genai is missing', advice: MIGRATE_ADVICE },
  '243': {
    message: 'the disk of the store is full',
    advice: 'make room on it; the ledger keeps what arrives meanwhile',
  },
  '202': {
    message: 'the store has too many queries at once',
    advice: 'try again; if it stays, see what runs in system.processes',
  },
};

/** In plain words why the store did not answer. */
export function describeStoreError(error: unknown): CheckResult {
  if (error instanceof ClickHouseError) {
    const known = ADVICE[error.code];
    return known === undefined
      ? fault(
          `the store answers with error ${error.code} (${error.type ?? 'unknown'})`,
          'look the code up in the ClickHouse documentation'
        )
      : fault(known.message, known.advice);
  }
  return fault(
    `the store does not answer (${errorCode(error)})`,
    'start it, or correct SPANLEDGER_CLICKHOUSE_URL or --sql; without a server, npm start runs the embedded store'
  );
}

/** Does the store answer queries? */
export async function checkStore(client: Client): Promise<CheckResult> {
  try {
    const [row] = await select<{ version: string }>(client, 'SELECT version() AS version');
    return ok(`ClickHouse ${row?.version ?? 'of an unknown version'} answers`);
  } catch (error) {
    return describeStoreError(error);
  }
}

/** Is the schema the one of this version? */
async function compareSchema(client: Client, sqlDirectory: string): Promise<CheckResult> {
  try {
    const known = await readMigrations(sqlDirectory);
    const applied = new Map(
      (
        await select<{ name: string; checksum: string }>(
          client,
          'SELECT name, checksum FROM genai.schema_migrations FINAL'
        )
      ).map(({ name, checksum }) => [name, checksum] as const)
    );
    const missing = known.filter(({ name }) => !applied.has(name));
    const changed = known.filter(({ name, checksum }) => applied.has(name) && applied.get(name) !== checksum);
    const newer = [...applied.keys()].filter((name) => !known.some((migration) => migration.name === name));
    if (newer.length > 0) {
      return fault(
        `the schema is newer than this version (${newer.join(', ')})`,
        'run the version of Spanledger that made it'
      );
    }
    if (changed.length > 0) {
      return fault(
        `an applied migration was changed (${changed.map(({ name }) => name).join(', ')})`,
        'restore the file'
      );
    }
    if (missing.length > 0) {
      return fault(`the schema lacks ${missing.map(({ name }) => name).join(', ')}`, MIGRATE_ADVICE);
    }
    return ok(`the schema is up to date (${known.at(-1)?.name ?? 'no migrations'})`);
  } catch (error) {
    return describeStoreError(error);
  }
}

/** The same, but a collector that has just started may still bring the schema up: then waits until it has, or until the deadline. */
export async function checkSchema(
  client: Client,
  sqlDirectory: string,
  { now, deadlineMs }: { readonly now: () => number; readonly deadlineMs: number }
): Promise<CheckResult> {
  const startedAt = now();
  for (;;) {
    const result = await compareSchema(client, sqlDirectory);
    const mayCome = result.state === 'fault' && result.advice === MIGRATE_ADVICE;
    if (!mayCome || now() - startedAt >= deadlineMs) return result;
    await wait(POLL_MS);
  }
}

/** Do the clocks of this machine and of the store agree? */
export async function checkClock(client: Client, now: () => number): Promise<CheckResult> {
  try {
    const before = now();
    const [row] = await select<{ ms: string | number }>(client, 'SELECT toUnixTimestamp64Milli(now64(3)) AS ms');
    const difference = Math.round(Number(row?.ms) - (before + now()) / 2);
    const seconds = `${Math.abs(difference / 1000).toFixed(1)} s`;
    if (Number.isNaN(difference)) return fault('the store does not say what time it is', 'see its version');
    return Math.abs(difference) > MAX_CLOCK_DIFFERENCE_MS
      ? fault(
          `the clock of the store is ${seconds} ${difference > 0 ? 'ahead' : 'behind'}`,
          'switch on time synchronisation (NTP) on both machines'
        )
      : ok(`the clocks of this machine and of the store agree (${seconds} apart)`);
  } catch (error) {
    return describeStoreError(error);
  }
}
