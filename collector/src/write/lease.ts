import { randomBytes } from 'node:crypto';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** The right to do some work alone, until it is released or expires. */
export interface Lease {
  /** Grows with every holder: what a holder inserts carries it in its token, so a holder that is late repeats nobody's work. */
  readonly term: number;
  /** Where the last holder that released the lease had come to, in its own words; empty at first. */
  readonly position: string;
  /** False when too little time is left to begin something. */
  readonly isHeld: () => boolean;
  /** Prolongs it. Rejects when the store does not answer: then it expires. */
  readonly renew: (position: string) => Promise<void>;
  /** Gives it back and keeps the position for the next holder. Never rejects: what is not released expires. */
  readonly release: (position: string) => Promise<void>;
}

/** Undefined: somebody else holds it. Rejects when the store does not answer. */
export type TakeLease = (name: string) => Promise<Lease | undefined>;

const DEFAULT_TTL_MS = 10 * 60_000;
/** A holder begins nothing new this long before the end: longer than one statement may take. */
const GUARD_MS = 2 * 60_000;
/** A replica may show the row of a term a moment later than the one that took it. */
const READS = 10;
const READ_AGAIN_MS = 200;

interface Term {
  readonly term: number;
  readonly isFree: boolean;
  readonly position: string;
  readonly nowMs: number;
}

function toDateTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/**
 * Leases in the table `leases`. The row of a term is inserted with a token made of name and term: of several inserts the store
 * keeps the first, also across replicas, so each term has one holder. Times are the server's.
 */
export function createTakeLease(options: {
  readonly client: Pick<ClickHouseClient, 'query' | 'insert'>;
  readonly database: string;
  /** Who takes it, for people who look into the table. */
  readonly holder: string;
  /** Unix milliseconds; only differences count. */
  readonly now: () => number;
  readonly ttlMs?: number;
}): TakeLease {
  const { client, database, now } = options;
  const ttlMs = options.ttlMs ?? DEFAULT_TTL_MS;
  const guardMs = Math.min(GUARD_MS, ttlMs / 5);

  async function select(sql: string, parameters: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const answer = await client.query({ query: sql, query_params: { ...parameters }, format: 'JSONEachRow' });
    const [row] = await answer.json<Record<string, unknown>>();
    return row ?? {};
  }

  async function lastTerm(name: string): Promise<Term> {
    const row = await select(
      `SELECT max(term) AS last_term, argMax(released, (term, updated_at, released)) AS is_released,
         argMax(position, (term, updated_at, released)) AS last_position,
         toUnixTimestamp64Milli(max(expires_at)) AS expires_ms, toUnixTimestamp64Milli(now64(3)) AS now_ms
       FROM ${database}.leases WHERE name = {name:String}`,
      { name }
    );
    const nowMs = Number(row.now_ms);
    const term = Number(row.last_term);
    const isFree = term === 0 || Number(row.is_released) === 1 || Number(row.expires_ms) <= nowMs;
    return { term, isFree, position: String(row.last_position), nowMs };
  }

  async function write(values: Readonly<Record<string, unknown>>, token: string): Promise<void> {
    const settings: ClickHouseSettings = { async_insert: 0, insert_deduplicate: 1, insert_deduplication_token: token };
    await client.insert({
      table: `${database}.leases`,
      format: 'JSONEachRow',
      values: [values],
      clickhouse_settings: settings,
    });
  }

  async function holderOf(name: string, term: number): Promise<string> {
    for (let read = 0; read < READS; read++) {
      if (read > 0) await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS));
      const row = await select(
        `SELECT argMin(holder, updated_at) AS first_holder FROM ${database}.leases WHERE name = {name:String} AND term = {term:UInt64}`,
        { name, term }
      );
      if (typeof row.first_holder === 'string' && row.first_holder !== '') return row.first_holder;
    }
    return '';
  }

  return async (name) => {
    const last = await lastTerm(name);
    if (!last.isFree) return undefined;
    const startedAt = now();
    const term = last.term + 1;
    const holder = `${options.holder} ${randomBytes(8).toString('hex')}`;
    const row = (position: string, released: boolean, sinceMs: number) => ({
      name,
      term,
      holder,
      expires_at: toDateTime(last.nowMs + sinceMs + ttlMs),
      released: released ? 1 : 0,
      position,
      updated_at: toDateTime(last.nowMs + sinceMs),
    });
    await write(row(last.position, false, 0), `lease:${name}:${term}`);
    if ((await holderOf(name, term)) !== holder) return undefined;
    let renewedAt = startedAt;
    const update = async (position: string, released: boolean): Promise<void> => {
      const at = now();
      const since = at - startedAt + 1;
      await write(row(position, released, since), `lease:${name}:${term}:${holder}:${since}:${released}`);
      renewedAt = at;
    };
    return {
      term,
      position: last.position,
      isHeld: () => now() - renewedAt < ttlMs - guardMs,
      renew: (position) => update(position, false),
      release: (position) => update(position, true).catch(() => undefined),
    };
  };
}
