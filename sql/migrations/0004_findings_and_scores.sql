-- What the guard found, one row per hit. The dimensions of the span are repeated so that safety pages need no join.

CREATE TABLE IF NOT EXISTS ${LOCAL}.findings${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    timestamp DateTime64(9, 'UTC') COMMENT 'Start of the span' CODEC(Delta(8), ZSTD(1)),
    trace_id String COMMENT 'Trace, 32 lower-case hex digits' CODEC(ZSTD(1)),
    span_id String COMMENT 'Span, 16 lower-case hex digits' CODEC(ZSTD(1)),
    rule LowCardinality(String) COMMENT 'Guard rule that fired',
    category Enum8('pii' = 1, 'secret' = 2, 'toxicity' = 3, 'prompt_injection' = 4, 'jailbreak' = 5, 'custom' = 6) COMMENT 'Kind of finding',
    severity Enum8('low' = 1, 'medium' = 2, 'high' = 3, 'critical' = 4) COMMENT 'How bad it is',
    action Enum8('none' = 0, 'flag' = 1, 'redact' = 2, 'drop' = 3) COMMENT 'What was done about it',
    score Float64 COMMENT 'Confidence from 0 to 1',
    location Enum8('input' = 1, 'output' = 2, 'system' = 3, 'tool' = 4, 'attribute' = 5, 'error' = 6) COMMENT 'Where it was found',
    masked_sample String COMMENT 'Enough to recognise the value by, never the value',
    policy_version LowCardinality(String) COMMENT 'Version of the guard policy',
    ordinal UInt16 COMMENT 'Number of the finding within its span, so that two equal ones stay two',
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production; empty when the span was not at hand',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable); empty when the span was not at hand',
    service_name LowCardinality(String) COMMENT 'service.name of the resource; empty when the span was not at hand',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation; empty when the span was not at hand',
    agent_version LowCardinality(String) COMMENT 'Version of the agent; empty when the span was not at hand',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on; empty when the span was not at hand',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say; empty when the span was not at hand',
    ingested_at DateTime64(3, 'UTC') COMMENT 'When the finding was made' CODEC(Delta(8), ZSTD(1)),
    retention_days UInt16 COMMENT 'Retention class of the span in days'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(ingested_at)
PARTITION BY (retention_days, toYYYYMM(timestamp))
PRIMARY KEY (workspace, toStartOfFifteenMinutes(timestamp), trace_id)
ORDER BY (workspace, toStartOfFifteenMinutes(timestamp), trace_id, span_id, rule, location, policy_version,
    masked_sample, ordinal)
TTL toDateTime(timestamp) + toIntervalDay(retention_days)
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Findings of the guard, one row per hit';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.findings${ON_CLUSTER} AS ${LOCAL}.findings
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'findings', cityHash64(workspace, trace_id))
COMMENT 'Findings of the guard, one row per hit';

-- Judgements of quality. A changed score keeps its id and timestamp, so the later row replaces the earlier.

CREATE TABLE IF NOT EXISTS ${LOCAL}.scores${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    timestamp DateTime64(9, 'UTC') COMMENT 'When the score was given' CODEC(Delta(8), ZSTD(1)),
    trace_id String COMMENT 'Trace that was scored; empty when a conversation was' CODEC(ZSTD(1)),
    span_id String COMMENT 'Span that was scored; empty when a trace or conversation was' CODEC(ZSTD(1)),
    response_id String COMMENT 'gen_ai.response.id that was scored',
    conversation_id String COMMENT 'gen_ai.conversation.id or session',
    name LowCardinality(String) COMMENT 'What was measured, such as faithfulness',
    source Enum8('llm_judge' = 1, 'human' = 2, 'feedback' = 3, 'code' = 4, 'otel' = 5) COMMENT 'Who gave the score',
    value Float64 COMMENT 'The score',
    label LowCardinality(String) COMMENT 'The score in words',
    comment String COMMENT 'Explanation',
    experiment LowCardinality(String) COMMENT 'Experiment the score belongs to',
    variant LowCardinality(String) COMMENT 'Variant within the experiment',
    id String COMMENT 'Stable identity: the same score sent twice has the same id',
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production; empty when the span was not at hand',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable); empty when the span was not at hand',
    service_name LowCardinality(String) COMMENT 'service.name of the resource; empty when the span was not at hand',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation; empty when the span was not at hand',
    agent_version LowCardinality(String) COMMENT 'Version of the agent; empty when the span was not at hand',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on; empty when the span was not at hand',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say; empty when the span was not at hand',
    ingested_at DateTime64(3, 'UTC') COMMENT 'When the score was taken in; the latest of an id counts' CODEC(Delta(8), ZSTD(1)),
    INDEX index_trace_id trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_id id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree(ingested_at)
PARTITION BY toYYYYMM(timestamp)
PRIMARY KEY (workspace, toStartOfFifteenMinutes(timestamp))
ORDER BY (workspace, toStartOfFifteenMinutes(timestamp), id)
TTL toDateTime(timestamp) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Scores of spans, traces and conversations, from judges, people, code and OpenTelemetry';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.scores${ON_CLUSTER} AS ${LOCAL}.scores
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'scores', cityHash64(workspace, id))
COMMENT 'Scores of spans, traces and conversations, from judges, people, code and OpenTelemetry';
