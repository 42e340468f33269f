import { MODEL_OPERATIONS } from '../span.ts';
import { NATIVE_DIALECTS } from './call-facts.ts';

const MODELS = [...MODEL_OPERATIONS].map((operation) => `'${operation}'`).join(', ');
const NATIVES = [...NATIVE_DIALECTS].map((dialect) => `'${dialect}'`).join(', ');
const BARE_FAILURE = `operation IN (${MODELS}) AND status = 'error' AND usage_state = 'missing' AND response_id = ''`;

const STREAM_END = `operation IN (${MODELS}) AND duration_ns = 0 AND usage_state = 'reported' AND response_id = '' AND dialect = 'logfire'`;

/** Rows taken in since `since`, and rows taken in within the horizon. Both are Unix milliseconds; both use the index on ingested_at. */
const FRESH = 'ingested_at >= fromUnixTimestamp64Milli({since:Int64})';
const RECENT = 'ingested_at >= fromUnixTimestamp64Milli({horizon:Int64})';

/** At most this many groups a run; the rest is found by the next, as nothing is marked as done. */
const MAX_GROUPS = 20_000;

/**
 * Traces that hold a call which may have a second record: a response id with several spans, or a model span inside a model span,
 * or a failure that a provider's own SDK told of too, where at least one of them is fresh. Columns workspace, trace_id.
 */
export const AMBIGUOUS_TRACES = `
SELECT workspace, trace_id FROM (
SELECT DISTINCT workspace, trace_id FROM genai.spans
WHERE ${RECENT} AND operation IN (${MODELS}) AND (workspace, response_id) IN (
  SELECT workspace, response_id FROM genai.spans
  WHERE ${RECENT} AND operation IN (${MODELS}) AND response_id != '' AND (workspace, response_id) IN (
    SELECT workspace, response_id FROM genai.spans WHERE ${FRESH} AND operation IN (${MODELS}) AND response_id != '')
  GROUP BY workspace, response_id HAVING uniqExact(trace_id, span_id) > 1)
UNION DISTINCT
SELECT DISTINCT workspace, trace_id FROM genai.spans
WHERE ${RECENT} AND operation IN (${MODELS}) AND parent_span_id != ''
  AND (workspace, trace_id) IN (SELECT workspace, trace_id FROM genai.spans WHERE ${FRESH} AND operation IN (${MODELS}))
  AND (workspace, trace_id, parent_span_id) IN (SELECT workspace, trace_id, span_id FROM genai.spans WHERE ${RECENT} AND operation IN (${MODELS}))
UNION DISTINCT
SELECT DISTINCT workspace, trace_id FROM genai.spans
WHERE ${RECENT} AND ${BARE_FAILURE}
  AND (workspace, service_name) IN (SELECT workspace, service_name FROM genai.spans WHERE ${FRESH} AND ${BARE_FAILURE})
  AND (workspace, service_name) IN (SELECT workspace, service_name FROM genai.spans WHERE ${RECENT} AND ${BARE_FAILURE} AND dialect IN (${NATIVES}))
UNION DISTINCT
SELECT DISTINCT workspace, trace_id FROM genai.spans
WHERE ${RECENT} AND (dialect IN (${NATIVES}) OR ${STREAM_END}) AND (workspace, service_name, input_tokens, output_tokens) IN (
  SELECT workspace, service_name, input_tokens, output_tokens FROM genai.spans WHERE ${RECENT} AND ${STREAM_END}
    AND (workspace, service_name) IN (SELECT workspace, service_name FROM genai.spans WHERE ${FRESH}))
) LIMIT ${MAX_GROUPS}`;

/** Traces in which a span with an agent, conversation or user may be the ancestor of a call that has none. */
export const CONTEXT_TRACES = `
SELECT workspace, trace_id FROM genai.spans
WHERE ${RECENT} AND (workspace, trace_id) IN (SELECT workspace, trace_id FROM genai.spans WHERE ${FRESH})
GROUP BY workspace, trace_id
HAVING (countIf(agent_name != '') > 0 AND countIf(billable = 1 AND agent_name = '') > 0)
    OR (countIf(conversation_id != '') > 0 AND countIf(billable = 1 AND conversation_id = '') > 0)
    OR (countIf(user_id != '') > 0 AND countIf(billable = 1 AND user_id = '') > 0)
LIMIT ${MAX_GROUPS}`;

/** The condition that selects all rows of some traces; `traces` is an Array(Tuple(String, String)). */
export const IN_TRACES = `(workspace, trace_id) IN {traces:Array(Tuple(String, String))} AND ${RECENT}`;

/** Parents of the spans that are not GenAI, to walk through them. */
export const OTHER_PARENTS = `
SELECT workspace, trace_id, span_id, parent_span_id FROM genai.other_spans
WHERE (workspace, trace_id) IN {traces:Array(Tuple(String, String))}`;
