-- Exact sums per end user; only calls to models, only spans that name a user.
-- Quarters of an hour cost hardly more rows than hours here (a user comes in bursts) and serve every time zone.
-- The day before the user in the key: one user over a month is thirty short ranges, all users of a day one long one.

CREATE TABLE IF NOT EXISTS ${LOCAL}.users_15m${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    time DateTime('UTC') COMMENT 'Start of the quarter of an hour' CODEC(Delta(4), ZSTD(1)),
    user_id String COMMENT 'End user as sent, or the keyed token that replaces it' CODEC(ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations',
    errors SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose status is error',
    input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All input tokens, cached ones included',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All output tokens, reasoning included',
    cache_read_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was read from the provider cache',
    cache_write_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was written to the provider cache',
    reasoning_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was reasoning',
    cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars',
    cache_savings_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved',
    unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations for which no price was found'
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toYYYYMM(time)
PRIMARY KEY (workspace, toDate(time), user_id)
ORDER BY (workspace, toDate(time), user_id, time, environment, department, provider, model, agent_name)
TTL time + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Usage and cost per end user and quarter of an hour, 13 months';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.users_15m${ON_CLUSTER} AS ${LOCAL}.users_15m
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'users_15m', cityHash64(workspace, user_id))
COMMENT 'Usage and cost per end user and quarter of an hour, 13 months';

CREATE TABLE IF NOT EXISTS ${LOCAL}.users_1d${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    time DateTime('UTC') COMMENT 'Start of the UTC day' CODEC(Delta(4), ZSTD(1)),
    user_id String COMMENT 'End user as sent, or the keyed token that replaces it' CODEC(ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations',
    errors SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose status is error',
    input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All input tokens, cached ones included',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All output tokens, reasoning included',
    cache_read_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was read from the provider cache',
    cache_write_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was written to the provider cache',
    reasoning_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was reasoning',
    cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars',
    cache_savings_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved',
    unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations for which no price was found'
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toYYYYMM(time)
PRIMARY KEY (workspace, toDate(time), user_id)
ORDER BY (workspace, toDate(time), user_id, time, environment, department)
TTL time + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Usage and cost per end user and UTC day, fewer dimensions, 13 months';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.users_1d${ON_CLUSTER} AS ${LOCAL}.users_1d
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'users_1d', cityHash64(workspace, user_id))
COMMENT 'Usage and cost per end user and UTC day, fewer dimensions, 13 months';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_users_15m${ON_CLUSTER} TO ${LOCAL}.users_15m
AS SELECT
    s.workspace,
    toStartOfFifteenMinutes(s.timestamp) AS time,
    s.user_id,
    s.environment,
    s.department,
    s.provider,
    if(s.response_model != '', s.response_model, s.request_model) AS model,
    s.agent_name,
    count() AS calls,
    countIf(s.status = 'error') AS errors,
    sum(s.input_tokens) AS input_tokens,
    sum(s.output_tokens) AS output_tokens,
    sum(s.cache_read_tokens) AS cache_read_tokens,
    sum(s.cache_write_tokens) AS cache_write_tokens,
    sum(s.reasoning_tokens) AS reasoning_tokens,
    sum(s.cost_usd) AS cost_usd,
    sum(s.cache_savings_usd) AS cache_savings_usd,
    countIf(s.cost_state = 'unpriced') AS unpriced_calls
FROM ${LOCAL}.spans AS s
WHERE s.revision = 0 AND s.billable = 1 AND s.user_id != ''
GROUP BY s.workspace, time, s.user_id, s.environment, s.department, s.provider, model, s.agent_name
COMMENT 'Counts new spans into users_15m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_users_15m_amendments${ON_CLUSTER} TO ${LOCAL}.users_15m
AS SELECT
    s.workspace,
    toStartOfFifteenMinutes(s.timestamp) AS time,
    s.user_id,
    s.environment,
    s.department,
    s.provider,
    if(s.response_model != '', s.response_model, s.request_model) AS model,
    s.agent_name,
    sum(s.sign) AS calls,
    sumIf(s.sign, s.status = 'error') AS errors,
    sum(s.sign * toInt64(s.input_tokens)) AS input_tokens,
    sum(s.sign * toInt64(s.output_tokens)) AS output_tokens,
    sum(s.sign * toInt64(s.cache_read_tokens)) AS cache_read_tokens,
    sum(s.sign * toInt64(s.cache_write_tokens)) AS cache_write_tokens,
    sum(s.sign * toInt64(s.reasoning_tokens)) AS reasoning_tokens,
    sum(s.sign * s.cost_usd) AS cost_usd,
    sum(s.sign * s.cache_savings_usd) AS cache_savings_usd,
    sumIf(s.sign, s.cost_state = 'unpriced') AS unpriced_calls
FROM ${LOCAL}.span_amendments AS s
WHERE s.billable = 1 AND s.user_id != ''
GROUP BY s.workspace, time, s.user_id, s.environment, s.department, s.provider, model, s.agent_name
COMMENT 'Counts amendments into users_15m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_users_1d${ON_CLUSTER} TO ${LOCAL}.users_1d
AS SELECT
    r.workspace AS workspace,
    toStartOfDay(r.time) AS time,
    r.user_id AS user_id,
    r.environment AS environment,
    r.department AS department,
    sum(r.calls) AS calls,
    sum(r.errors) AS errors,
    sum(r.input_tokens) AS input_tokens,
    sum(r.output_tokens) AS output_tokens,
    sum(r.cache_read_tokens) AS cache_read_tokens,
    sum(r.cache_write_tokens) AS cache_write_tokens,
    sum(r.reasoning_tokens) AS reasoning_tokens,
    sum(r.cost_usd) AS cost_usd,
    sum(r.cache_savings_usd) AS cache_savings_usd,
    sum(r.unpriced_calls) AS unpriced_calls
FROM ${LOCAL}.users_15m AS r
GROUP BY r.workspace, toStartOfDay(r.time), r.user_id, r.environment, r.department
COMMENT 'Counts users_15m into users_1d';
