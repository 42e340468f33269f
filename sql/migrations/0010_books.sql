-- Prices, budgets, and the books of the ledger itself.

CREATE TABLE IF NOT EXISTS ${LOCAL}.prices${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Workspace the price is for; empty = all',
    provider LowCardinality(String) COMMENT 'Provider as the price data names it',
    model String COMMENT 'Model the price is for',
    price_id String COMMENT 'As in the column price_id of spans, without a tier',
    valid_from String COMMENT 'First UTC day, YYYY-MM-DD; empty = since the beginning',
    valid_to String COMMENT 'First UTC day on which it no longer holds; empty = still valid',
    unit LowCardinality(String) COMMENT 'What is paid for: input, output, cache_read, cache_write, cache_write_1h, reasoning, audio_input, audio_output, request and so on',
    tier_start_tokens UInt64 COMMENT 'The price holds for calls of more than this many input tokens',
    usd_per_million Decimal(18, 12) COMMENT 'US dollars per million units',
    source LowCardinality(String) COMMENT 'Catalogue or override',
    note String COMMENT 'Why the price was set',
    updated_by String COMMENT 'Who set it',
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it was set; the latest row of a key counts',
    deleted UInt8 COMMENT '1 = withdrawn'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(updated_at)
ORDER BY (workspace, provider, model, price_id, valid_from, unit, tier_start_tokens)
SETTINGS ${STORE_SETTINGS}
COMMENT 'Prices in use, catalogue and overrides, one row per unit; read with FINAL WHERE deleted = 0';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.prices${ON_CLUSTER} AS ${LOCAL}.prices
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'prices', cityHash64(workspace, model))
COMMENT 'Prices in use, catalogue and overrides, one row per unit; read with FINAL WHERE deleted = 0';

CREATE TABLE IF NOT EXISTS ${LOCAL}.budgets${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Workspace the budget watches',
    id String COMMENT 'Identity of the budget; the latest row of an id counts',
    name String COMMENT 'Name that people see',
    period Enum8('day' = 1, 'week' = 2, 'month' = 3, 'quarter' = 4, 'year' = 5) COMMENT 'Period after which it starts again',
    time_zone LowCardinality(String) COMMENT 'Time zone in which the period begins, such as Europe/Paris',
    limit_usd Decimal(18, 12) COMMENT 'US dollars per period',
    environment LowCardinality(String) COMMENT 'Only this environment; empty = all',
    department LowCardinality(String) COMMENT 'Only this department; empty = all',
    provider LowCardinality(String) COMMENT 'Only this provider; empty = all',
    model LowCardinality(String) COMMENT 'Only this model; empty = all',
    agent_name LowCardinality(String) COMMENT 'Only this agent_name; empty = all',
    user_id String COMMENT 'Only this end user; empty = all',
    warn_percents Array(UInt16) COMMENT 'Percentages of the limit at which to warn',
    owner String COMMENT 'Who is told',
    updated_by String COMMENT 'Who set it',
    updated_at DateTime64(3, 'UTC') COMMENT 'When it was set',
    deleted UInt8 COMMENT '1 = withdrawn'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(updated_at)
ORDER BY (workspace, id)
SETTINGS ${STORE_SETTINGS}
COMMENT 'Spending limits; read with FINAL WHERE deleted = 0';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.budgets${ON_CLUSTER} AS ${LOCAL}.budgets
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'budgets', cityHash64(workspace, id))
COMMENT 'Spending limits; read with FINAL WHERE deleted = 0';

CREATE TABLE IF NOT EXISTS ${LOCAL}.dead_letters${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    id String COMMENT 'Identity: ledger epoch, sequence and row',
    failed_at DateTime64(3, 'UTC') COMMENT 'When the store refused the row',
    table_name LowCardinality(String) COMMENT 'Table the row was meant for',
    error_code Int32 COMMENT 'ClickHouse error code',
    error_message String COMMENT 'What the store said, without values',
    columns String COMMENT 'Names and types of the columns of the row, JSON',
    row String COMMENT 'The guarded row, RowBinary in base64' CODEC(ZSTD(1)),
    epoch String COMMENT 'Epoch of the ledger',
    sequence UInt64 COMMENT 'Sequence of the ledger record',
    state Enum8('waiting' = 0, 'replayed' = 1, 'discarded' = 2) COMMENT 'What became of it',
    updated_at DateTime64(3, 'UTC') COMMENT 'When the state was set; the latest row of an id counts'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(updated_at)
PARTITION BY toYYYYMM(failed_at)
ORDER BY (workspace, failed_at, id)
TTL toDateTime(failed_at) + INTERVAL 90 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Rows the store refused, kept 90 days for replay';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.dead_letters${ON_CLUSTER} AS ${LOCAL}.dead_letters
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'dead_letters', cityHash64(workspace, id))
COMMENT 'Rows the store refused, kept 90 days for replay';

CREATE TABLE IF NOT EXISTS ${LOCAL}.ingest_ledger${ON_CLUSTER}
(
    collector LowCardinality(String) COMMENT 'Name of the collector',
    epoch String COMMENT 'Epoch of its ledger',
    recorded_at DateTime64(3, 'UTC') COMMENT 'When the counts were taken' CODEC(Delta(8), ZSTD(1)),
    received UInt64 COMMENT 'Spans received in this epoch' CODEC(T64, ZSTD(1)),
    stored UInt64 COMMENT 'Spans written to the store' CODEC(T64, ZSTD(1)),
    ignored UInt64 COMMENT 'Spans not kept by configuration' CODEC(T64, ZSTD(1)),
    rejected UInt64 COMMENT 'Spans refused to the sender' CODEC(T64, ZSTD(1)),
    duplicate UInt64 COMMENT 'Spans dropped as repeats' CODEC(T64, ZSTD(1)),
    dead_lettered UInt64 COMMENT 'Spans the store refused' CODEC(T64, ZSTD(1)),
    damaged UInt64 COMMENT 'Spans in ledger records that could not be read back' CODEC(T64, ZSTD(1)),
    backlog UInt64 COMMENT 'Spans acknowledged and not yet written' CODEC(T64, ZSTD(1)),
    fragments_accepted UInt64 COMMENT 'Content fragments acknowledged' CODEC(T64, ZSTD(1)),
    fragments_stored UInt64 COMMENT 'Content fragments written to the store' CODEC(T64, ZSTD(1)),
    fragments_dead_lettered UInt64 COMMENT 'Content fragments the store refused' CODEC(T64, ZSTD(1)),
    fragments_backlog UInt64 COMMENT 'Content fragments acknowledged and not yet written' CODEC(T64, ZSTD(1))
)
ENGINE = ${REPLICATED}ReplacingMergeTree(recorded_at)
PARTITION BY toYYYYMM(recorded_at)
ORDER BY (collector, epoch, recorded_at)
TTL toDateTime(recorded_at) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'The books of each collector: received = stored + ignored + rejected + duplicate + dead_lettered + damaged + backlog';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.ingest_ledger${ON_CLUSTER} AS ${LOCAL}.ingest_ledger
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'ingest_ledger', cityHash64(collector))
COMMENT 'The books of each collector: received = stored + ignored + rejected + duplicate + dead_lettered + damaged + backlog';

CREATE TABLE IF NOT EXISTS ${LOCAL}.audits${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    hour DateTime('UTC') COMMENT 'Closed hour that was audited',
    audited_at DateTime64(3, 'UTC') COMMENT 'When it was audited; the latest row of an hour counts',
    spans_count Int64 COMMENT 'Spans of the hour in spans FINAL',
    rollup_count Int64 COMMENT 'Spans of the hour in the rollup',
    spans_cost_usd Decimal(38, 12) COMMENT 'Cost of the hour in spans FINAL',
    rollup_cost_usd Decimal(38, 12) COMMENT 'Cost of the hour in the rollup',
    repaired UInt8 COMMENT '1 = the difference was repaired by signed rows'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(audited_at)
PARTITION BY toYYYYMM(hour)
ORDER BY (workspace, hour)
TTL hour + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Rollups compared with the spans, hour by hour';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.audits${ON_CLUSTER} AS ${LOCAL}.audits
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'audits', cityHash64(workspace))
COMMENT 'Rollups compared with the spans, hour by hour';
