-- Latency as counts per logarithmic bucket: unlike a sketch they add up exactly, over any grouping, and can be subtracted.
-- Few dimensions: the maps are the dearest thing to read. A percentile is read from the summed map, see sql/README.md.

CREATE TABLE IF NOT EXISTS ${LOCAL}.latency_15m${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    time DateTime('UTC') COMMENT 'Start of the quarter of an hour' CODEC(Delta(4), ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    agent_version LowCardinality(String) COMMENT 'Version of the agent',
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on',
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call',
    duration_buckets SimpleAggregateFunction(sumMap, Map(UInt16, Int64)) COMMENT 'Operations per bucket of duration: bucket = round(50 * ln(1 + microseconds)), so a value is known within 1 percent',
    time_to_first_token_buckets SimpleAggregateFunction(sumMap, Map(UInt16, Int64)) COMMENT 'Operations per bucket of time to first token, where known: bucket = round(50 * ln(1 + microseconds)), so a value is known within 1 percent'
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toYYYYMM(time)
PRIMARY KEY (workspace, time)
ORDER BY (workspace, time, environment, department, provider, model, agent_name, agent_version, operation, billable)
TTL time + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Latency counts per quarter of an hour, 13 months';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.latency_15m${ON_CLUSTER} AS ${LOCAL}.latency_15m
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'latency_15m', cityHash64(workspace, agent_name, model))
COMMENT 'Latency counts per quarter of an hour, 13 months';

CREATE TABLE IF NOT EXISTS ${LOCAL}.latency_1d${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    time DateTime('UTC') COMMENT 'Start of the UTC day' CODEC(Delta(4), ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    agent_version LowCardinality(String) COMMENT 'Version of the agent',
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on',
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call',
    duration_buckets SimpleAggregateFunction(sumMap, Map(UInt16, Int64)) COMMENT 'Operations per bucket of duration: bucket = round(50 * ln(1 + microseconds)), so a value is known within 1 percent',
    time_to_first_token_buckets SimpleAggregateFunction(sumMap, Map(UInt16, Int64)) COMMENT 'Operations per bucket of time to first token, where known: bucket = round(50 * ln(1 + microseconds)), so a value is known within 1 percent'
)
ENGINE = ${REPLICATED}AggregatingMergeTree
PARTITION BY toYear(time)
PRIMARY KEY (workspace, time)
ORDER BY (workspace, time, environment, department, provider, model, agent_name, agent_version, operation, billable)
SETTINGS ${STORE_SETTINGS}
COMMENT 'Latency counts per UTC day, kept';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.latency_1d${ON_CLUSTER} AS ${LOCAL}.latency_1d
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'latency_1d', cityHash64(workspace, agent_name, model))
COMMENT 'Latency counts per UTC day, kept';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_latency_15m${ON_CLUSTER} TO ${LOCAL}.latency_15m
AS SELECT
    s.workspace,
    toStartOfFifteenMinutes(s.timestamp) AS time,
    s.environment,
    s.department,
    s.provider,
    if(s.response_model != '', s.response_model, s.request_model) AS model,
    s.agent_name,
    s.agent_version,
    s.operation,
    s.billable,
    sumMap(map(toUInt16(round(50 * log(1 + s.duration_ns / 1000))), toInt64(1))) AS duration_buckets,
    sumMapIf(map(toUInt16(round(50 * log(1 + s.time_to_first_token_ns / 1000))), toInt64(1)), s.time_to_first_token_ns > 0) AS time_to_first_token_buckets
FROM ${LOCAL}.spans AS s
WHERE s.revision = 0
GROUP BY s.workspace, time, s.environment, s.department, s.provider, model, s.agent_name, s.agent_version,
    s.operation, s.billable
COMMENT 'Counts new spans into latency_15m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_latency_15m_amendments${ON_CLUSTER} TO ${LOCAL}.latency_15m
AS SELECT
    s.workspace,
    toStartOfFifteenMinutes(s.timestamp) AS time,
    s.environment,
    s.department,
    s.provider,
    if(s.response_model != '', s.response_model, s.request_model) AS model,
    s.agent_name,
    s.agent_version,
    s.operation,
    s.billable,
    sumMap(map(toUInt16(round(50 * log(1 + s.duration_ns / 1000))), toInt64(s.sign))) AS duration_buckets,
    sumMapIf(map(toUInt16(round(50 * log(1 + s.time_to_first_token_ns / 1000))), toInt64(s.sign)), s.time_to_first_token_ns > 0) AS time_to_first_token_buckets
FROM ${LOCAL}.span_amendments AS s
GROUP BY s.workspace, time, s.environment, s.department, s.provider, model, s.agent_name, s.agent_version,
    s.operation, s.billable
COMMENT 'Counts amendments into latency_15m';

CREATE MATERIALIZED VIEW IF NOT EXISTS ${LOCAL}.mv_latency_1d${ON_CLUSTER} TO ${LOCAL}.latency_1d
AS SELECT
    r.workspace AS workspace,
    toStartOfDay(r.time) AS time,
    r.environment AS environment,
    r.department AS department,
    r.provider AS provider,
    r.model AS model,
    r.agent_name AS agent_name,
    r.agent_version AS agent_version,
    r.operation AS operation,
    r.billable AS billable,
    sumMap(r.duration_buckets) AS duration_buckets,
    sumMap(r.time_to_first_token_buckets) AS time_to_first_token_buckets
FROM ${LOCAL}.latency_15m AS r
GROUP BY r.workspace, toStartOfDay(r.time), r.environment, r.department, r.provider, r.model, r.agent_name,
    r.agent_version, r.operation, r.billable
COMMENT 'Counts latency_15m into latency_1d';
