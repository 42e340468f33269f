import type { Checked, CheckedSpan } from '../span.ts';
import type { TableRows } from '../table-rows.ts';
import { createEncoders } from './encoders.ts';
import type { FindingRow } from './finding-columns.ts';
import type { FragmentRow } from './fragment-columns.ts';
import { NO_CONTEXT } from './span-context.ts';
import { toSpanRow } from './to-span-row.ts';

/** Message content goes after this many days, or with its span when that goes earlier. */
const DEFAULT_CONTENT_RETENTION_DAYS = 30;

/** The longest retention class: for findings whose span and content are in another request. */
const UNKNOWN_RETENTION_DAYS = 400;

export interface EncodeRowsOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly contentRetentionDays?: number | undefined;
}

interface SpanIdentity {
  readonly workspace: string;
  readonly traceId: string;
  readonly spanId: string;
}

const identity = ({ workspace, traceId, spanId }: SpanIdentity) => `${workspace}\u0000${traceId}\u0000${spanId}`;

/**
 * Returns the function that makes rows of what passed the guard: one block for each table that gets any, spans last, so that a
 * reader who sees a span also sees what belongs to it. Everything in one call has the same time of ingestion.
 */
export function createEncodeRows(options: EncodeRowsOptions): (checked: Checked) => TableRows[] {
  const encoders = createEncoders();
  const contentRetentionDays = options.contentRetentionDays ?? DEFAULT_CONTENT_RETENTION_DAYS;

  const fragmentRows = ({ spans, fragments }: Checked, ingestedAtMs: number): FragmentRow[] => {
    const rows: FragmentRow[] = [];
    const add = (workspace: string, fragment: FragmentRow['fragment'], retentionDays: number) =>
      rows.push({ workspace, fragment, retentionDays: Math.min(retentionDays, contentRetentionDays), ingestedAtMs });
    for (const { span } of spans) {
      for (const fragment of span.fragments) add(span.workspace, fragment, span.retentionDays);
    }
    for (const fragment of fragments) add(fragment.workspace, fragment, fragment.retentionDays);
    return rows;
  };

  const findingRows = (checked: Checked, known: ReadonlyMap<string, CheckedSpan>, ingestedAtMs: number) => {
    const rows: FindingRow[] = [];
    for (const { span, findings } of checked.spans) {
      findings.forEach((finding, ordinal) =>
        rows.push({ finding, ordinal, context: span, retentionDays: span.retentionDays, ingestedAtMs })
      );
    }
    if (checked.findings.length === 0) return rows;
    const retention = new Map(checked.fragments.map((fragment) => [identity(fragment), fragment.retentionDays]));
    const counts = new Map<string, number>();
    for (const finding of checked.findings) {
      const key = identity(finding);
      const span = known.get(key);
      // Those of the span itself were counted above.
      const ordinal = counts.get(key) ?? span?.findings.length ?? 0;
      counts.set(key, ordinal + 1);
      const retentionDays = span?.span.retentionDays ?? retention.get(key) ?? UNKNOWN_RETENTION_DAYS;
      rows.push({ finding, ordinal, context: span?.span ?? NO_CONTEXT, retentionDays, ingestedAtMs });
    }
    return rows;
  };

  return (checked) => {
    const ingestedAtMs = options.now();
    const needsSpans = checked.findings.length > 0 || checked.scores.length > 0;
    const known = new Map(needsSpans ? checked.spans.map((item) => [identity(item.span), item]) : []);
    const tables = [
      encoders.fragments.encode(fragmentRows(checked, ingestedAtMs)),
      encoders.findings.encode(findingRows(checked, known, ingestedAtMs)),
      encoders.scores.encode(
        checked.scores.map((score) => ({
          score,
          context: known.get(identity(score))?.span ?? NO_CONTEXT,
          ingestedAtMs,
        }))
      ),
      encoders.otherSpans.encode(checked.others.map((span) => ({ span, ingestedAtMs }))),
      encoders.spans.encode(checked.spans.map((item) => toSpanRow(item, ingestedAtMs))),
    ];
    return tables.filter((rows) => rows !== undefined);
  };
}
