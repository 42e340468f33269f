-- What re-pricing changes, narrow: one row per span with its cost before and after. Spans are copied to their next revision inside the
-- store (collector/src/write/write-revisions.ts); the rollups learn the difference here. Latency is not touched: a price is none of its dimensions.

CREATE TABLE IF NOT EXISTS ${LOCAL}.price_amendments${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    amended_at DateTime64(3, 'UTC') COMMENT 'When the amendment was decided' CODEC(Delta(8), ZSTD(1)),
    timestamp DateTime64(9, 'UTC') COMMENT 'Start of the span' CODEC(Delta(8), ZSTD(1)),
    trace_id String COMMENT 'Trace, 32 lower-case hex digits' CODEC(ZSTD(1)),
    span_id String COMMENT 'Span, 16 lower-case hex digits' CODEC(ZSTD(1)),
    revision UInt32 COMMENT 'Revision that the amendment made',
    service_name LowCardinality(String) COMMENT 'service.name of the resource',
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    service_tier LowCardinality(String) COMMENT 'Service tier as sent: default, flex, priority, batch; empty = not said',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    agent_version LowCardinality(String) COMMENT 'Version of the agent',
    tool_name LowCardinality(String) COMMENT 'Tool that was executed',
    user_id String COMMENT 'End user as sent, or the keyed token that replaces it',
    duration_ns UInt64 COMMENT 'End minus start, nanoseconds' CODEC(T64, ZSTD(1)),
    input_tokens UInt64 COMMENT 'All input tokens, cached ones included' CODEC(T64, ZSTD(1)),
    output_tokens UInt64 COMMENT 'All output tokens, reasoning included' CODEC(T64, ZSTD(1)),
    cache_read_tokens UInt64 COMMENT 'Part of input_tokens that was read from the provider cache' CODEC(T64, ZSTD(1)),
    cache_write_tokens UInt64 COMMENT 'Part of input_tokens that was written to the provider cache' CODEC(T64, ZSTD(1)),
    cache_write_1h_tokens UInt64 COMMENT 'Part of cache_write_tokens that was written for one hour' CODEC(T64, ZSTD(1)),
    reasoning_tokens UInt64 COMMENT 'Part of output_tokens that was reasoning' CODEC(T64, ZSTD(1)),
    audio_input_tokens UInt64 COMMENT 'Part of input_tokens that was audio' CODEC(T64, ZSTD(1)),
    audio_output_tokens UInt64 COMMENT 'Part of output_tokens that was audio' CODEC(T64, ZSTD(1)),
    retries UInt16 COMMENT 'How often the client retried before this answer',
    usage_state Enum8('missing' = 0, 'reported' = 1, 'estimated' = 2) COMMENT 'Where the token counts come from: not sent, the provider, or counted by the instrumentation',
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call',
    status Enum8('unset' = 0, 'ok' = 1, 'error' = 2) COMMENT 'Status of the span',
    guard_action Enum8('none' = 0, 'flag' = 1, 'redact' = 2, 'drop' = 3) COMMENT 'Strongest action a guard rule took',
    reported_cost_usd Decimal(18, 12) COMMENT 'What the instrumentation itself claimed; 0 if nothing' CODEC(ZSTD(1)),
    cost_usd Decimal(18, 12) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars' CODEC(ZSTD(1)),
    input_cost_usd Decimal(18, 12) COMMENT 'Cost of uncached text, audio and image input' CODEC(ZSTD(1)),
    output_cost_usd Decimal(18, 12) COMMENT 'Cost of output, reasoning and audio included' CODEC(ZSTD(1)),
    cache_read_cost_usd Decimal(18, 12) COMMENT 'Cost of input read from the cache' CODEC(ZSTD(1)),
    cache_write_cost_usd Decimal(18, 12) COMMENT 'Cost of input written to the cache' CODEC(ZSTD(1)),
    request_cost_usd Decimal(18, 12) COMMENT 'Fees per call and per search' CODEC(ZSTD(1)),
    cache_savings_usd Decimal(18, 12) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved' CODEC(ZSTD(1)),
    cost_state Enum8('unpriced' = 0, 'computed' = 1, 'reported' = 2, 'free' = 3, 'no_usage' = 4, 'not_charged' = 5, 'not_billable' = 6) COMMENT 'How the cost came about; not_charged is a failed call without usage, not_billable costs 0',
    price_id LowCardinality(String) COMMENT 'Price entry that was applied: model, validity, tier; empty when none',
    old_cost_usd Decimal(18, 12) COMMENT 'As it was before: exact sum of input, output, cache read, cache write and request cost, US dollars' CODEC(ZSTD(1)),
    old_input_cost_usd Decimal(18, 12) COMMENT 'As it was before: cost of uncached text, audio and image input' CODEC(ZSTD(1)),
    old_output_cost_usd Decimal(18, 12) COMMENT 'As it was before: cost of output, reasoning and audio included' CODEC(ZSTD(1)),
    old_cache_read_cost_usd Decimal(18, 12) COMMENT 'As it was before: cost of input read from the cache' CODEC(ZSTD(1)),
    old_cache_write_cost_usd Decimal(18, 12) COMMENT 'As it was before: cost of input written to the cache' CODEC(ZSTD(1)),
    old_request_cost_usd Decimal(18, 12) COMMENT 'As it was before: fees per call and per search' CODEC(ZSTD(1)),
    old_cache_savings_usd Decimal(18, 12) COMMENT 'As it was before: what the cached tokens would have cost more; negative when writing cost more than reading saved' CODEC(ZSTD(1)),
    old_cost_state Enum8('unpriced' = 0, 'computed' = 1, 'reported' = 2, 'free' = 3, 'no_usage' = 4, 'not_charged' = 5, 'not_billable' = 6) COMMENT 'As it was before: how the cost came about; not_charged is a failed call without usage, not_billable costs 0',
    old_price_id LowCardinality(String) COMMENT 'As it was before: price entry that was applied: model, validity, tier; empty when none',
    reason LowCardinality(String) COMMENT 'Why: reprice: and the id of the run'
)
ENGINE = ${REPLICATED}MergeTree
PARTITION BY toYYYYMM(amended_at)
ORDER BY (workspace, amended_at, trace_id, span_id)
TTL toDateTime(amended_at) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Changes of stored prices, one row per span: spans take the new revision from it, the rollups the difference';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.price_amendments${ON_CLUSTER} AS ${LOCAL}.price_amendments
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'price_amendments', cityHash64(workspace, trace_id))
COMMENT 'Changes of stored prices, one row per span: spans take the new revision from it, the rollups the difference';

-- A group moves whole from its old price entry to the new one. Minutes are kept for 48 hours: what is older goes to the quarters of an
-- hour at once. Both views see every row, and each row is counted by exactly one of them.

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_rollup_1m_prices${ON_CLUSTER} TO ${LOCAL}.rollup_1m
AS SELECT
    workspace,
    start AS time,
    environment,
    department,
    service_name,
    agent_name,
    agent_version,
    provider,
    model,
    operation,
    tool_name,
    service_tier,
    if(sign = 1, new_price, old_price) AS price_id,
    billable,
    sign * n AS calls,
    sign * n_errors AS errors,
    sign * n_flagged AS flagged,
    sign * n_estimated AS estimated_calls,
    sign * all_retries AS retries,
    sign * all_input_tokens AS input_tokens,
    sign * all_output_tokens AS output_tokens,
    sign * all_cache_read_tokens AS cache_read_tokens,
    sign * all_cache_write_tokens AS cache_write_tokens,
    sign * all_cache_write_1h_tokens AS cache_write_1h_tokens,
    sign * all_reasoning_tokens AS reasoning_tokens,
    sign * all_audio_input_tokens AS audio_input_tokens,
    sign * all_audio_output_tokens AS audio_output_tokens,
    sign * all_duration_ns AS duration_ns,
    sign * all_reported_cost_usd AS reported_cost_usd,
    if(sign = 1, new_cost_usd, -old_cost_usd) AS cost_usd,
    if(sign = 1, new_input_cost_usd, -old_input_cost_usd) AS input_cost_usd,
    if(sign = 1, new_output_cost_usd, -old_output_cost_usd) AS output_cost_usd,
    if(sign = 1, new_cache_read_cost_usd, -old_cache_read_cost_usd) AS cache_read_cost_usd,
    if(sign = 1, new_cache_write_cost_usd, -old_cache_write_cost_usd) AS cache_write_cost_usd,
    if(sign = 1, new_request_cost_usd, -old_request_cost_usd) AS request_cost_usd,
    if(sign = 1, new_cache_savings_usd, -old_cache_savings_usd) AS cache_savings_usd,
    if(sign = 1, new_unpriced_calls, -old_unpriced_calls) AS unpriced_calls,
    if(sign = 1, new_unpriced_tokens, -old_unpriced_tokens) AS unpriced_tokens,
    if(sign = 1, new_no_usage_calls, -old_no_usage_calls) AS no_usage_calls
FROM
(
    SELECT
        a.workspace AS workspace,
        toStartOfMinute(a.timestamp) AS start,
        a.environment AS environment,
        a.department AS department,
        a.service_name AS service_name,
        a.agent_name AS agent_name,
        a.agent_version AS agent_version,
        a.provider AS provider,
        a.model AS model,
        a.operation AS operation,
        a.tool_name AS tool_name,
        a.service_tier AS service_tier,
        a.billable AS billable,
        a.price_id AS new_price,
        a.old_price_id AS old_price,
        toInt64(count()) AS n,
        toInt64(countIf(a.status = 'error')) AS n_errors,
        toInt64(countIf(a.guard_action != 'none')) AS n_flagged,
        toInt64(countIf(a.usage_state = 'estimated')) AS n_estimated,
        toInt64(sum(a.retries)) AS all_retries,
        toInt64(sum(a.input_tokens)) AS all_input_tokens,
        toInt64(sum(a.output_tokens)) AS all_output_tokens,
        toInt64(sum(a.cache_read_tokens)) AS all_cache_read_tokens,
        toInt64(sum(a.cache_write_tokens)) AS all_cache_write_tokens,
        toInt64(sum(a.cache_write_1h_tokens)) AS all_cache_write_1h_tokens,
        toInt64(sum(a.reasoning_tokens)) AS all_reasoning_tokens,
        toInt64(sum(a.audio_input_tokens)) AS all_audio_input_tokens,
        toInt64(sum(a.audio_output_tokens)) AS all_audio_output_tokens,
        toInt64(sum(a.duration_ns)) AS all_duration_ns,
        sum(a.reported_cost_usd) AS all_reported_cost_usd,
        sum(a.cost_usd) AS new_cost_usd,
        sum(a.input_cost_usd) AS new_input_cost_usd,
        sum(a.output_cost_usd) AS new_output_cost_usd,
        sum(a.cache_read_cost_usd) AS new_cache_read_cost_usd,
        sum(a.cache_write_cost_usd) AS new_cache_write_cost_usd,
        sum(a.request_cost_usd) AS new_request_cost_usd,
        sum(a.cache_savings_usd) AS new_cache_savings_usd,
        toInt64(countIf(a.cost_state = 'unpriced')) AS new_unpriced_calls,
        toInt64(sumIf(a.input_tokens + a.output_tokens, a.cost_state = 'unpriced')) AS new_unpriced_tokens,
        toInt64(countIf(a.cost_state = 'no_usage')) AS new_no_usage_calls,
        sum(a.old_cost_usd) AS old_cost_usd,
        sum(a.old_input_cost_usd) AS old_input_cost_usd,
        sum(a.old_output_cost_usd) AS old_output_cost_usd,
        sum(a.old_cache_read_cost_usd) AS old_cache_read_cost_usd,
        sum(a.old_cache_write_cost_usd) AS old_cache_write_cost_usd,
        sum(a.old_request_cost_usd) AS old_request_cost_usd,
        sum(a.old_cache_savings_usd) AS old_cache_savings_usd,
        toInt64(countIf(a.old_cost_state = 'unpriced')) AS old_unpriced_calls,
        toInt64(sumIf(a.input_tokens + a.output_tokens, a.old_cost_state = 'unpriced')) AS old_unpriced_tokens,
        toInt64(countIf(a.old_cost_state = 'no_usage')) AS old_no_usage_calls
    FROM ${LOCAL}.price_amendments AS a
    WHERE a.timestamp >= a.amended_at - INTERVAL 3 DAY
    GROUP BY
        a.workspace, start, a.environment, a.department, a.service_name, a.agent_name, a.agent_version, a.provider,
        a.model, a.operation, a.tool_name, a.service_tier, a.billable, a.price_id, a.old_price_id
)
ARRAY JOIN [toInt64(-1), toInt64(1)] AS sign
COMMENT 'Counts changes of prices into rollup_1m, as far back as it reaches';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_rollup_15m_prices${ON_CLUSTER} TO ${LOCAL}.rollup_15m
AS SELECT
    workspace,
    start AS time,
    environment,
    department,
    service_name,
    agent_name,
    agent_version,
    provider,
    model,
    operation,
    tool_name,
    service_tier,
    if(sign = 1, new_price, old_price) AS price_id,
    billable,
    sign * n AS calls,
    sign * n_errors AS errors,
    sign * n_flagged AS flagged,
    sign * n_estimated AS estimated_calls,
    sign * all_retries AS retries,
    sign * all_input_tokens AS input_tokens,
    sign * all_output_tokens AS output_tokens,
    sign * all_cache_read_tokens AS cache_read_tokens,
    sign * all_cache_write_tokens AS cache_write_tokens,
    sign * all_cache_write_1h_tokens AS cache_write_1h_tokens,
    sign * all_reasoning_tokens AS reasoning_tokens,
    sign * all_audio_input_tokens AS audio_input_tokens,
    sign * all_audio_output_tokens AS audio_output_tokens,
    sign * all_duration_ns AS duration_ns,
    sign * all_reported_cost_usd AS reported_cost_usd,
    if(sign = 1, new_cost_usd, -old_cost_usd) AS cost_usd,
    if(sign = 1, new_input_cost_usd, -old_input_cost_usd) AS input_cost_usd,
    if(sign = 1, new_output_cost_usd, -old_output_cost_usd) AS output_cost_usd,
    if(sign = 1, new_cache_read_cost_usd, -old_cache_read_cost_usd) AS cache_read_cost_usd,
    if(sign = 1, new_cache_write_cost_usd, -old_cache_write_cost_usd) AS cache_write_cost_usd,
    if(sign = 1, new_request_cost_usd, -old_request_cost_usd) AS request_cost_usd,
    if(sign = 1, new_cache_savings_usd, -old_cache_savings_usd) AS cache_savings_usd,
    if(sign = 1, new_unpriced_calls, -old_unpriced_calls) AS unpriced_calls,
    if(sign = 1, new_unpriced_tokens, -old_unpriced_tokens) AS unpriced_tokens,
    if(sign = 1, new_no_usage_calls, -old_no_usage_calls) AS no_usage_calls
FROM
(
    SELECT
        a.workspace AS workspace,
        toStartOfFifteenMinutes(a.timestamp) AS start,
        a.environment AS environment,
        a.department AS department,
        a.service_name AS service_name,
        a.agent_name AS agent_name,
        a.agent_version AS agent_version,
        a.provider AS provider,
        a.model AS model,
        a.operation AS operation,
        a.tool_name AS tool_name,
        a.service_tier AS service_tier,
        a.billable AS billable,
        a.price_id AS new_price,
        a.old_price_id AS old_price,
        toInt64(count()) AS n,
        toInt64(countIf(a.status = 'error')) AS n_errors,
        toInt64(countIf(a.guard_action != 'none')) AS n_flagged,
        toInt64(countIf(a.usage_state = 'estimated')) AS n_estimated,
        toInt64(sum(a.retries)) AS all_retries,
        toInt64(sum(a.input_tokens)) AS all_input_tokens,
        toInt64(sum(a.output_tokens)) AS all_output_tokens,
        toInt64(sum(a.cache_read_tokens)) AS all_cache_read_tokens,
        toInt64(sum(a.cache_write_tokens)) AS all_cache_write_tokens,
        toInt64(sum(a.cache_write_1h_tokens)) AS all_cache_write_1h_tokens,
        toInt64(sum(a.reasoning_tokens)) AS all_reasoning_tokens,
        toInt64(sum(a.audio_input_tokens)) AS all_audio_input_tokens,
        toInt64(sum(a.audio_output_tokens)) AS all_audio_output_tokens,
        toInt64(sum(a.duration_ns)) AS all_duration_ns,
        sum(a.reported_cost_usd) AS all_reported_cost_usd,
        sum(a.cost_usd) AS new_cost_usd,
        sum(a.input_cost_usd) AS new_input_cost_usd,
        sum(a.output_cost_usd) AS new_output_cost_usd,
        sum(a.cache_read_cost_usd) AS new_cache_read_cost_usd,
        sum(a.cache_write_cost_usd) AS new_cache_write_cost_usd,
        sum(a.request_cost_usd) AS new_request_cost_usd,
        sum(a.cache_savings_usd) AS new_cache_savings_usd,
        toInt64(countIf(a.cost_state = 'unpriced')) AS new_unpriced_calls,
        toInt64(sumIf(a.input_tokens + a.output_tokens, a.cost_state = 'unpriced')) AS new_unpriced_tokens,
        toInt64(countIf(a.cost_state = 'no_usage')) AS new_no_usage_calls,
        sum(a.old_cost_usd) AS old_cost_usd,
        sum(a.old_input_cost_usd) AS old_input_cost_usd,
        sum(a.old_output_cost_usd) AS old_output_cost_usd,
        sum(a.old_cache_read_cost_usd) AS old_cache_read_cost_usd,
        sum(a.old_cache_write_cost_usd) AS old_cache_write_cost_usd,
        sum(a.old_request_cost_usd) AS old_request_cost_usd,
        sum(a.old_cache_savings_usd) AS old_cache_savings_usd,
        toInt64(countIf(a.old_cost_state = 'unpriced')) AS old_unpriced_calls,
        toInt64(sumIf(a.input_tokens + a.output_tokens, a.old_cost_state = 'unpriced')) AS old_unpriced_tokens,
        toInt64(countIf(a.old_cost_state = 'no_usage')) AS old_no_usage_calls
    FROM ${LOCAL}.price_amendments AS a
    WHERE a.timestamp < a.amended_at - INTERVAL 3 DAY
    GROUP BY
        a.workspace, start, a.environment, a.department, a.service_name, a.agent_name, a.agent_version, a.provider,
        a.model, a.operation, a.tool_name, a.service_tier, a.billable, a.price_id, a.old_price_id
)
ARRAY JOIN [toInt64(-1), toInt64(1)] AS sign
COMMENT 'Counts changes of prices into rollup_15m where rollup_1m no longer reaches';

-- Neither users nor traces know price entries, so the difference of the sums is enough.

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_users_15m_prices${ON_CLUSTER} TO ${LOCAL}.users_15m
AS SELECT
    a.workspace AS workspace,
    toStartOfFifteenMinutes(a.timestamp) AS time,
    a.user_id AS user_id,
    a.environment AS environment,
    a.department AS department,
    a.provider AS provider,
    a.model AS model,
    a.agent_name AS agent_name,
    sum(a.cost_usd) - sum(a.old_cost_usd) AS cost_usd,
    sum(a.cache_savings_usd) - sum(a.old_cache_savings_usd) AS cache_savings_usd,
    toInt64(countIf(a.cost_state = 'unpriced')) - toInt64(countIf(a.old_cost_state = 'unpriced')) AS unpriced_calls
FROM ${LOCAL}.price_amendments AS a
WHERE a.billable = 1 AND a.user_id != ''
GROUP BY a.workspace, time, a.user_id, a.environment, a.department, a.provider, a.model, a.agent_name
COMMENT 'Counts changes of prices into users_15m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_trace_index_prices${ON_CLUSTER} TO ${LOCAL}.trace_index
AS SELECT
    a.workspace AS workspace,
    toDate(a.timestamp) AS date,
    a.trace_id AS trace_id,
    min(a.timestamp) AS start_time,
    sum(a.cost_usd) - sum(a.old_cost_usd) AS cost_usd
FROM ${LOCAL}.price_amendments AS a
GROUP BY a.workspace, date, a.trace_id
COMMENT 'Counts changes of prices into trace_index';
