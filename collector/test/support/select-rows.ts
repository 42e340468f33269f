import type { Store } from './start-store.ts';

/** Rows of a SELECT as JSON objects; 64-bit integers and decimals are strings, so that no digit is lost. */
export async function selectRows<Row = Record<string, unknown>>(
  { client }: Store,
  query: string,
  parameters: Record<string, unknown> = {}
): Promise<Row[]> {
  const answer = await client.query({
    query,
    query_params: parameters,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1, output_format_json_quote_decimals: 1 },
  });
  return answer.json<Row>();
}
