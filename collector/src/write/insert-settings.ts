import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';

/** More rows than any batch holds: an insert must be one block, since its token is spent per block. */
const MAX_BLOCK_ROWS = 1_048_576;

/**
 * - `async_insert=0`: on by default since ClickHouse 26.3; the answer would come before the rows are written.
 * - deduplication on, in the targets of views too; one block a batch, so that a repeat is the same block.
 * - an unknown column or a time out of range is an error, not a silent default.
 */
const WANTED: Readonly<Record<string, string>> = {
  async_insert: '0',
  insert_deduplicate: '1',
  deduplicate_insert: 'enable',
  deduplicate_blocks_in_dependent_materialized_views: '1',
  input_format_parallel_parsing: '0',
  input_format_skip_unknown_fields: '0',
  date_time_overflow_behavior: 'throw',
  max_insert_block_size: String(MAX_BLOCK_ROWS),
  max_partitions_per_insert_block: '100',
  // Through a Distributed table: the answer comes when the shards have the rows, not when they are queued on one server's disk.
  distributed_foreground_insert: '1',
  // Merging equal keys inside a block and building the text index cost a third of the insert; reads with FINAL and merges do it.
  optimize_on_insert: '0',
  exclude_materialize_skip_indexes_on_insert: 'index_body',
};

/** What every version since 23.8 knows; used when the server does not let itself be asked. */
const ALWAYS_KNOWN: readonly string[] = [
  'async_insert',
  'insert_deduplicate',
  'deduplicate_blocks_in_dependent_materialized_views',
  'input_format_parallel_parsing',
  'input_format_skip_unknown_fields',
  'max_insert_block_size',
  'max_partitions_per_insert_block',
];

export interface InsertSettings {
  readonly read: () => Promise<ClickHouseSettings>;
  readonly forget: () => void;
}

/**
 * The settings of every insert, without those the server's version does not know. Asks the server once; a server that cannot be
 * reached rejects, and is asked again the next time. `forget` makes it ask again: after a failed insert, for the server may have
 * been replaced by one of another version.
 */
export function createInsertSettings(client: ClickHouseClient): InsertSettings {
  let known: Promise<ClickHouseSettings> | undefined;

  async function ask(): Promise<ClickHouseSettings> {
    const names = Object.keys(WANTED);
    const list = names.map((name) => `'${name}'`).join(', ');
    const result = await client.query({
      query: `SELECT name FROM system.settings WHERE name IN (${list})`,
      format: 'JSONEachRow',
    });
    const rows: { readonly name: string }[] = await result.json();
    const found = rows.length === 0 ? ALWAYS_KNOWN : rows.map(({ name }) => name);
    return Object.fromEntries(found.map((name) => [name, WANTED[name]]));
  }

  return {
    read: () => {
      known ??= ask().catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return known;
    },
    forget: () => {
      known = undefined;
    },
  };
}
