import { buffer } from 'node:stream/consumers';
import { ClickHouseError, TupleParam } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { CALL_SELECT, readCalls } from '../rows/read-calls.ts';
import { SPAN_ROW_SELECT, SPAN_ROW_SETTINGS, parseSpanRow } from '../rows/parse-span-row.ts';
import type { SpanRow } from '../span-row.ts';
import type { ReadCall } from '../stored-call.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** An answer that is larger than the store gives at a time: ask for less. */
export class TooManyBytes extends Error {
  override readonly name = 'TooManyBytes';
}

/** TOO_MANY_ROWS_OR_BYTES of ClickHouse. */
const TOO_MANY_CODE = '396';

export interface ReadStore {
  /** Runs a SELECT; 64-bit integers and decimals come as text. Rejects with what the store or the connection said. */
  readonly query: (sql: string, parameters: Parameters) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The rows of `genai.spans` that a condition selects, each in its last revision. */
  readonly readSpans: (condition: string, parameters: Parameters) => Promise<readonly SpanRow[]>;
  /** The same in the order of intake, workspace, trace and span; the first of them. */
  readonly readOrdered: (condition: string, parameters: Parameters, limit: number) => Promise<readonly SpanRow[]>;
  /**
   * What prices depend on, of the same rows; `attributes` names the attributes that are wanted. Rejects with TooManyBytes when the
   * store will not give so much at a time. Throws RangeError while iterating when the answer is not whole rows.
   */
  readonly readCalls: (
    condition: string,
    parameters: Parameters,
    attributes: readonly string[]
  ) => Promise<Iterable<ReadCall>>;
}

/** Pairs of texts are the only structure that our statements take. */
function asParameter(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((item: unknown) => (Array.isArray(item) ? new TupleParam(item) : item))
    : value;
}

/** Reads of the collector itself, with the client that writes. */
export function createReadStore(client: ClickHouseClient): ReadStore {
  const query: ReadStore['query'] = async (sql, parameters) => {
    const result = await client.query({
      query: sql,
      query_params: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, asParameter(value)])),
      format: 'JSONEachRow',
      clickhouse_settings: SPAN_ROW_SETTINGS,
    });
    return result.json<Record<string, unknown>>();
  };
  return {
    query,
    readOrdered: async (condition, parameters, limit) => {
      const rows = await query(
        `SELECT ${SPAN_ROW_SELECT} FROM genai.spans WHERE ${condition}
         ORDER BY ingested_at, workspace, trace_id, span_id, revision DESC
         LIMIT 1 BY workspace, trace_id, span_id LIMIT {limit:UInt32}`,
        { ...parameters, limit }
      );
      return rows.map(parseSpanRow);
    },
    readSpans: async (condition, parameters) => {
      const rows = await query(
        `SELECT ${SPAN_ROW_SELECT} FROM genai.spans WHERE ${condition}
         ORDER BY revision DESC LIMIT 1 BY workspace, trace_id, span_id`,
        parameters
      );
      return rows.map(parseSpanRow);
    },
    readCalls: async (condition, parameters, attributes) => {
      const asking = client.exec({
        query: `SELECT ${CALL_SELECT} FROM genai.spans WHERE ${condition}
         ORDER BY revision DESC LIMIT 1 BY workspace, toStartOfHour(timestamp), trace_id, span_id FORMAT RowBinary`,
        query_params: { ...parameters, attributes: [...attributes] },
        // An error after the first rows would look like rows.
        clickhouse_settings: { wait_end_of_query: 1 },
      });
      const answer = await asking.catch((error: unknown) => {
        throw error instanceof ClickHouseError && error.code === TOO_MANY_CODE ? new TooManyBytes() : error;
      });
      return readCalls(await buffer(answer.stream));
    },
  };
}
