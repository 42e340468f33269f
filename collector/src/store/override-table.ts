import type { ClickHouseClient } from '@clickhouse/client';
import { overrideRows, overridesOf } from '../price/override-rows.ts';
import type { StoredOverrideRow } from '../price/override-rows.ts';
import type { PriceOverride } from '../price/price-override.ts';
import type { ReadStore } from './read-store.ts';

/** An override has a dozen rows; beyond this nobody has set them by hand. */
const MAX_ROWS = 200_000;

const SELECT = `
SELECT workspace, provider, model, price_id, valid_from, valid_to, unit, tier_start_tokens, usd_per_million, source, note, updated_by,
  toString(toUnixTimestamp64Milli(updated_at)) AS updated_at_ms, kind, region, service_tier, toString(amount) AS amount, currency,
  toString(usd_rate) AS usd_rate, rate_date, gpus, parallel_calls
FROM genai.prices FINAL WHERE source IN ('override', 'file') AND deleted = 0
ORDER BY workspace, price_id, unit LIMIT ${MAX_ROWS}`;

const STAMP = `
SELECT toString(max(updated_at)) AS latest, toString(count()) AS held, toString(sum(deleted)) AS gone
FROM genai.prices WHERE source IN ('override', 'file')`;

/** The overrides as rows of `genai.prices`. Every function rejects when the store does not answer. */
export interface OverrideTable {
  /** Changes whenever the rows do; cheap to ask. */
  readonly stamp: () => Promise<string>;
  /** Every version that is not withdrawn; the latest of an id holds. */
  readonly read: () => Promise<readonly PriceOverride[]>;
  /** Puts some in force and withdraws others, all or nothing. */
  readonly write: (set: readonly PriceOverride[], withdrawn: readonly PriceOverride[], nowMs: number) => Promise<void>;
}

/** Reads and writes the overrides of all workspaces. */
export function createOverrideTable(client: ClickHouseClient, query: ReadStore['query']): OverrideTable {
  return {
    stamp: async () => JSON.stringify(await query(STAMP, {})),
    read: async () => overridesOf((await query(SELECT, {})) as unknown as readonly StoredOverrideRow[]),
    write: async (set, withdrawn, nowMs) => {
      const updatedAt = new Date(nowMs).toISOString().replace('T', ' ').replace('Z', '');
      const rows = (overrides: readonly PriceOverride[], deleted: 0 | 1) =>
        overrides.flatMap((each) => overrideRows(each).map((row) => ({ ...row, updated_at: updatedAt, deleted })));
      // One block in one partition is written whole or not at all.
      await client.insert({
        table: 'genai.prices',
        format: 'JSONEachRow',
        values: [...rows(withdrawn, 1), ...rows(set, 0)],
        clickhouse_settings: { async_insert: 0 },
      });
    },
  };
}
