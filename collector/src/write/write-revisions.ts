import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** What an amendment of a price changes in a span. */
const COST_COLUMNS = [
  'cost_usd',
  'input_cost_usd',
  'output_cost_usd',
  'cache_read_cost_usd',
  'cache_write_cost_usd',
  'request_cost_usd',
  'cache_savings_usd',
  'cost_state',
  'price_id',
];

/** Bytes that are joined into one part; beyond it an insert of wide rows would take much of a small store's memory. */
const PART_BYTES = 128 << 20;

const LONGEST_LENGTH = 127;

/** Why spans were not written; only the connection or the store can be at fault, so it is always tried again. */
class RevisionsNotWritten extends Error {
  override readonly name = 'RevisionsNotWritten';
  /** Not that of the store: an insert must not be cut into halves once its amendments are stored. */
  readonly code = 'REVISIONS_NOT_WRITTEN';
}

/** Copies spans to the next revision, with the costs of stored amendments; `chunks` are rows of `price_amendments` as they were inserted. */
export type WriteRevisions = (chunks: readonly Uint8Array[], signal: AbortSignal) => Promise<void>;

function statement(database: string): string {
  const amendments = `FROM ${database}.price_amendments WHERE workspace IN {workspaces:Array(String)}
    AND amended_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND amended_at <= fromUnixTimestamp64Milli({last:Int64}, 'UTC')`;
  return `INSERT INTO ${database}.spans
SELECT s.* REPLACE (${COST_COLUMNS.map((name) => `a.new_${name} AS ${name}`).join(', ')}, a.new_revision AS revision)
FROM ${database}.spans AS s
GLOBAL ANY INNER JOIN (
  SELECT workspace, timestamp, trace_id, span_id, toUInt32(revision - 1) AS old_revision, revision AS new_revision,
    ${COST_COLUMNS.map((name) => `${name} AS new_${name}`).join(', ')}
  ${amendments}
) AS a ON s.workspace = a.workspace AND s.timestamp = a.timestamp AND s.trace_id = a.trace_id AND s.span_id = a.span_id
  AND s.revision = a.old_revision
WHERE s.workspace IN {workspaces:Array(String)} AND s.span_id GLOBAL IN (SELECT span_id ${amendments})
  AND s.timestamp >= (SELECT min(timestamp) ${amendments}) AND s.timestamp <= (SELECT max(timestamp) ${amendments})`;
}

/**
 * Makes the function that follows an insert into `price_amendments`: the rest of a span never leaves the store. It may run any number
 * of times, also for amendments of other inserts: it makes the same revision of the same span again, which merges away, and where the
 * revision before has merged away the next one is there already. Rejects with RevisionsNotWritten.
 */
export function createWriteRevisions(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  /** Those of inserts. */
  readonly settings: () => Promise<ClickHouseSettings>;
}): WriteRevisions {
  const query = statement(options.database);
  return async (chunks, signal) => {
    try {
      const settings = { ...(await options.settings()) };
      // A repeat is harmless, and blocks of a SELECT are not the same twice.
      for (const name of ['insert_deduplicate', 'deduplicate_blocks_in_dependent_materialized_views'])
        if (name in settings) settings[name] = '0';
      if ('deduplicate_insert' in settings) settings['deduplicate_insert'] = 'disable';
      const rows = chunks.map(firstOf);
      const times = rows.map(({ amendedAtMs }) => amendedAtMs);
      await options.client.command({
        query,
        query_params: {
          workspaces: [...new Set(rows.map(({ workspace }) => workspace))],
          first: Math.min(...times),
          last: Math.max(...times),
        },
        clickhouse_settings: { ...settings, min_insert_block_size_bytes: String(PART_BYTES) },
        abort_signal: signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw new RevisionsNotWritten('the amendments are stored, the spans are not yet', { cause: error });
    }
  };
}

/** All rows of a block have the workspace and the time of its first. */
function firstOf(bytes: Uint8Array): { readonly workspace: string; readonly amendedAtMs: number } {
  const row = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = row.readUInt8(0);
  if (length > LONGEST_LENGTH) throw new RangeError('a name of a workspace is too long');
  return {
    workspace: row.toString('utf8', 1, 1 + length),
    amendedAtMs: Number(row.readBigInt64LE(1 + length)),
  };
}
