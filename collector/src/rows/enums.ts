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
export const CONTENT_KINDS = {
  input_messages: 1,
  output_messages: 2,
  system_instructions: 3,
  tool_definitions: 4,
} as const;
/** In the order in which `genai.span_content` prefers them. */
export const CONTENT_SOURCES = { attribute: 1, span_event: 2, log_event: 3 } as const;
export const FINDING_CATEGORIES = {
  pii: 1,
  secret: 2,
  toxicity: 3,
  prompt_injection: 4,
  jailbreak: 5,
  custom: 6,
} as const;
export const SEVERITIES = { low: 1, medium: 2, high: 3, critical: 4 } as const;
export const FINDING_LOCATIONS = { input: 1, output: 2, system: 3, tool: 4, attribute: 5, error: 6 } as const;
export const SCORE_SOURCES = { llm_judge: 1, human: 2, feedback: 3, code: 4, otel: 5 } as const;
export const SPAN_KINDS = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

/** The type as `system.columns` shows it, e.g. `Enum8('unset' = 0, 'ok' = 1)`. */
export function enumType(values: Readonly<Record<string, number>>): string {
  const members = Object.entries(values).map(([text, number]) => `'${text}' = ${number}`);
  return `Enum8(${members.join(', ')})`;
}
