-- One row per GenAI operation. Narrow: no message content, no Nullable, money as exact decimals.
-- Sort key: a page shows some hours of one workspace, or one trace whose hour the trace index knows.
-- Identity (the whole sort key): a span keeps its start time in every revision, so FINAL leaves the highest revision of each span.

CREATE TABLE IF NOT EXISTS ${LOCAL}.spans${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    timestamp DateTime64(9, 'UTC') COMMENT 'Start of the span' CODEC(Delta(8), ZSTD(1)),
    duration_ns UInt64 COMMENT 'End minus start, nanoseconds' CODEC(T64, ZSTD(1)),
    time_to_first_token_ns UInt64 COMMENT 'From the start to the first token of the answer, nanoseconds; 0 = unknown' CODEC(T64, ZSTD(1)),
    trace_id String COMMENT 'Trace, 32 lower-case hex digits' CODEC(ZSTD(1)),
    span_id String COMMENT 'Span, 16 lower-case hex digits' CODEC(ZSTD(1)),
    parent_span_id String COMMENT 'Parent span, 16 lower-case hex digits; empty for a root' CODEC(ZSTD(1)),
    span_name LowCardinality(String) COMMENT 'Name as sent; __other__ beyond the cap on distinct names' CODEC(ZSTD(1)),
    service_name LowCardinality(String) COMMENT 'service.name of the resource' CODEC(ZSTD(1)),
    service_version LowCardinality(String) COMMENT 'service.version of the resource' CODEC(ZSTD(1)),
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production' CODEC(ZSTD(1)),
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)' CODEC(ZSTD(1)),
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on' CODEC(ZSTD(1)),
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on' CODEC(ZSTD(1)),
    request_model LowCardinality(String) COMMENT 'Model that was asked for, as sent' CODEC(ZSTD(1)),
    response_model LowCardinality(String) COMMENT 'Model that answered, as sent' CODEC(ZSTD(1)),
    input_tokens UInt64 COMMENT 'All input tokens, cached ones included' CODEC(T64, ZSTD(1)),
    output_tokens UInt64 COMMENT 'All output tokens, reasoning included' CODEC(T64, ZSTD(1)),
    cache_read_tokens UInt64 COMMENT 'Part of input_tokens that was read from the provider cache' CODEC(T64, ZSTD(1)),
    cache_write_tokens UInt64 COMMENT 'Part of input_tokens that was written to the provider cache' CODEC(T64, ZSTD(1)),
    cache_write_1h_tokens UInt64 COMMENT 'Part of cache_write_tokens that was written for one hour' CODEC(T64, ZSTD(1)),
    reasoning_tokens UInt64 COMMENT 'Part of output_tokens that was reasoning' CODEC(T64, ZSTD(1)),
    audio_input_tokens UInt64 COMMENT 'Part of input_tokens that was audio' CODEC(T64, ZSTD(1)),
    audio_output_tokens UInt64 COMMENT 'Part of output_tokens that was audio' CODEC(T64, ZSTD(1)),
    usage_state Enum8('missing' = 0, 'reported' = 1, 'estimated' = 2) COMMENT 'Where the token counts come from: not sent, the provider, or counted by the instrumentation' CODEC(ZSTD(1)),
    cost_usd Decimal(18, 12) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars' CODEC(ZSTD(1)),
    input_cost_usd Decimal(18, 12) COMMENT 'Cost of uncached text, audio and image input' CODEC(ZSTD(1)),
    output_cost_usd Decimal(18, 12) COMMENT 'Cost of output, reasoning and audio included' CODEC(ZSTD(1)),
    cache_read_cost_usd Decimal(18, 12) COMMENT 'Cost of input read from the cache' CODEC(ZSTD(1)),
    cache_write_cost_usd Decimal(18, 12) COMMENT 'Cost of input written to the cache' CODEC(ZSTD(1)),
    request_cost_usd Decimal(18, 12) COMMENT 'Fees per call and per search' CODEC(ZSTD(1)),
    cache_savings_usd Decimal(18, 12) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved' CODEC(ZSTD(1)),
    reported_cost_usd Decimal(18, 12) COMMENT 'What the instrumentation itself claimed; 0 if nothing' CODEC(ZSTD(1)),
    cost_state Enum8('unpriced' = 0, 'computed' = 1, 'reported' = 2, 'free' = 3, 'no_usage' = 4, 'not_charged' = 5, 'not_billable' = 6) COMMENT 'How the cost came about; not_charged is a failed call without usage, not_billable costs 0' CODEC(ZSTD(1)),
    price_id LowCardinality(String) COMMENT 'Price entry that was applied: model, validity, tier; empty when none' CODEC(ZSTD(1)),
    service_tier LowCardinality(String) COMMENT 'Service tier as sent: default, flex, priority, batch; empty = not said' CODEC(ZSTD(1)),
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call' CODEC(ZSTD(1)),
    streaming UInt8 COMMENT '1 = the answer was streamed' CODEC(ZSTD(1)),
    finish_reasons Array(LowCardinality(String)) COMMENT 'Why the model stopped, one per choice' CODEC(ZSTD(1)),
    status Enum8('unset' = 0, 'ok' = 1, 'error' = 2) COMMENT 'Status of the span' CODEC(ZSTD(1)),
    error_type LowCardinality(String) COMMENT 'error.type; empty without error' CODEC(ZSTD(1)),
    error_message String COMMENT 'Message of the error after the guard, cut to its limit' CODEC(ZSTD(1)),
    retries UInt16 COMMENT 'How often the client retried before this answer' CODEC(ZSTD(1)),
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation' CODEC(ZSTD(1)),
    agent_id String COMMENT 'gen_ai.agent.id' CODEC(ZSTD(1)),
    agent_version LowCardinality(String) COMMENT 'Version of the agent' CODEC(ZSTD(1)),
    workflow_name LowCardinality(String) COMMENT 'Workflow, chain or graph the operation belongs to' CODEC(ZSTD(1)),
    prompt_name LowCardinality(String) COMMENT 'Name of the prompt template' CODEC(ZSTD(1)),
    prompt_version LowCardinality(String) COMMENT 'Version of the prompt template' CODEC(ZSTD(1)),
    tool_name LowCardinality(String) COMMENT 'Tool that was executed' CODEC(ZSTD(1)),
    conversation_id String COMMENT 'gen_ai.conversation.id or session' CODEC(ZSTD(1)),
    user_id String COMMENT 'End user as sent, or the keyed token that replaces it' CODEC(ZSTD(1)),
    response_id String COMMENT 'gen_ai.response.id' CODEC(ZSTD(1)),
    guard_action Enum8('none' = 0, 'flag' = 1, 'redact' = 2, 'drop' = 3) COMMENT 'Strongest action a guard rule took' CODEC(ZSTD(1)),
    guard_rules Array(LowCardinality(String)) COMMENT 'Guard rules that fired' CODEC(ZSTD(1)),
    dialect LowCardinality(String) COMMENT 'Instrumentation that wrote the span, as recognised' CODEC(ZSTD(1)),
    scope_name LowCardinality(String) COMMENT 'Instrumentation scope' CODEC(ZSTD(1)),
    sdk_language LowCardinality(String) COMMENT 'telemetry.sdk.language' CODEC(ZSTD(1)),
    attributes Map(LowCardinality(String), String) COMMENT 'Attributes that no column holds; never message content' CODEC(ZSTD(1)),
    revision UInt32 COMMENT '0 = as received; a later one is the whole row again, re-priced, settled or re-scanned' CODEC(ZSTD(1)),
    ingested_at DateTime64(3, 'UTC') COMMENT 'When the collector took the span in; a later revision keeps it' CODEC(Delta(8), ZSTD(1)),
    retention_days UInt16 COMMENT 'Retention class in days: 30, 90 or 400' CODEC(ZSTD(1)),
    INDEX index_trace_id trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_user_id user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_conversation_id conversation_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_response_id response_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_ingested_at ingested_at TYPE minmax GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree(revision)
PARTITION BY (retention_days, toMonday(timestamp))
ORDER BY (workspace, toStartOfHour(timestamp), trace_id, span_id)
TTL toDateTime(timestamp) + toIntervalDay(retention_days)
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'One row per GenAI operation; read with FINAL to see each span once, in its last revision';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.spans${ON_CLUSTER} AS ${LOCAL}.spans
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'spans', cityHash64(workspace, trace_id))
COMMENT 'One row per GenAI operation; read with FINAL to see each span once, in its last revision';

-- ---
-- A later revision of a span goes into spans whole; the rollups learn of it through two rows here: minus before, plus after.

CREATE TABLE IF NOT EXISTS ${LOCAL}.span_amendments${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    timestamp DateTime64(9, 'UTC') COMMENT 'Start of the span' CODEC(Delta(8), ZSTD(1)),
    trace_id String COMMENT 'Trace, 32 lower-case hex digits' CODEC(ZSTD(1)),
    span_id String COMMENT 'Span, 16 lower-case hex digits' CODEC(ZSTD(1)),
    parent_span_id String COMMENT 'Parent span, 16 lower-case hex digits; empty for a root' CODEC(ZSTD(1)),
    span_name LowCardinality(String) COMMENT 'Name as sent; __other__ beyond the cap on distinct names',
    service_name LowCardinality(String) COMMENT 'service.name of the resource',
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    operation LowCardinality(String) COMMENT 'gen_ai.operation.name: chat, embeddings, execute_tool, invoke_agent and so on',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    request_model LowCardinality(String) COMMENT 'Model that was asked for, as sent',
    response_model LowCardinality(String) COMMENT 'Model that answered, as sent',
    duration_ns UInt64 COMMENT 'End minus start, nanoseconds' CODEC(T64, ZSTD(1)),
    time_to_first_token_ns UInt64 COMMENT 'From the start to the first token of the answer, nanoseconds; 0 = unknown' CODEC(T64, ZSTD(1)),
    input_tokens UInt64 COMMENT 'All input tokens, cached ones included' CODEC(T64, ZSTD(1)),
    output_tokens UInt64 COMMENT 'All output tokens, reasoning included' CODEC(T64, ZSTD(1)),
    cache_read_tokens UInt64 COMMENT 'Part of input_tokens that was read from the provider cache' CODEC(T64, ZSTD(1)),
    cache_write_tokens UInt64 COMMENT 'Part of input_tokens that was written to the provider cache' CODEC(T64, ZSTD(1)),
    cache_write_1h_tokens UInt64 COMMENT 'Part of cache_write_tokens that was written for one hour' CODEC(T64, ZSTD(1)),
    reasoning_tokens UInt64 COMMENT 'Part of output_tokens that was reasoning' CODEC(T64, ZSTD(1)),
    audio_input_tokens UInt64 COMMENT 'Part of input_tokens that was audio' CODEC(T64, ZSTD(1)),
    audio_output_tokens UInt64 COMMENT 'Part of output_tokens that was audio' CODEC(T64, ZSTD(1)),
    usage_state Enum8('missing' = 0, 'reported' = 1, 'estimated' = 2) COMMENT 'Where the token counts come from: not sent, the provider, or counted by the instrumentation',
    cost_usd Decimal(18, 12) COMMENT 'Exact sum of input, output, cache read, cache write and request cost, US dollars' CODEC(ZSTD(1)),
    input_cost_usd Decimal(18, 12) COMMENT 'Cost of uncached text, audio and image input' CODEC(ZSTD(1)),
    output_cost_usd Decimal(18, 12) COMMENT 'Cost of output, reasoning and audio included' CODEC(ZSTD(1)),
    cache_read_cost_usd Decimal(18, 12) COMMENT 'Cost of input read from the cache' CODEC(ZSTD(1)),
    cache_write_cost_usd Decimal(18, 12) COMMENT 'Cost of input written to the cache' CODEC(ZSTD(1)),
    request_cost_usd Decimal(18, 12) COMMENT 'Fees per call and per search' CODEC(ZSTD(1)),
    cache_savings_usd Decimal(18, 12) COMMENT 'What the cached tokens would have cost more; negative when writing cost more than reading saved' CODEC(ZSTD(1)),
    reported_cost_usd Decimal(18, 12) COMMENT 'What the instrumentation itself claimed; 0 if nothing' CODEC(ZSTD(1)),
    cost_state Enum8('unpriced' = 0, 'computed' = 1, 'reported' = 2, 'free' = 3, 'no_usage' = 4, 'not_charged' = 5, 'not_billable' = 6) COMMENT 'How the cost came about; not_charged is a failed call without usage, not_billable costs 0',
    price_id LowCardinality(String) COMMENT 'Price entry that was applied: model, validity, tier; empty when none',
    service_tier LowCardinality(String) COMMENT 'Service tier as sent: default, flex, priority, batch; empty = not said',
    billable UInt8 COMMENT '1 = a call to a model; 0 = wrapper, agent, tool, or a second span of the same call',
    status Enum8('unset' = 0, 'ok' = 1, 'error' = 2) COMMENT 'Status of the span',
    retries UInt16 COMMENT 'How often the client retried before this answer',
    agent_name LowCardinality(String) COMMENT 'gen_ai.agent.name of the agent that runs the operation',
    agent_version LowCardinality(String) COMMENT 'Version of the agent',
    tool_name LowCardinality(String) COMMENT 'Tool that was executed',
    conversation_id String COMMENT 'gen_ai.conversation.id or session',
    user_id String COMMENT 'End user as sent, or the keyed token that replaces it',
    guard_action Enum8('none' = 0, 'flag' = 1, 'redact' = 2, 'drop' = 3) COMMENT 'Strongest action a guard rule took',
    revision UInt32 COMMENT 'Revision that the amendment made',
    sign Int8 COMMENT '-1 = the row as it counted before, 1 = the row as it counts now',
    reason LowCardinality(String) COMMENT 'Why: reprice, settle, rescan, audit',
    amended_at DateTime64(3, 'UTC') COMMENT 'When the amendment was decided' CODEC(Delta(8), ZSTD(1))
)
ENGINE = ${REPLICATED}MergeTree
PARTITION BY toYYYYMM(amended_at)
ORDER BY (workspace, amended_at, trace_id, span_id)
TTL toDateTime(amended_at) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Signed differences that keep the rollups right when a span is amended';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.span_amendments${ON_CLUSTER} AS ${LOCAL}.span_amendments
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'span_amendments', cityHash64(workspace, trace_id))
COMMENT 'Signed differences that keep the rollups right when a span is amended';

-- Spans that are not GenAI, in lean form, so that a trace can be drawn whole.

CREATE TABLE IF NOT EXISTS ${LOCAL}.other_spans${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    timestamp DateTime64(9, 'UTC') COMMENT 'Start of the span' CODEC(Delta(8), ZSTD(1)),
    duration_ns UInt64 COMMENT 'End minus start, nanoseconds' CODEC(T64, ZSTD(1)),
    trace_id String COMMENT 'Trace, 32 lower-case hex digits' CODEC(ZSTD(1)),
    span_id String COMMENT 'Span, 16 lower-case hex digits' CODEC(ZSTD(1)),
    parent_span_id String COMMENT 'Parent span, 16 lower-case hex digits; empty for a root' CODEC(ZSTD(1)),
    span_name LowCardinality(String) COMMENT 'Name as sent; __other__ beyond the cap on distinct names',
    service_name LowCardinality(String) COMMENT 'service.name of the resource',
    kind Enum8('unspecified' = 0, 'internal' = 1, 'server' = 2, 'client' = 3, 'producer' = 4, 'consumer' = 5) COMMENT 'SpanKind',
    status Enum8('unset' = 0, 'ok' = 1, 'error' = 2) COMMENT 'Status of the span',
    ingested_at DateTime64(3, 'UTC') COMMENT 'When the collector took the span in' CODEC(Delta(8), ZSTD(1)),
    INDEX index_trace_id trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ${REPLICATED}ReplacingMergeTree(ingested_at)
PARTITION BY toDate(timestamp)
ORDER BY (workspace, toStartOfHour(timestamp), trace_id, span_id)
TTL toDateTime(timestamp) + INTERVAL 7 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Spans that are not GenAI operations, kept for seven days';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.other_spans${ON_CLUSTER} AS ${LOCAL}.other_spans
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'other_spans', cityHash64(workspace, trace_id))
COMMENT 'Spans that are not GenAI operations, kept for seven days';
