/** Types of columns as `system.columns` shows them. */
export const COLUMN_TYPES = {
  /** Text with few distinct values. */
  name: 'LowCardinality(String)',
  names: 'Array(LowCardinality(String))',
  text: 'String',
  count: 'UInt64',
  small: 'UInt16',
  ratio: 'Float64',
  money: 'Decimal(18, 12)',
  flag: 'UInt8',
  nanoseconds: "DateTime64(9, 'UTC')",
  milliseconds: "DateTime64(3, 'UTC')",
} as const;
