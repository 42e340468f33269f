import type { ClickHouseClient } from '@clickhouse/client';
import type { PriceRow } from '../price/price-rows.ts';

/**
 * Puts the catalogue into `genai.prices`, so that SQL users can join it. Does nothing when the table holds this release of the
 * catalogue already. Rejects when the store does not answer.
 */
export async function fillPrices(options: {
  readonly client: ClickHouseClient;
  readonly rows: () => readonly PriceRow[];
  readonly source: string;
  readonly now: () => number;
}): Promise<{ readonly written: number }> {
  const { client, source } = options;
  const held = await client.query({
    query: 'SELECT count() AS held FROM genai.prices WHERE source = {source:String}',
    query_params: { source },
    format: 'JSONEachRow',
  });
  const [count] = await held.json<{ readonly held: string }>();
  if (Number(count?.held) > 0) return { written: 0 };
  const rows = options.rows();
  const updatedAt = new Date(options.now()).toISOString().replace('T', ' ').replace('Z', '');
  await client.insert({
    table: 'genai.prices',
    format: 'JSONEachRow',
    values: rows.map((row) => ({
      ...row,
      workspace: '',
      updated_by: 'catalogue',
      updated_at: updatedAt,
      deleted: 0,
    })),
    clickhouse_settings: { async_insert: 0 },
  });
  return { written: rows.length };
}
