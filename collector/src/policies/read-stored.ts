import type { ContentFragment, FindingLocation, GuardAction } from '../span.ts';
import type { SpanRow } from '../span-row.ts';
import type { ReadStore } from '../store/read-store.ts';

/** Spans read at a time: with content, a few megabytes. */
const PAGE_SPANS = 100;
const HOUR_NS = 3_600_000_000_000n;

/** What tells fragments with the same key apart: a number that the store computes. */
export const FRAGMENT_HASH =
  'cityHash64(trace_id, span_id, response_id, toString(kind), toString(source), position, body)';

export interface StoredFragment extends ContentFragment {
  readonly workspace: string;
  readonly retentionDays: number;
  readonly hash: string;
}

/** What is known of a finding that is stored already. */
export interface StoredFinding {
  readonly rule: string;
  readonly location: FindingLocation;
  readonly action: GuardAction;
  readonly maskedSample: string;
  readonly policyVersion: string;
  readonly ordinal: number;
}

export interface StoredSpan {
  readonly row: SpanRow;
  readonly fragments: readonly StoredFragment[];
  readonly findings: readonly StoredFinding[];
}

/** Where a reader stands: the last span it has seen, in the order of time, trace and span. */
export interface StoredCursor {
  readonly ns: string;
  readonly traceId: string;
  readonly spanId: string;
}

/** Spans of one workspace that began in a period, Unix nanoseconds, the end excluded. */
export interface StoredPeriod {
  readonly workspace: string;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

export interface StoredPage {
  readonly spans: readonly StoredSpan[];
  /** Undefined when the period is read to its end. */
  readonly next: StoredCursor | undefined;
}

/** Where a period begins. */
export function startOf(period: StoredPeriod): StoredCursor {
  return { ns: String(period.fromNs), traceId: '', spanId: '' };
}

type Row = Readonly<Record<string, unknown>>;
const IN_PAGE = 'workspace = {workspace:String} AND (trace_id, span_id) IN {keys:Array(Tuple(String, String))}';
const keyOf = (traceId: string, spanId: string): string => `${traceId}/${spanId}`;

function fragmentOf(row: Row): StoredFragment {
  const text = (column: string) => String(row[column]);
  return {
    workspace: text('workspace'),
    timestampNs: BigInt(text('ns')),
    traceId: text('trace_id'),
    spanId: text('span_id'),
    responseId: text('response_id'),
    kind: text('kind') as ContentFragment['kind'],
    source: text('source') as ContentFragment['source'],
    position: Number(text('position')),
    body: text('body'),
    retentionDays: Number(row['retention_days']),
    hash: text('hash'),
  };
}

function findingOf(row: Row): StoredFinding {
  return {
    rule: String(row['rule']),
    location: String(row['location']) as FindingLocation,
    action: String(row['action']) as GuardAction,
    maskedSample: String(row['masked_sample']),
    policyVersion: String(row['policy_version']),
    ordinal: Number(row['ordinal']),
  };
}

function groupBySpan<T>(rows: readonly Row[], read: (row: Row) => T): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(String(row['trace_id']), String(row['span_id']));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [read(row)]);
    else group.push(read(row));
  }
  return groups;
}

/**
 * Returns the function that reads the next page of a period: spans in their last revision with their content and findings.
 * An hour at a time, which is how the table is sorted; so a long period costs no more per page than a short one.
 */
export function createReadStored({
  query,
  readSpans,
}: ReadStore): (period: StoredPeriod, cursor: StoredCursor) => Promise<StoredPage> {
  const nextTime = async ({ workspace, toNs }: StoredPeriod, fromNs: bigint): Promise<bigint | undefined> => {
    const [row] = await query(
      `SELECT toString(toUnixTimestamp64Nano(min(timestamp))) AS ns, count() AS spans FROM genai.spans
       WHERE workspace = {workspace:String} AND timestamp >= fromUnixTimestamp64Nano({from:Int64})
         AND timestamp < fromUnixTimestamp64Nano({to:Int64})`,
      { workspace, from: String(fromNs), to: String(toNs) }
    );
    return row === undefined || Number(row['spans']) === 0 ? undefined : BigInt(String(row['ns']));
  };

  return async (period, cursor) => {
    const { workspace, toNs } = period;
    const first = await nextTime(period, BigInt(cursor.ns));
    if (first === undefined) return { spans: [], next: undefined };
    const endOfHour = (first / HOUR_NS + 1n) * HOUR_NS;
    const end = endOfHour < toNs ? endOfHour : toNs;
    const keys = await query(
      `SELECT toString(toUnixTimestamp64Nano(timestamp)) AS ns, trace_id, span_id FROM genai.spans
       WHERE workspace = {workspace:String} AND timestamp >= fromUnixTimestamp64Nano({from:Int64})
         AND timestamp < fromUnixTimestamp64Nano({to:Int64})
         AND (toUnixTimestamp64Nano(timestamp), trace_id, span_id) > ({ns:Int64}, {trace:String}, {span:String})
       GROUP BY timestamp, trace_id, span_id ORDER BY timestamp, trace_id, span_id LIMIT {limit:UInt32}`,
      {
        workspace,
        from: String(first),
        to: String(end),
        ns: cursor.ns,
        trace: cursor.traceId,
        span: cursor.spanId,
        limit: PAGE_SPANS,
      }
    );
    const last = keys.at(-1);
    const next: StoredCursor | undefined =
      keys.length === PAGE_SPANS
        ? { ns: String(last!['ns']), traceId: String(last!['trace_id']), spanId: String(last!['span_id']) }
        : end >= toNs
          ? undefined
          : { ns: String(end), traceId: '', spanId: '' };
    if (keys.length === 0) return { spans: [], next };
    const parameters = { workspace, keys: keys.map((key) => [String(key['trace_id']), String(key['span_id'])]) };
    const [rows, fragments, findings] = await Promise.all([
      readSpans(IN_PAGE, parameters),
      query(
        `SELECT workspace, toString(toUnixTimestamp64Nano(timestamp)) AS ns, trace_id, span_id, response_id, kind, source,
           toString(position) AS position, body, retention_days, toString(${FRAGMENT_HASH.replace('position', 'f.position')}) AS hash
         FROM genai.content_fragments AS f WHERE ${IN_PAGE}
         ORDER BY kind, source, f.position, body LIMIT 1 BY trace_id, span_id, response_id, kind, source, f.position, body`,
        parameters
      ),
      query(
        `SELECT trace_id, span_id, rule, location, action, masked_sample, policy_version, ordinal
         FROM genai.findings FINAL WHERE ${IN_PAGE} ORDER BY ordinal`,
        parameters
      ),
    ]);
    const fragmentsOf = groupBySpan(fragments, fragmentOf);
    const findingsOf = groupBySpan(findings, findingOf);
    const spans = rows.map((row) => {
      const key = keyOf(row.traceId, row.spanId);
      return { row, fragments: fragmentsOf.get(key) ?? [], findings: findingsOf.get(key) ?? [] };
    });
    return { spans, next };
  };
}
