import type { Finding } from '../span.ts';
import type { Column } from './column.ts';
import { columnKinds } from './column-kinds.ts';
import { FINDING_CATEGORIES, FINDING_LOCATIONS, GUARD_ACTIONS, SEVERITIES } from './enums.ts';
import type { SpanContext } from './span-context.ts';
import { contextColumns } from './span-context.ts';

/** A row of `genai.findings`. */
export interface FindingRow {
  readonly finding: Finding;
  /** Number of the finding among those of its span in this request: two equal findings stay two rows. */
  readonly ordinal: number;
  readonly context: SpanContext;
  readonly retentionDays: number;
  readonly ingestedAtMs: number;
}

const { name, text, small, ratio, choice, nanoseconds, milliseconds } = columnKinds<FindingRow>();

/** Every column of `genai.findings`, in the order of migration 0004. */
export const FINDING_COLUMNS: readonly Column<FindingRow>[] = [
  name('workspace', (row) => row.finding.workspace),
  nanoseconds('timestamp', (row) => row.finding.timestampNs),
  text('trace_id', (row) => row.finding.traceId),
  text('span_id', (row) => row.finding.spanId),
  name('rule', (row) => row.finding.rule),
  choice('category', FINDING_CATEGORIES, (row) => row.finding.category),
  choice('severity', SEVERITIES, (row) => row.finding.severity),
  choice('action', GUARD_ACTIONS, (row) => row.finding.action),
  ratio('score', (row) => row.finding.score),
  choice('location', FINDING_LOCATIONS, (row) => row.finding.location),
  text('masked_sample', (row) => row.finding.maskedSample),
  name('policy_version', (row) => row.finding.policyVersion),
  small('ordinal', (row) => row.ordinal),
  ...contextColumns<FindingRow>((row) => row.context),
  milliseconds('ingested_at', (row) => row.ingestedAtMs),
  small('retention_days', (row) => row.retentionDays),
];
