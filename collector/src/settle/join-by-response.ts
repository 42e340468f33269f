import type { ContentFragment, Score } from '../span.ts';
import { SETTLE_HORIZON_MS } from './settle-job.ts';

/** Bodies are up to half a megabyte each; the rest is joined by the next run. */
const MAX_ROWS = 500;

/** The billed span of a response wins; of several others the first by id, so that every run chooses alike. */
const SPAN_OF_RESPONSE = `
SELECT workspace, response_id, argMin((trace_id, span_id), (1 - billable, trace_id, span_id)) AS found
FROM genai.spans
WHERE ingested_at >= fromUnixTimestamp64Milli({horizon:Int64}) AND response_id != ''
  AND (workspace, response_id) IN (SELECT workspace, response_id FROM {{source}})
GROUP BY workspace, response_id`;

const LOOSE_FRAGMENTS = `(SELECT * FROM genai.content_fragments
  WHERE ingested_at >= fromUnixTimestamp64Milli({horizon:Int64}) AND span_id = '' AND response_id != '')`;
const LOOSE_SCORES = `(SELECT * FROM genai.scores FINAL
  WHERE ingested_at >= fromUnixTimestamp64Milli({horizon:Int64}) AND span_id = '' AND response_id != '')`;

/** Content that came without a span id and whose span is known by now; what was joined before is left out. */
const JOINABLE_FRAGMENTS = `
SELECT f.workspace AS workspace, toString(toUnixTimestamp64Nano(f.timestamp)) AS timestamp_ns, s.found.1 AS trace_id, s.found.2 AS span_id,
  f.response_id AS response_id, f.kind AS kind, f.source AS source, toString(f.position) AS position, f.body AS body, f.retention_days AS retention_days
FROM ${LOOSE_FRAGMENTS} AS f
INNER JOIN (${SPAN_OF_RESPONSE.replace('{{source}}', LOOSE_FRAGMENTS)}) AS s ON s.workspace = f.workspace AND s.response_id = f.response_id
WHERE (f.workspace, f.response_id, f.kind, f.source, f.position, cityHash64(f.body)) NOT IN (
  SELECT workspace, response_id, kind, source, position, cityHash64(body) FROM genai.content_fragments
  WHERE span_id != '' AND response_id != '' AND source = 'log_event' AND ingested_at >= fromUnixTimestamp64Milli({horizon:Int64}))
LIMIT ${MAX_ROWS}`;

/** Scores that name only a response id and whose span is known by now. */
const JOINABLE_SCORES = `
SELECT f.workspace AS workspace, toString(toUnixTimestamp64Nano(f.timestamp)) AS timestamp_ns, s.found.1 AS trace_id, s.found.2 AS span_id,
  f.response_id AS response_id, f.conversation_id AS conversation_id, f.name AS name, f.source AS source, f.value AS value,
  f.label AS label, f.comment AS comment, f.experiment AS experiment, f.variant AS variant, f.id AS id
FROM ${LOOSE_SCORES} AS f
INNER JOIN (${SPAN_OF_RESPONSE.replace('{{source}}', LOOSE_SCORES)}) AS s ON s.workspace = f.workspace AND s.response_id = f.response_id
LIMIT ${MAX_ROWS}`;

type Row = Readonly<Record<string, unknown>>;

export interface StoredFragment extends ContentFragment {
  readonly workspace: string;
  readonly retentionDays: number;
}

export interface JoinDependencies {
  readonly now: () => number;
  readonly query: (sql: string, parameters: Readonly<Record<string, unknown>>) => Promise<readonly Row[]>;
  /** Resolves when the rows are on disk. */
  readonly store: (rows: {
    readonly fragments: readonly StoredFragment[];
    readonly scores: readonly Score[];
  }) => Promise<void>;
}

function fragmentOf(row: Row): StoredFragment {
  const text = (column: string) => String(row[column]);
  return {
    workspace: text('workspace'),
    timestampNs: BigInt(text('timestamp_ns')),
    traceId: text('trace_id'),
    spanId: text('span_id'),
    responseId: text('response_id'),
    kind: text('kind') as ContentFragment['kind'],
    source: text('source') as ContentFragment['source'],
    position: Number(text('position')),
    body: text('body'),
    retentionDays: Number(row.retention_days),
  };
}

function scoreOf(row: Row): Score {
  const text = (column: string) => String(row[column]);
  return {
    workspace: text('workspace'),
    timestampNs: BigInt(text('timestamp_ns')),
    traceId: text('trace_id'),
    spanId: text('span_id'),
    responseId: text('response_id'),
    conversationId: text('conversation_id'),
    name: text('name'),
    source: text('source') as Score['source'],
    value: Number(row.value),
    label: text('label'),
    comment: text('comment'),
    experiment: text('experiment'),
    variant: text('variant'),
    id: text('id'),
  };
}

/**
 * Returns the function that gives content and scores which arrived with a response id only (streams of some instrumentations,
 * evaluations that run elsewhere) the span of that response, whichever came first. Running it again stores nothing twice.
 */
export function createJoinByResponse(dependencies: JoinDependencies): () => Promise<{ readonly joined: number }> {
  return async () => {
    const horizon = { horizon: dependencies.now() - SETTLE_HORIZON_MS };
    const fragments = (await dependencies.query(JOINABLE_FRAGMENTS, horizon)).map(fragmentOf);
    const scores = (await dependencies.query(JOINABLE_SCORES, horizon)).map(scoreOf);
    if (fragments.length + scores.length > 0) await dependencies.store({ fragments, scores });
    return { joined: fragments.length + scores.length };
  };
}
