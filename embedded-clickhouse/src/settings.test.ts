import { allowedSettings, quoteString } from './settings.ts';

const limits = { seconds: 60, memoryBytes: 1000, threads: 2 };
const settings = (pairs: Record<string, string>): string[] => allowedSettings(Object.entries(pairs), limits);
const DEFAULTS = ["max_execution_time = '60'", "max_memory_usage = '1000'", "max_threads = '2'"];

describe('allowedSettings', () => {
  test('always sets the limits', () => expect(settings({})).toEqual(DEFAULTS));
  test('clamps limits: more, nothing, endless and no number', () => {
    for (const value of ['99', '0', '-1', 'Infinity']) {
      expect(settings({ max_execution_time: value, max_memory_usage: '5000', max_threads: '64' })).toEqual([
        "max_execution_time = '60'",
        "max_memory_usage = '1000'",
        "max_threads = '2'",
      ]);
    }
    expect(settings({ max_execution_time: '0.5', max_memory_usage: '10.7', max_threads: 'x' })).toEqual([
      "max_execution_time = '0.5'",
      "max_memory_usage = '10'",
      "max_threads = '2'",
    ]);
    expect(
      settings({ max_block_size: '1000000000', max_insert_block_size: '50000000', min_insert_block_size_rows: '0' })
    ).toEqual(["max_block_size = '65409'", "max_insert_block_size = '10000000'", ...DEFAULTS]);
  });
  test('lets named settings and the families of formats through, quoted', () => {
    expect(
      settings({ insert_deduplication_token: "a'b\\", input_format_parallel_parsing: '0', format_csv_delimiter: ';' })
    ).toEqual([
      "insert_deduplication_token = 'a\\'b\\\\'",
      "input_format_parallel_parsing = '0'",
      "format_csv_delimiter = ';'",
      ...DEFAULTS,
    ]);
  });
  test.each([
    'readonly',
    'additional_table_filters',
    'log_comment',
    'allow_ddl',
    'format_schema',
    'format_template_row',
    'format_avro_schema_registry_url',
    'input_format_allow_errors_num',
    'output_format_arrow_low_cardinality_as_dictionary',
    'use_query_cache',
    'optimize_move_to_prewhere',
    'query',
    'param_x',
    'FORMAT_x y',
  ])('ignores %s', (name) => {
    expect(settings({ [name]: '1' })).toEqual(DEFAULTS);
  });
  test('ignores a value that is too long', () =>
    expect(settings({ join_algorithm: 'x'.repeat(1025) })).toEqual(DEFAULTS));
});

test('quoteString escapes quotes, backslashes and NUL', () => expect(quoteString("a'\\\0\n")).toBe("'a\\'\\\\\\0\n'"));
