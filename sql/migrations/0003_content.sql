-- Message content, apart from the spans: it is large, read one span at a time, and lives shorter.
-- Content of one span comes from attributes, span events and log events, in several requests and any order, so every piece is a row.
-- The key holds the body's hash: a repeated delivery merges away, two different pieces never do.

CREATE TABLE IF NOT EXISTS ${LOCAL}.content_fragments${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    timestamp DateTime64(9, 'UTC') COMMENT 'Start of the span, or time of the event that carried the fragment' CODEC(Delta(8), ZSTD(1)),
    trace_id String COMMENT 'Trace, 32 lower-case hex digits' CODEC(ZSTD(1)),
    span_id String COMMENT 'Span, 16 lower-case hex digits; empty when only the response id is known' CODEC(ZSTD(1)),
    response_id String COMMENT 'gen_ai.response.id, to find the span of a fragment without span_id' CODEC(ZSTD(1)),
    kind Enum8('input_messages' = 1, 'output_messages' = 2, 'system_instructions' = 3, 'tool_definitions' = 4) COMMENT 'What the fragment is a part of' CODEC(ZSTD(1)),
    source Enum8('attribute' = 1, 'span_event' = 2, 'log_event' = 3) COMMENT 'Where it was carried; the lowest source that has anything wins' CODEC(ZSTD(1)),
    position UInt64 COMMENT 'Order within span, kind and source' CODEC(T64, ZSTD(1)),
    body String COMMENT 'JSON array in the form of the semantic conventions, after the guard' CODEC(ZSTD(1)),
    retention_days UInt16 COMMENT 'Days the fragment lives, never more than its span' CODEC(ZSTD(1)),
    ingested_at DateTime64(3, 'UTC') COMMENT 'When the collector took the fragment in' CODEC(Delta(8), ZSTD(1)),
    INDEX index_trace_id trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_span_id span_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_response_id response_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX index_body body TYPE text(tokenizer = 'splitByNonAlpha', preprocessor = lower(body))
)
ENGINE = ${REPLICATED}ReplacingMergeTree(ingested_at)
PARTITION BY (retention_days, toDate(timestamp))
PRIMARY KEY (workspace, toStartOfHour(timestamp), trace_id, span_id)
ORDER BY (workspace, toStartOfHour(timestamp), trace_id, span_id, response_id, kind, source, position, cityHash64(body))
TTL toDateTime(timestamp) + toIntervalDay(retention_days)
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Pieces of message content after the guard; span_content joins them to one row per span';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.content_fragments${ON_CLUSTER} AS ${LOCAL}.content_fragments
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'content_fragments', cityHash64(workspace, trace_id))
COMMENT 'Pieces of message content after the guard; span_content joins them to one row per span';

-- Grouping by the whole key lets a filter on workspace, trace_id or span_id reach the table and its indexes.

CREATE VIEW IF NOT EXISTS ${DATABASE}.span_content${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    timestamp DateTime64(9, 'UTC') COMMENT 'Earliest time of the content of the span',
    trace_id String COMMENT 'Trace, 32 lower-case hex digits',
    span_id String COMMENT 'Span, 16 lower-case hex digits',
    input_messages String COMMENT 'Messages sent to the model, JSON array in the form of the semantic conventions',
    output_messages String COMMENT 'Messages of the answer, JSON array in the form of the semantic conventions',
    system_instructions String COMMENT 'System instructions, JSON array in the form of the semantic conventions',
    tool_definitions String COMMENT 'Tools the model was offered, JSON array in the form of the semantic conventions'
)
AS SELECT
    workspace,
    timestamp,
    trace_id,
    span_id,
    concat(
        '[',
        arrayStringConcat(
            arrayFilter(
                piece -> piece != '',
                arrayMap(
                    f -> if(startsWith(f.3, '[') AND endsWith(f.3, ']'), substring(f.3, 2, length(f.3) - 2), f.3),
                    arraySort(arrayFilter(f -> f.1 = arrayMin(g -> g.1, input_messages_fragments), input_messages_fragments))
                )
            ),
            ','
        ),
        ']'
    ) AS input_messages,
    concat(
        '[',
        arrayStringConcat(
            arrayFilter(
                piece -> piece != '',
                arrayMap(
                    f -> if(startsWith(f.3, '[') AND endsWith(f.3, ']'), substring(f.3, 2, length(f.3) - 2), f.3),
                    arraySort(arrayFilter(f -> f.1 = arrayMin(g -> g.1, output_messages_fragments), output_messages_fragments))
                )
            ),
            ','
        ),
        ']'
    ) AS output_messages,
    concat(
        '[',
        arrayStringConcat(
            arrayFilter(
                piece -> piece != '',
                arrayMap(
                    f -> if(startsWith(f.3, '[') AND endsWith(f.3, ']'), substring(f.3, 2, length(f.3) - 2), f.3),
                    arraySort(arrayFilter(f -> f.1 = arrayMin(g -> g.1, system_instructions_fragments), system_instructions_fragments))
                )
            ),
            ','
        ),
        ']'
    ) AS system_instructions,
    concat(
        '[',
        arrayStringConcat(
            arrayFilter(
                piece -> piece != '',
                arrayMap(
                    f -> if(startsWith(f.3, '[') AND endsWith(f.3, ']'), substring(f.3, 2, length(f.3) - 2), f.3),
                    arraySort(arrayFilter(f -> f.1 = arrayMin(g -> g.1, tool_definitions_fragments), tool_definitions_fragments))
                )
            ),
            ','
        ),
        ']'
    ) AS tool_definitions
FROM
(
    SELECT
        f.workspace AS workspace,
        f.trace_id AS trace_id,
        f.span_id AS span_id,
        min(f.timestamp) AS timestamp,
        groupUniqArrayIf((f.source, f.position, f.body), f.kind = 'input_messages') AS input_messages_fragments,
        groupUniqArrayIf((f.source, f.position, f.body), f.kind = 'output_messages') AS output_messages_fragments,
        groupUniqArrayIf((f.source, f.position, f.body), f.kind = 'system_instructions') AS system_instructions_fragments,
        groupUniqArrayIf((f.source, f.position, f.body), f.kind = 'tool_definitions') AS tool_definitions_fragments
    FROM ${DATABASE}.content_fragments AS f
    WHERE f.span_id != ''
    GROUP BY f.workspace, f.trace_id, f.span_id
)
COMMENT 'Message content, one row per span; filter by trace_id or span_id (search text in content_fragments)';
