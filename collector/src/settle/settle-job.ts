import type { SpanRow } from '../span-row.ts';
import { callKey } from './call-facts.ts';
import { inheritContext } from './inherit-context.ts';
import { settleCalls } from './settle-calls.ts';
import { AMBIGUOUS_TRACES, CONTEXT_TRACES, IN_TRACES, OTHER_PARENTS } from './settle-queries.ts';

/** Records of one call are looked for among what was taken in within this time. */
export const SETTLE_HORIZON_MS = 60 * 60 * 1000;

/** A run looks again at what was taken in this long before the last one, for rows that were on their way to the store then. */
const OVERLAP_MS = 2 * 60 * 1000;

/** Traces per read, so that neither the statement nor the answer grows without bound. */
const TRACES_PER_READ = 500;

export interface Amendment {
  readonly before: SpanRow;
  readonly after: SpanRow;
  readonly reason: string;
}

export interface SettleDependencies {
  readonly now: () => number;
  /** Runs a SELECT and gives the rows as JSON objects. */
  readonly query: (
    sql: string,
    parameters: Readonly<Record<string, unknown>>
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The rows of `genai.spans` that a condition selects, each in its last revision. */
  readonly readSpans: (condition: string, parameters: Readonly<Record<string, unknown>>) => Promise<readonly SpanRow[]>;
  /** The row with its cost for what it says now (a row that is no longer billable costs nothing). */
  readonly price: (row: SpanRow) => SpanRow;
  /** Resolves when everything taken in before is in the store: an amendment is the difference to what the store holds. */
  readonly delivered: () => Promise<void>;
  /** Resolves when the amendments are on disk. */
  readonly amend: (amendments: readonly Amendment[]) => Promise<void>;
}

export interface Settled {
  readonly examined: number;
  readonly amended: number;
}

function chunksOf<T>(items: readonly T[], size: number): (readonly T[])[] {
  const chunks: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

function sameRow(a: SpanRow, b: SpanRow): boolean {
  return (Object.keys(a) as (keyof SpanRow)[]).every((field) => {
    const left = a[field];
    const right = b[field];
    return (
      left === right || (Array.isArray(left) && Array.isArray(right) && left.join('\u0000') === right.join('\u0000'))
    );
  });
}

/**
 * Returns the function that looks once at the calls of the last hour and amends those whose other records came later:
 * who is billed, and what the billed record knows. Running it again changes nothing. Throws when the store does not answer;
 * the next run then looks at the same rows.
 */
export function createSettle(dependencies: SettleDependencies): () => Promise<Settled> {
  let since = 0;

  const tracesOf = async (sql: string, window: Readonly<Record<string, number>>) =>
    (await dependencies.query(sql, window)).map((row) => [String(row.workspace), String(row.trace_id)] as const);

  return async () => {
    const startedAt = dependencies.now();
    await dependencies.delivered();
    const horizon = startedAt - SETTLE_HORIZON_MS;
    const window = { since: Math.max(since - OVERLAP_MS, horizon), horizon };
    const wanted = new Map(
      [...(await tracesOf(AMBIGUOUS_TRACES, window)), ...(await tracesOf(CONTEXT_TRACES, window))].map((pair) => [
        pair.join('\u0000'),
        pair,
      ])
    );
    let examined = 0;
    let amended = 0;
    // Records of one call may lie in several traces, so all are read before any is decided.
    const rows: SpanRow[] = [];
    const links: Parameters<typeof inheritContext>[1][number][] = [];
    for (const traces of chunksOf([...wanted.values()], TRACES_PER_READ)) {
      rows.push(...(await dependencies.readSpans(IN_TRACES, { traces, horizon })));
      for (const row of await dependencies.query(OTHER_PARENTS, { traces })) {
        links.push({
          workspace: String(row.workspace),
          traceId: String(row.trace_id),
          spanId: String(row.span_id),
          parentSpanId: String(row.parent_span_id),
        });
      }
    }
    examined = rows.length;
    const before = new Map(rows.map((row) => [callKey(row), row]));
    const after = inheritContext(settleCalls(rows), links);
    const amendments: Amendment[] = [];
    for (const row of after) {
      const old = before.get(callKey(row))!;
      if (row === old || sameRow(row, old)) continue;
      const reason = row.billable === old.billable ? 'settle: context' : 'settle: one call counts once';
      amendments.push({ before: old, after: { ...dependencies.price(row), revision: old.revision + 1 }, reason });
    }
    if (amendments.length > 0) {
      await dependencies.amend(amendments);
      amended = amendments.length;
    }
    since = startedAt;
    return { examined, amended };
  };
}
