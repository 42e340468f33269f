import type { ClickHouseClient } from '@clickhouse/client';
import type { ReadStore } from '../store/read-store.ts';
import { repriceReason, type RepriceRun } from './reprice-run.ts';

/** Runs of a workspace that are listed. */
const MAX_LISTED = 1_000;

const SELECT = `
SELECT workspace, id, state, from_day, to_day, provider, model, toString(toUnixTimestamp(cursor)) AS cursor_s, examined, amended,
  toString(delta_usd) AS delta_usd, failure, collector, started_by,
  toString(toUnixTimestamp64Milli(started_at)) AS started_at_ms, toString(toUnixTimestamp64Milli(updated_at)) AS updated_at_ms
FROM genai.reprice_runs FINAL`;

/** The log of re-pricing. Every function rejects when the store does not answer. */
export interface RunTable {
  readonly save: (run: RepriceRun) => Promise<void>;
  /** Newest first. */
  readonly list: (workspace: string) => Promise<readonly RepriceRun[]>;
  /** Of every workspace. */
  readonly running: () => Promise<readonly RepriceRun[]>;
  /** What a run has done so far, exactly, whatever was killed meanwhile. */
  readonly totals: (run: RepriceRun) => Promise<Pick<RepriceRun, 'amended' | 'deltaUsd'>>;
}

export function createRunTable(client: ClickHouseClient, query: ReadStore['query']): RunTable {
  const read = async (condition: string, parameters: Readonly<Record<string, unknown>>) =>
    (await query(`${SELECT} WHERE ${condition} ORDER BY started_at DESC, id LIMIT ${MAX_LISTED}`, parameters)).map(
      runOf
    );
  return {
    save: async (run) => {
      await client.insert({
        table: 'genai.reprice_runs',
        format: 'JSONEachRow',
        values: [
          {
            workspace: run.workspace,
            id: run.id,
            state: run.state,
            from_day: run.from,
            to_day: run.to,
            provider: run.provider,
            model: run.model,
            cursor: textOf(run.cursorMs).slice(0, 19),
            examined: run.examined,
            amended: run.amended,
            delta_usd: run.deltaUsd,
            failure: run.failure,
            collector: run.collector,
            started_by: run.startedBy,
            started_at: textOf(run.startedAtMs),
            updated_at: textOf(run.updatedAtMs),
          },
        ],
        clickhouse_settings: { async_insert: 0 },
      });
    },
    list: (workspace) => read('workspace = {workspace:String}', { workspace }),
    running: () => read("state = 'running'", {}),
    totals: async ({ workspace, id, startedAtMs }) => {
      const [row = { amended: 0, delta_usd: '0' }] = await query(
        `SELECT count() AS amended, toString(sum(toDecimal128(cost_usd, 12) - toDecimal128(old_cost_usd, 12))) AS delta_usd
         FROM genai.price_amendments
         WHERE workspace = {workspace:String} AND reason = {reason:String}
           AND amended_at >= fromUnixTimestamp64Milli({startedAtMs:Int64})`,
        { workspace, reason: repriceReason(id), startedAtMs }
      );
      return { amended: Number(row['amended']), deltaUsd: String(row['delta_usd']) };
    },
  };
}

function textOf(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

function runOf(row: Readonly<Record<string, unknown>>): RepriceRun {
  const text = (name: string): string => String(row[name]);
  return {
    workspace: text('workspace'),
    id: text('id'),
    state: text('state') as RepriceRun['state'],
    from: text('from_day'),
    to: text('to_day'),
    provider: text('provider'),
    model: text('model'),
    cursorMs: Number(row['cursor_s']) * 1_000,
    examined: Number(row['examined']),
    amended: Number(row['amended']),
    deltaUsd: text('delta_usd'),
    failure: text('failure'),
    collector: text('collector'),
    startedBy: text('started_by'),
    startedAtMs: Number(row['started_at_ms']),
    updatedAtMs: Number(row['updated_at_ms']),
  };
}
