import { randomBytes } from 'node:crypto';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** The right to do some work alone, until it is released. It renews itself while the process lives. */
export interface Lease {
  /** Grows with every holder: what a holder inserts carries it in its token, so a holder that is late repeats nobody's work. */
  readonly term: number;
  /** Where the last holder had come to, in its own words; empty at first. */
  readonly position: string;
  /** False when too little time is left to begin something: the store did not take the renewals, or the machine slept. */
  readonly isHeld: () => boolean;
  /** Renews it now and keeps the position. Rejects when the store does not answer, or the lease ran out meanwhile. */
  readonly renew: (position: string) => Promise<void>;
  /** Gives it back and keeps the position for the next holder. Never rejects: what is not released expires. */
  readonly release: (position: string) => Promise<void>;
}

/** Undefined: somebody else holds it. Rejects when the store does not answer. */
export type TakeLease = (name: string) => Promise<Lease | undefined>;

/** What a killed process held is free again after this long. */
const LEASE_TTL_MS = 30_000;
/** One renewal may fail without consequence. */
const RENEWALS_PER_TTL = 5;
/** A holder begins nothing new when less than this share of the time is left: 12 s, longer than a statement under a lease takes. */
const GUARD_SHARE = 0.4;
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
 * keeps the first, also across replicas, so each term has one holder. Times are the server's. Whether a lease still holds is told
 * by the clock and by a counter that never goes back: the one sees that the machine slept, the other is not moved by who sets the clock.
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
  const ttlMs = options.ttlMs ?? LEASE_TTL_MS;

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
    const clocks = (): readonly [number, number] => [now(), performance.now()];
    const term = last.term + 1;
    const holder = `${options.holder} ${randomBytes(8).toString('hex')}`;
    const row = (position: string, released: boolean, atMs: number) => ({
      name,
      term,
      holder,
      expires_at: toDateTime(atMs + ttlMs),
      released: released ? 1 : 0,
      position,
      updated_at: toDateTime(atMs),
    });
    let renewedAt = clocks();
    let writtenMs = last.nowMs;
    let kept = last.position;
    const leftMs = (): number => {
      const [wall, steady] = clocks();
      return ttlMs - Math.max(wall - renewedAt[0], steady - renewedAt[1]);
    };
    await write(row(kept, false, writtenMs), `lease:${name}:${term}`);
    if ((await holderOf(name, term)) !== holder) return undefined;

    const update = async (released: boolean): Promise<void> => {
      const at = clocks();
      if (leftMs() <= 0) throw new Error(`the lease ${name} ran out`);
      const { term: newest, nowMs } = await lastTerm(name);
      if (newest !== term) throw new Error(`the lease ${name} ran out and has another holder`);
      writtenMs = Math.max(nowMs, writtenMs + 1);
      await write(row(kept, released, writtenMs), `lease:${name}:${term}:${holder}:${writtenMs}`);
      renewedAt = at;
    };
    /** One after another, so that no renewal comes behind the release. */
    let updates: Promise<void> = Promise.resolve();
    const queue = (released: boolean): Promise<void> => {
      updates = updates.catch(() => undefined).then(() => update(released));
      return updates;
    };
    const renewal = setInterval(() => {
      if (leftMs() <= 0) clearInterval(renewal);
      // What fails is tried again at the next turn, until the time is over.
      else queue(false).catch(() => undefined);
    }, ttlMs / RENEWALS_PER_TTL).unref();
    return {
      term,
      position: last.position,
      isHeld: () => leftMs() > ttlMs * GUARD_SHARE,
      renew: (position) => {
        kept = position;
        return queue(false);
      },
      release: (position) => {
        clearInterval(renewal);
        kept = position;
        return queue(true).catch(() => undefined);
      },
    };
  };
}
