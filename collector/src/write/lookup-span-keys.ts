import type { ClickHouseClient } from '@clickhouse/client';
import type { SpanKey } from '../table-rows.ts';

interface SoughtSpan extends SpanKey {
  /** Unix nanoseconds. */
  readonly startTimeUnixNano: bigint;
}

/** Which of the spans the store holds, as `<trace id><span id>`. All of one workspace. Rejects when the store does not answer. */
export type LookupSpanKeys = (spans: readonly SoughtSpan[]) => Promise<ReadonlySet<string>>;

const KEYS_PER_QUERY = 1000;
/** Rows that the traces of one query may have for the sought spans to be found among them here. */
const DEFAULT_MAX_TRACE_ROWS = 10_000;
const TIMEOUT_MS = 3000;
/** For all queries of a request: senders wait ten seconds for their answer, and then send it again. */
const REQUEST_TIMEOUT_MS = 6000;
const HEX = /^[0-9a-f]+$/;
const SECOND_NS = 1_000_000_000n;
const DAY_MS = 86_400_000;

/**
 * Finds late spans by their key, within the time they claim. A start outside of the accepted range is stored under the time of
 * receipt, so such spans are sought without a bound on time (by the trace index alone).
 */
export function createLookupSpanKeys(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly now: () => number;
  /** How far back a start is stored as it is; older ones are clamped. */
  readonly retentionDays: number;
  /** Rows that are read of the traces before the store is asked for each span by name. */
  readonly maxTraceRows?: number;
}): LookupSpanKeys {
  const { client, database, now, maxTraceRows = DEFAULT_MAX_TRACE_ROWS } = options;

  async function find(
    workspace: string,
    spans: readonly SoughtSpan[],
    isBounded: boolean,
    requestSignal: AbortSignal
  ): Promise<readonly string[]> {
    const traces = [...new Set(spans.map(({ traceId }) => traceId))].map((id) => `'${id}'`).join(', ');
    let from = spans[0]!.startTimeUnixNano;
    let to = from;
    for (const { startTimeUnixNano } of spans) {
      if (startTimeUnixNano < from) from = startTimeUnixNano;
      if (startTimeUnixNano > to) to = startTimeUnixNano;
    }
    const bounds = isBounded
      ? `AND timestamp >= toDateTime64(${from / SECOND_NS - 1n}, 9, 'UTC') AND timestamp <= toDateTime64(${to / SECOND_NS + 1n}, 9, 'UTC')`
      : '';
    const select = async (condition: string, limit: string): Promise<readonly string[]> => {
      const rowsOf = (table: string): string =>
        `SELECT concat(trace_id, span_id) AS key FROM ${database}.${table} WHERE workspace = {workspace: String} ${bounds} ` +
        `AND trace_id IN (${traces}) ${condition}`;
      requestSignal.throwIfAborted();
      const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), requestSignal]);
      const result = await client.query({
        query: `SELECT key FROM (${rowsOf('spans')} UNION ALL ${rowsOf('other_spans')}) ${limit}`,
        query_params: { workspace },
        format: 'JSONEachRow',
        clickhouse_settings: { max_execution_time: TIMEOUT_MS / 1000 },
        abort_signal: signal,
      });
      // The client heeds the signal until the head of an answer only, and a sender waits for this.
      const close = (): void => result.close();
      signal.addEventListener('abort', close, { once: true });
      const rows = await result
        .json<{ readonly key: string }>()
        .finally(() => signal.removeEventListener('abort', close));
      return rows.map(({ key }) => key);
    };
    // A list of a thousand pairs costs the store five times as much as the rest of the statement; traces are mostly short.
    const ofTraces = await select('', `LIMIT ${maxTraceRows}`);
    if (ofTraces.length < maxTraceRows) {
      const sought = new Set(spans.map(({ traceId, spanId }) => traceId + spanId));
      return ofTraces.filter((key) => sought.has(key));
    }
    const keys = spans.map(({ traceId, spanId }) => `('${traceId}', '${spanId}')`).join(', ');
    return select(`AND (trace_id, span_id) IN (${keys})`, '');
  }

  return async (spans) => {
    const found = new Set<string>();
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const oldestNs = BigInt(Math.trunc(now() - options.retentionDays * DAY_MS)) * 1_000_000n;
    const newestNs = BigInt(Math.trunc(now() + DAY_MS)) * 1_000_000n;
    const isPlausible = ({ startTimeUnixNano }: SoughtSpan): boolean =>
      startTimeUnixNano >= oldestNs && startTimeUnixNano <= newestNs;
    // The ids stand in the statement itself, which has no limit like that of a URL; so they must be what they should be.
    const sought = spans.filter(({ traceId, spanId }) => HEX.test(traceId) && HEX.test(spanId));
    for (const isBounded of [true, false]) {
      const part = sought.filter((span) => isPlausible(span) === isBounded);
      for (let at = 0; at < part.length; at += KEYS_PER_QUERY) {
        const chunk = part.slice(at, at + KEYS_PER_QUERY);
        for (const key of await find(chunk[0]!.workspace, chunk, isBounded, signal)) found.add(key);
      }
    }
    return found;
  };
}
