/** The Enum8 columns: text and number as in `sql/migrations`. */
export const USAGE_STATES = { missing: 0, reported: 1, estimated: 2 } as const;
export const COST_STATES = {
  unpriced: 0,
  computed: 1,
  reported: 2,
  free: 3,
  no_usage: 4,
  not_charged: 5,
  not_billable: 6,
} as const;
export const SPAN_STATUSES = { unset: 0, ok: 1, error: 2 } as const;
export const GUARD_ACTIONS = { none: 0, flag: 1, redact: 2, drop: 3 } as const;

/** The type as `system.columns` shows it, e.g. `Enum8('unset' = 0, 'ok' = 1)`. */
export function enumType(values: Readonly<Record<string, number>>): string {
  const members = Object.entries(values).map(([text, number]) => `'${text}' = ${number}`);
  return `Enum8(${members.join(', ')})`;
}
