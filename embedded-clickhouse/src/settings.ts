/** Bounds that hold for every statement, whatever a client asks for. */
export interface StatementLimits {
  /** Upper bound and default of max_execution_time, seconds. */
  readonly seconds: number;
  /** Upper bound and default of max_memory_usage, bytes. */
  readonly memoryBytes: number;
  /** Upper bound of max_threads. */
  readonly threads: number;
}

type Rule = 'any' | 'seconds' | 'memory' | 'threads' | 'rows' | 'block';

/** Rows of a block that is inserted; one insert should be one block, so this is large. */
const MOST_INSERT_BLOCK_ROWS = 10_000_000;
/** Rows of a block that is read, ClickHouse's default: a piece of a result is one block and lies in memory whole. */
const MOST_BLOCK_ROWS = 65_409;

/** Settings a client may give in the URL. Whatever is not named here is ignored, as the values of a proxy would be. */
const RULES = new Map<string, Rule>([
  ['max_execution_time', 'seconds'],
  ['max_memory_usage', 'memory'],
  ['max_threads', 'threads'],
  ['max_insert_threads', 'threads'],
  ['max_block_size', 'rows'],
  ['max_insert_block_size', 'block'],
  ['min_insert_block_size_rows', 'block'],
  ...`max_result_rows max_result_bytes result_overflow_mode max_rows_to_read max_bytes_to_read read_overflow_mode
  max_rows_to_group_by group_by_overflow_mode max_rows_to_sort max_bytes_to_sort sort_overflow_mode timeout_overflow_mode
  min_insert_block_size_bytes max_partitions_per_insert_block throw_on_max_partitions_per_insert_block insert_deduplicate
  insert_deduplication_token deduplicate_insert deduplicate_blocks_in_dependent_materialized_views async_insert optimize_on_insert
  exclude_materialize_skip_indexes_on_insert
  async_insert_deduplicate wait_for_async_insert insert_null_as_default parallel_view_processing materialized_views_ignore_errors
  date_time_input_format date_time_output_format date_time_overflow_behavior session_timezone join_use_nulls join_algorithm
  join_default_strictness extremes final use_skip_indexes mutations_sync alter_sync lightweight_deletes_sync
  enable_lightweight_update enable_lightweight_delete allow_nondeterministic_mutations enable_json_type
  allow_experimental_json_type allow_suspicious_low_cardinality_types allow_experimental_full_text_index enable_full_text_index
  cast_keep_nullable cast_ipv4_ipv6_default_on_conversion_error transform_null_in aggregate_functions_null_for_empty
  empty_result_for_aggregation_by_empty_set do_not_merge_across_partitions_select_final optimize_skip_merged_partitions
  allow_replace_partition_from_empty_source data_type_default_nullable union_default_mode prefer_column_name_to_alias
  group_by_use_nulls bool_true_representation bool_false_representation max_query_size max_parser_depth`
    .split(/\s+/)
    .map((name): [string, Rule] => [name, 'any']),
]);
const FAMILY = /^(?:input_format|output_format|format)_[a-z0-9_]+$/;
/** Members of the families that name files, hide faults, or show the dictionary of a column with its filtered-out values. */
const NOT_IN_FAMILY =
  /^format_(?:schema|template|custom_|avro_schema|protobuf|capn|binary_max)|^input_format_allow_errors|schema_registry|_as_dictionary$|for_dictionary_indexes|^output_format_(?:schema|protobuf)|^input_format_(?:record_errors|protobuf|capn)/;

/** Number of characters a value may have; the longest real one is a deduplication token. */
const MOST_VALUE_LENGTH = 1024;

/**
 * The SET assignments for the settings of a URL: `name = 'value'` texts, quoted. Unknown names and over-long values are
 * left out; limits are clamped: zero or a negative number means "no limit" to ClickHouse and becomes the upper bound.
 */
export function allowedSettings(parameters: Iterable<readonly [string, string]>, limits: StatementLimits): string[] {
  const chosen = new Map<string, string>();
  for (const [name, value] of parameters) {
    const rule = RULES.get(name) ?? (FAMILY.test(name) && !NOT_IN_FAMILY.test(name) ? 'any' : undefined);
    if (rule === undefined || value.length > MOST_VALUE_LENGTH) continue;
    const clamped = clamp(rule, value, limits);
    if (clamped !== undefined) chosen.set(name, clamped);
  }
  if (!chosen.has('max_execution_time')) chosen.set('max_execution_time', String(limits.seconds));
  if (!chosen.has('max_memory_usage')) chosen.set('max_memory_usage', String(limits.memoryBytes));
  if (!chosen.has('max_threads')) chosen.set('max_threads', String(limits.threads));
  return [...chosen].map(([name, value]) => `${name} = ${quoteString(value)}`);
}

function clamp(rule: Rule, value: string, limits: StatementLimits): string | undefined {
  if (rule === 'any') return value;
  const most = {
    seconds: limits.seconds,
    memory: limits.memoryBytes,
    threads: limits.threads,
    rows: MOST_BLOCK_ROWS,
    block: MOST_INSERT_BLOCK_ROWS,
  }[rule];
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) return undefined;
  const bounded = number > 0 ? Math.min(number, most) : rule === 'block' || rule === 'rows' ? undefined : most;
  if (bounded === undefined) return undefined;
  return String(rule === 'seconds' ? bounded : Math.max(1, Math.trunc(bounded)));
}

/** A ClickHouse string literal: backslashes and quotes are escaped, NUL and all other bytes stand for themselves. */
export function quoteString(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}
