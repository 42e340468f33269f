-- Usage and cost with every dimension a page filters by: minute, quarter of an hour, UTC day, one filled from the other.
-- Only revision 0 of a span is counted from spans; every later change arrives signed through span_amendments.
-- A part that is not merged yet holds partial sums: sum() them, or read the views, which use FINAL.

CREATE TABLE IF NOT EXISTS ${LOCAL}.rollup_1m${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    time DateTime('UTC') COMMENT 'Start of the minute' CODEC(Delta(4), ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    service_name LowCardinality(String) COMMENT 'service.name of the resource',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    agent_version LowCardinality(String) COMMENT 'Version of the agent',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on',
    tool_name LowCardinality(String) COMMENT 'Tool that was executed',
    service_tier LowCardinality(String) COMMENT 'Service tier as sent: default, flex, priority, batch; empty = not said',
    price_id LowCardinality(String) COMMENT 'Price entry that was applied: model, validity, tier; empty when none',
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call',
    calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations',
    errors SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose status is error',
    retries SimpleAggregateFunction(sum, Int64) COMMENT 'Retries before the answers',
    flagged SimpleAggregateFunction(sum, Int64) COMMENT 'Operations on which a guard rule fired',
    input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All input tokens, cached ones included',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All output tokens, reasoning included',
    cache_read_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was read from the provider cache',
    cache_write_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was written to the provider cache',
    cache_write_1h_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of cache_write_tokens that was written for one hour',
    reasoning_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was reasoning',
    audio_input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was audio',
    audio_output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was audio',
    cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars',
    input_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of uncached text, audio and image input',
    output_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of output, reasoning and audio included',
    cache_read_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of input read from the cache',
    cache_write_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of input written to the cache',
    request_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Fees per call and per search',
    cache_savings_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved',
    reported_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the instrumentation itself claimed; 0 if nothing',
    unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations for which no price was found',
    unpriced_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Input and output tokens of those operations',
    no_usage_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations that should cost something but came without token counts',
    estimated_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose tokens the instrumentation counted itself',
    duration_ns SimpleAggregateFunction(sum, Int64) COMMENT 'Sum of the durations, nanoseconds'
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toMonday(time)
PRIMARY KEY (workspace, time)
ORDER BY (workspace, time, environment, department, service_name, agent_name, agent_version, provider, model,
    operation, tool_name, service_tier, price_id, billable)
TTL time + INTERVAL 48 HOUR
SETTINGS ${STORE_SETTINGS}
COMMENT 'Usage and cost per minute, the last 48 hours';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.rollup_1m${ON_CLUSTER} AS ${LOCAL}.rollup_1m
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'rollup_1m', cityHash64(workspace, agent_name, model))
COMMENT 'Usage and cost per minute, the last 48 hours';

CREATE TABLE IF NOT EXISTS ${LOCAL}.rollup_15m${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    time DateTime('UTC') COMMENT 'Start of the quarter of an hour' CODEC(Delta(4), ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    service_name LowCardinality(String) COMMENT 'service.name of the resource',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    agent_version LowCardinality(String) COMMENT 'Version of the agent',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on',
    tool_name LowCardinality(String) COMMENT 'Tool that was executed',
    service_tier LowCardinality(String) COMMENT 'Service tier as sent: default, flex, priority, batch; empty = not said',
    price_id LowCardinality(String) COMMENT 'Price entry that was applied: model, validity, tier; empty when none',
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call',
    calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations',
    errors SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose status is error',
    retries SimpleAggregateFunction(sum, Int64) COMMENT 'Retries before the answers',
    flagged SimpleAggregateFunction(sum, Int64) COMMENT 'Operations on which a guard rule fired',
    input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All input tokens, cached ones included',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All output tokens, reasoning included',
    cache_read_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was read from the provider cache',
    cache_write_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was written to the provider cache',
    cache_write_1h_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of cache_write_tokens that was written for one hour',
    reasoning_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was reasoning',
    audio_input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was audio',
    audio_output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was audio',
    cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars',
    input_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of uncached text, audio and image input',
    output_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of output, reasoning and audio included',
    cache_read_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of input read from the cache',
    cache_write_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of input written to the cache',
    request_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Fees per call and per search',
    cache_savings_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved',
    reported_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the instrumentation itself claimed; 0 if nothing',
    unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations for which no price was found',
    unpriced_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Input and output tokens of those operations',
    no_usage_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations that should cost something but came without token counts',
    estimated_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose tokens the instrumentation counted itself',
    duration_ns SimpleAggregateFunction(sum, Int64) COMMENT 'Sum of the durations, nanoseconds'
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toYYYYMM(time)
PRIMARY KEY (workspace, time)
ORDER BY (workspace, time, environment, department, service_name, agent_name, agent_version, provider, model,
    operation, tool_name, service_tier, price_id, billable)
TTL time + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Usage and cost per quarter of an hour, 13 months: local days of every time zone come from it';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.rollup_15m${ON_CLUSTER} AS ${LOCAL}.rollup_15m
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'rollup_15m', cityHash64(workspace, agent_name, model))
COMMENT 'Usage and cost per quarter of an hour, 13 months: local days of every time zone come from it';

CREATE TABLE IF NOT EXISTS ${LOCAL}.rollup_1d${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    time DateTime('UTC') COMMENT 'Start of the UTC day' CODEC(Delta(4), ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    service_name LowCardinality(String) COMMENT 'service.name of the resource',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    agent_version LowCardinality(String) COMMENT 'Version of the agent',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on',
    tool_name LowCardinality(String) COMMENT 'Tool that was executed',
    service_tier LowCardinality(String) COMMENT 'Service tier as sent: default, flex, priority, batch; empty = not said',
    price_id LowCardinality(String) COMMENT 'Price entry that was applied: model, validity, tier; empty when none',
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call',
    calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations',
    errors SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose status is error',
    retries SimpleAggregateFunction(sum, Int64) COMMENT 'Retries before the answers',
    flagged SimpleAggregateFunction(sum, Int64) COMMENT 'Operations on which a guard rule fired',
    input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All input tokens, cached ones included',
    output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'All output tokens, reasoning included',
    cache_read_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was read from the provider cache',
    cache_write_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was written to the provider cache',
    cache_write_1h_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of cache_write_tokens that was written for one hour',
    reasoning_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was reasoning',
    audio_input_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of input_tokens that was audio',
    audio_output_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Part of output_tokens that was audio',
    cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars',
    input_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of uncached text, audio and image input',
    output_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of output, reasoning and audio included',
    cache_read_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of input read from the cache',
    cache_write_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Cost of input written to the cache',
    request_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'Fees per call and per search',
    cache_savings_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved',
    reported_cost_usd SimpleAggregateFunction(sum, Decimal(38, 12)) COMMENT 'What the instrumentation itself claimed; 0 if nothing',
    unpriced_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations for which no price was found',
    unpriced_tokens SimpleAggregateFunction(sum, Int64) COMMENT 'Input and output tokens of those operations',
    no_usage_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations that should cost something but came without token counts',
    estimated_calls SimpleAggregateFunction(sum, Int64) COMMENT 'Operations whose tokens the instrumentation counted itself',
    duration_ns SimpleAggregateFunction(sum, Int64) COMMENT 'Sum of the durations, nanoseconds'
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toYear(time)
PRIMARY KEY (workspace, time)
ORDER BY (workspace, time, environment, department, service_name, agent_name, agent_version, provider, model,
    operation, tool_name, service_tier, price_id, billable)
SETTINGS ${STORE_SETTINGS}
COMMENT 'Usage and cost per UTC day, kept';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.rollup_1d${ON_CLUSTER} AS ${LOCAL}.rollup_1d
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'rollup_1d', cityHash64(workspace, agent_name, model))
COMMENT 'Usage and cost per UTC day, kept';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_rollup_1m${ON_CLUSTER} TO ${LOCAL}.rollup_1m
AS SELECT
    s.workspace,
    toStartOfMinute(s.timestamp) AS time,
    s.environment,
    s.department,
    s.service_name,
    s.agent_name,
    s.agent_version,
    s.provider,
    if(s.response_model != '', s.response_model, s.request_model) AS model,
    s.operation,
    s.tool_name,
    s.service_tier,
    s.price_id,
    s.billable,
    count() AS calls,
    countIf(s.status = 'error') AS errors,
    sum(s.retries) AS retries,
    countIf(s.guard_action != 'none') AS flagged,
    sum(s.input_tokens) AS input_tokens,
    sum(s.output_tokens) AS output_tokens,
    sum(s.cache_read_tokens) AS cache_read_tokens,
    sum(s.cache_write_tokens) AS cache_write_tokens,
    sum(s.cache_write_1h_tokens) AS cache_write_1h_tokens,
    sum(s.reasoning_tokens) AS reasoning_tokens,
    sum(s.audio_input_tokens) AS audio_input_tokens,
    sum(s.audio_output_tokens) AS audio_output_tokens,
    sum(s.cost_usd) AS cost_usd,
    sum(s.input_cost_usd) AS input_cost_usd,
    sum(s.output_cost_usd) AS output_cost_usd,
    sum(s.cache_read_cost_usd) AS cache_read_cost_usd,
    sum(s.cache_write_cost_usd) AS cache_write_cost_usd,
    sum(s.request_cost_usd) AS request_cost_usd,
    sum(s.cache_savings_usd) AS cache_savings_usd,
    sum(s.reported_cost_usd) AS reported_cost_usd,
    countIf(s.cost_state = 'unpriced') AS unpriced_calls,
    sumIf(s.input_tokens + s.output_tokens, s.cost_state = 'unpriced') AS unpriced_tokens,
    countIf(s.cost_state = 'no_usage') AS no_usage_calls,
    countIf(s.usage_state = 'estimated') AS estimated_calls,
    sum(s.duration_ns) AS duration_ns
FROM ${LOCAL}.spans AS s
WHERE s.revision = 0
GROUP BY s.workspace, time, s.environment, s.department, s.service_name, s.agent_name, s.agent_version, s.provider,
    model, s.operation, s.tool_name, s.service_tier, s.price_id, s.billable
COMMENT 'Counts new spans into rollup_1m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_rollup_1m_amendments${ON_CLUSTER} TO ${LOCAL}.rollup_1m
AS SELECT
    s.workspace,
    toStartOfMinute(s.timestamp) AS time,
    s.environment,
    s.department,
    s.service_name,
    s.agent_name,
    s.agent_version,
    s.provider,
    if(s.response_model != '', s.response_model, s.request_model) AS model,
    s.operation,
    s.tool_name,
    s.service_tier,
    s.price_id,
    s.billable,
    sum(s.sign) AS calls,
    sumIf(s.sign, s.status = 'error') AS errors,
    sum(s.sign * toInt64(s.retries)) AS retries,
    sumIf(s.sign, s.guard_action != 'none') AS flagged,
    sum(s.sign * toInt64(s.input_tokens)) AS input_tokens,
    sum(s.sign * toInt64(s.output_tokens)) AS output_tokens,
    sum(s.sign * toInt64(s.cache_read_tokens)) AS cache_read_tokens,
    sum(s.sign * toInt64(s.cache_write_tokens)) AS cache_write_tokens,
    sum(s.sign * toInt64(s.cache_write_1h_tokens)) AS cache_write_1h_tokens,
    sum(s.sign * toInt64(s.reasoning_tokens)) AS reasoning_tokens,
    sum(s.sign * toInt64(s.audio_input_tokens)) AS audio_input_tokens,
    sum(s.sign * toInt64(s.audio_output_tokens)) AS audio_output_tokens,
    sum(s.sign * s.cost_usd) AS cost_usd,
    sum(s.sign * s.input_cost_usd) AS input_cost_usd,
    sum(s.sign * s.output_cost_usd) AS output_cost_usd,
    sum(s.sign * s.cache_read_cost_usd) AS cache_read_cost_usd,
    sum(s.sign * s.cache_write_cost_usd) AS cache_write_cost_usd,
    sum(s.sign * s.request_cost_usd) AS request_cost_usd,
    sum(s.sign * s.cache_savings_usd) AS cache_savings_usd,
    sum(s.sign * s.reported_cost_usd) AS reported_cost_usd,
    sumIf(s.sign, s.cost_state = 'unpriced') AS unpriced_calls,
    sum(s.sign * toInt64(if(s.cost_state = 'unpriced', s.input_tokens + s.output_tokens, 0))) AS unpriced_tokens,
    sumIf(s.sign, s.cost_state = 'no_usage') AS no_usage_calls,
    sumIf(s.sign, s.usage_state = 'estimated') AS estimated_calls,
    sum(s.sign * toInt64(s.duration_ns)) AS duration_ns
FROM ${LOCAL}.span_amendments AS s
GROUP BY s.workspace, time, s.environment, s.department, s.service_name, s.agent_name, s.agent_version, s.provider,
    model, s.operation, s.tool_name, s.service_tier, s.price_id, s.billable
COMMENT 'Counts amendments into rollup_1m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_rollup_15m${ON_CLUSTER} TO ${LOCAL}.rollup_15m
AS SELECT
    r.workspace AS workspace,
    toStartOfFifteenMinutes(r.time) AS time,
    r.environment AS environment,
    r.department AS department,
    r.service_name AS service_name,
    r.agent_name AS agent_name,
    r.agent_version AS agent_version,
    r.provider AS provider,
    r.model AS model,
    r.operation AS operation,
    r.tool_name AS tool_name,
    r.service_tier AS service_tier,
    r.price_id AS price_id,
    r.billable AS billable,
    sum(r.calls) AS calls,
    sum(r.errors) AS errors,
    sum(r.retries) AS retries,
    sum(r.flagged) AS flagged,
    sum(r.input_tokens) AS input_tokens,
    sum(r.output_tokens) AS output_tokens,
    sum(r.cache_read_tokens) AS cache_read_tokens,
    sum(r.cache_write_tokens) AS cache_write_tokens,
    sum(r.cache_write_1h_tokens) AS cache_write_1h_tokens,
    sum(r.reasoning_tokens) AS reasoning_tokens,
    sum(r.audio_input_tokens) AS audio_input_tokens,
    sum(r.audio_output_tokens) AS audio_output_tokens,
    sum(r.cost_usd) AS cost_usd,
    sum(r.input_cost_usd) AS input_cost_usd,
    sum(r.output_cost_usd) AS output_cost_usd,
    sum(r.cache_read_cost_usd) AS cache_read_cost_usd,
    sum(r.cache_write_cost_usd) AS cache_write_cost_usd,
    sum(r.request_cost_usd) AS request_cost_usd,
    sum(r.cache_savings_usd) AS cache_savings_usd,
    sum(r.reported_cost_usd) AS reported_cost_usd,
    sum(r.unpriced_calls) AS unpriced_calls,
    sum(r.unpriced_tokens) AS unpriced_tokens,
    sum(r.no_usage_calls) AS no_usage_calls,
    sum(r.estimated_calls) AS estimated_calls,
    sum(r.duration_ns) AS duration_ns
FROM ${LOCAL}.rollup_1m AS r
GROUP BY r.workspace, toStartOfFifteenMinutes(r.time), r.environment, r.department, r.service_name, r.agent_name,
    r.agent_version, r.provider, r.model, r.operation, r.tool_name, r.service_tier, r.price_id, r.billable
COMMENT 'Counts rollup_1m into rollup_15m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_rollup_1d${ON_CLUSTER} TO ${LOCAL}.rollup_1d
AS SELECT
    r.workspace AS workspace,
    toStartOfDay(r.time) AS time,
    r.environment AS environment,
    r.department AS department,
    r.service_name AS service_name,
    r.agent_name AS agent_name,
    r.agent_version AS agent_version,
    r.provider AS provider,
    r.model AS model,
    r.operation AS operation,
    r.tool_name AS tool_name,
    r.service_tier AS service_tier,
    r.price_id AS price_id,
    r.billable AS billable,
    sum(r.calls) AS calls,
    sum(r.errors) AS errors,
    sum(r.retries) AS retries,
    sum(r.flagged) AS flagged,
    sum(r.input_tokens) AS input_tokens,
    sum(r.output_tokens) AS output_tokens,
    sum(r.cache_read_tokens) AS cache_read_tokens,
    sum(r.cache_write_tokens) AS cache_write_tokens,
    sum(r.cache_write_1h_tokens) AS cache_write_1h_tokens,
    sum(r.reasoning_tokens) AS reasoning_tokens,
    sum(r.audio_input_tokens) AS audio_input_tokens,
    sum(r.audio_output_tokens) AS audio_output_tokens,
    sum(r.cost_usd) AS cost_usd,
    sum(r.input_cost_usd) AS input_cost_usd,
    sum(r.output_cost_usd) AS output_cost_usd,
    sum(r.cache_read_cost_usd) AS cache_read_cost_usd,
    sum(r.cache_write_cost_usd) AS cache_write_cost_usd,
    sum(r.request_cost_usd) AS request_cost_usd,
    sum(r.cache_savings_usd) AS cache_savings_usd,
    sum(r.reported_cost_usd) AS reported_cost_usd,
    sum(r.unpriced_calls) AS unpriced_calls,
    sum(r.unpriced_tokens) AS unpriced_tokens,
    sum(r.no_usage_calls) AS no_usage_calls,
    sum(r.estimated_calls) AS estimated_calls,
    sum(r.duration_ns) AS duration_ns
FROM ${LOCAL}.rollup_15m AS r
GROUP BY r.workspace, toStartOfDay(r.time), r.environment, r.department, r.service_name, r.agent_name,
    r.agent_version, r.provider, r.model, r.operation, r.tool_name, r.service_tier, r.price_id, r.billable
COMMENT 'Counts rollup_15m into rollup_1d';
