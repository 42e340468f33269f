-- When a trace happened and what it cost, without reading its spans: lists of traces, and the hours in which to look for one.

CREATE TABLE IF NOT EXISTS ${LOCAL}.trace_index${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    date Date COMMENT 'UTC day of the spans: a trace that crosses midnight has a row per day' CODEC(ZSTD(1)),
    trace_id String COMMENT 'Trace, 32 lower-case hex digits' CODEC(ZSTD(1)),
    start_time SimpleAggregateFunction(min, DateTime64(9, 'UTC')) COMMENT 'Start of the first span' CODEC(ZSTD(1)),
    end_time SimpleAggregateFunction(max, DateTime64(9, 'UTC')) COMMENT 'End of the last span' CODEC(ZSTD(1)),
    root_name SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Name of the root span; empty when the root is not a GenAI operation',
    service_name SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'A service that took part',
    environment SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'deployment.environment.name, such as production',
    department SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    agent_name SimpleAggregateFunction(max, LowCardinality(String)) COMMENT 'An agent that took part',
    conversation_id SimpleAggregateFunction(max, String) COMMENT 'gen_ai.conversation.id or session' CODEC(ZSTD(1)),
    user_id SimpleAggregateFunction(max, String) COMMENT 'End user as sent, or the keyed token that replaces it' CODEC(ZSTD(1)),
    spans SimpleAggregateFunction(sum, Int64) COMMENT 'GenAI spans of the trace',
    calls SimpleAggregateFunction(sum, Int64) COMMENT 'Calls to models',
    errors SimpleAggregateFunction(sum, Int64) COMMENT 'Spans whose status is error',
    input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Input tokens of the calls to models',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Output tokens of the calls to models',
    cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of the trace, US dollars',
    INDEX index_trace_id trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toMonday(date)
ORDER BY (workspace, date, trace_id)
TTL date + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Traces by UTC day: list them by date, sum the rows of a trace';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.trace_index${ON_CLUSTER} AS ${LOCAL}.trace_index
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'trace_index', cityHash64(workspace, trace_id))
COMMENT 'Traces by UTC day: list them by date, sum the rows of a trace';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_trace_index${ON_CLUSTER} TO ${LOCAL}.trace_index
AS SELECT
    s.workspace,
    toDate(s.timestamp) AS date,
    s.trace_id,
    min(s.timestamp) AS start_time,
    max(addNanoseconds(s.timestamp, s.duration_ns)) AS end_time,
    max(if(s.parent_span_id = '', s.span_name, '')) AS root_name,
    max(s.service_name) AS service_name,
    max(s.environment) AS environment,
    max(s.department) AS department,
    max(s.agent_name) AS agent_name,
    max(s.conversation_id) AS conversation_id,
    max(s.user_id) AS user_id,
    count() AS spans,
    countIf(s.billable = 1) AS calls,
    countIf(s.status = 'error') AS errors,
    sumIf(s.input_tokens, s.billable = 1) AS input_tokens,
    sumIf(s.output_tokens, s.billable = 1) AS output_tokens,
    sum(s.cost_usd) AS cost_usd
FROM ${LOCAL}.spans AS s
WHERE s.revision = 0
GROUP BY s.workspace, date, s.trace_id
COMMENT 'Counts new spans into trace_index';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_trace_index_amendments${ON_CLUSTER} TO ${LOCAL}.trace_index
AS SELECT
    s.workspace,
    toDate(s.timestamp) AS date,
    s.trace_id,
    min(s.timestamp) AS start_time,
    max(addNanoseconds(s.timestamp, s.duration_ns)) AS end_time,
    max(if(s.parent_span_id = '', s.span_name, '')) AS root_name,
    max(s.service_name) AS service_name,
    max(s.environment) AS environment,
    max(s.department) AS department,
    max(s.agent_name) AS agent_name,
    max(s.conversation_id) AS conversation_id,
    max(s.user_id) AS user_id,
    sum(s.sign) AS spans,
    sumIf(s.sign, s.billable = 1) AS calls,
    sumIf(s.sign, s.status = 'error') AS errors,
    sumIf(s.sign * toInt64(s.input_tokens), s.billable = 1) AS input_tokens,
    sumIf(s.sign * toInt64(s.output_tokens), s.billable = 1) AS output_tokens,
    sum(s.sign * s.cost_usd) AS cost_usd
FROM ${LOCAL}.span_amendments AS s
GROUP BY s.workspace, date, s.trace_id
COMMENT 'Counts amendments into trace_index';

CREATE VIEW IF NOT EXISTS ${DATABASE}.traces${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    trace_id String COMMENT 'Trace, 32 lower-case hex digits',
    timestamp DateTime64(9, 'UTC') COMMENT 'Start of the first GenAI span',
    end_time DateTime64(9, 'UTC') COMMENT 'End of the last GenAI span',
    duration_ns UInt64 COMMENT 'From first start to last end, nanoseconds',
    root_name String COMMENT 'Name of the root span; empty when the root is not a GenAI operation',
    service_name String COMMENT 'A service that took part',
    environment String COMMENT 'deployment.environment.name, such as production',
    department String COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    agent_name String COMMENT 'An agent that took part',
    conversation_id String COMMENT 'gen_ai.conversation.id or session',
    user_id String COMMENT 'End user as sent, or the keyed token that replaces it',
    spans Int64 COMMENT 'GenAI spans of the trace',
    calls Int64 COMMENT 'Calls to models',
    errors Int64 COMMENT 'Spans whose status is error',
    input_tokens Int64 COMMENT 'Input tokens of the calls to models',
    output_tokens Int64 COMMENT 'Output tokens of the calls to models',
    cost_usd Decimal(38, 12) COMMENT 'Cost of the trace, US dollars'
)
AS SELECT
    t.workspace AS workspace,
    t.trace_id AS trace_id,
    min(t.start_time) AS timestamp,
    max(t.end_time) AS end_time,
    toUInt64(greatest(0, toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(timestamp))) AS duration_ns,
    max(t.root_name) AS root_name,
    max(t.service_name) AS service_name,
    max(t.environment) AS environment,
    max(t.department) AS department,
    max(t.agent_name) AS agent_name,
    max(t.conversation_id) AS conversation_id,
    max(t.user_id) AS user_id,
    sum(t.spans) AS spans,
    sum(t.calls) AS calls,
    sum(t.errors) AS errors,
    sum(t.input_tokens) AS input_tokens,
    sum(t.output_tokens) AS output_tokens,
    sum(t.cost_usd) AS cost_usd
FROM ${DATABASE}.trace_index AS t
GROUP BY t.workspace, t.trace_id
COMMENT 'One row per trace; filter by trace_id, or list a period from trace_index, which has the date in its key';
