import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 1024 * 1024;

/**
 * Writes the engine's server configuration and returns the arguments that make it read it. Small pools and caches (two
 * cores, idle next to nothing), no system log tables, inserts on disk before they are answered, memory bounded.
 */
export function writeEngineConfig(directory: string, engineBytes: number): string[] {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'embedded-clickhouse.xml');
  writeFileSync(file, engineConfig(engineBytes), { mode: 0o600 });
  return [`--config-file=${file}`];
}

/** The configuration as XML; sizes in bytes. */
function engineConfig(engineBytes: number): string {
  const cache = Math.min(64 * MIB, Math.trunc(engineBytes / 16));
  const values: Record<string, number | string> = {
    max_server_memory_usage: engineBytes,
    mark_cache_size: cache,
    index_mark_cache_size: Math.trunc(cache / 4),
    index_uncompressed_cache_size: Math.trunc(cache / 4),
    primary_index_cache_size: cache,
    uncompressed_cache_size: 0,
    mmap_cache_size: 256,
    compiled_expression_cache_size: 16 * MIB,
    background_pool_size: 2,
    background_merges_mutations_concurrency_ratio: 2,
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    background_common_pool_size: 1,
    background_schedule_pool_size: 2,
    background_message_broker_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    max_io_thread_pool_size: 16,
    max_active_parts_loading_thread_pool_size: 2,
    max_outdated_parts_loading_thread_pool_size: 2,
    max_parts_cleaning_thread_pool_size: 2,
    asynchronous_metrics_update_period_s: 120,
    asynchronous_heavy_metrics_update_period_s: 600,
  };
  const mergeTree: Record<string, number> = {
    fsync_after_insert: 1,
    fsync_part_directory: 1,
    // A merge reads and writes its parts whole; larger ones would hold one of two threads for many minutes.
    max_bytes_to_merge_at_max_space_in_pool: 20 * 1024 * MIB,
  };
  const lines = (pairs: Record<string, number | string>): string =>
    Object.entries(pairs)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('\n');
  return `<clickhouse>\n${lines(values)}\n<merge_tree>\n${lines(mergeTree)}\n</merge_tree>\n</clickhouse>\n`;
}
