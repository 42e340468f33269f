-- What the audit needs: a lease that one process holds, how far each ledger has come, and what was found and repaired.

-- @lock
CREATE TABLE IF NOT EXISTS ${DATABASE}.leases${ON_CLUSTER}
(
    name LowCardinality(String) COMMENT 'What is leased: migrate, audit, forward',
    term UInt64 COMMENT 'Counts up with every holder; the insert of a term carries a token, so the store takes one holder for each',
    holder String COMMENT 'Process that holds the term, and a random part',
    expires_at DateTime64(3, 'UTC') COMMENT 'Server time after which the next term may be taken',
    released UInt8 COMMENT '1 = given back before it expired',
    position String COMMENT 'How far the holder came, in its own words: where the next one goes on',
    updated_at DateTime64(3, 'UTC') COMMENT 'Server time of this row; the latest row of a term counts'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(${EVERYWHERE}updated_at)
ORDER BY (name, term)
TTL toDateTime(expires_at) + INTERVAL 30 DAY
SETTINGS ${STORE_SETTINGS}
COMMENT 'Work that only one process does at a time; on a cluster one table for all shards';

ALTER TABLE ${LOCAL}.ingest_ledger${ON_CLUSTER} ADD COLUMN IF NOT EXISTS delivered_until DateTime64(3, 'UTC') DEFAULT toDateTime64(0, 3, 'UTC') COMMENT 'Everything that was accepted before is in the store; 1970 = not said' CODEC(Delta(8), ZSTD(1)),
    ADD COLUMN IF NOT EXISTS oldest_seconds Float64 COMMENT 'Age of the oldest record that is not written yet, seconds' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS ledger_bytes UInt64 COMMENT 'Size of the ledger on disk' CODEC(T64, ZSTD(1)),
    ADD COLUMN IF NOT EXISTS quota_bytes UInt64 COMMENT 'Size at which the ledger asks senders to wait' CODEC(T64, ZSTD(1)),
    ADD COLUMN IF NOT EXISTS outage_hours Float64 COMMENT 'Hours that the ledger can hold at the present rate while the store is down; 0 = not known' CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS closed UInt8 COMMENT '1 = the collector was stopped with nothing left to write';

-- @cluster
ALTER TABLE ${DATABASE}.ingest_ledger${ON_CLUSTER} ADD COLUMN IF NOT EXISTS delivered_until DateTime64(3, 'UTC') DEFAULT toDateTime64(0, 3, 'UTC') COMMENT 'Everything that was accepted before is in the store; 1970 = not said',
    ADD COLUMN IF NOT EXISTS oldest_seconds Float64 COMMENT 'Age of the oldest record that is not written yet, seconds',
    ADD COLUMN IF NOT EXISTS ledger_bytes UInt64 COMMENT 'Size of the ledger on disk',
    ADD COLUMN IF NOT EXISTS quota_bytes UInt64 COMMENT 'Size at which the ledger asks senders to wait',
    ADD COLUMN IF NOT EXISTS outage_hours Float64 COMMENT 'Hours that the ledger can hold at the present rate while the store is down; 0 = not known',
    ADD COLUMN IF NOT EXISTS closed UInt8 COMMENT '1 = the collector was stopped with nothing left to write';

CREATE TABLE IF NOT EXISTS ${LOCAL}.audit_differences${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Whose spans they are',
    time DateTime('UTC') COMMENT 'Start of the hour, or of the UTC day for tables of days and traces' CODEC(Delta(4), ZSTD(1)),
    table_name LowCardinality(String) COMMENT 'Table of sums that differed from spans FINAL',
    groups UInt64 COMMENT 'Groups (rows of that table) that differed' CODEC(T64, ZSTD(1)),
    calls Int64 COMMENT 'Operations that the table was short of; negative = counted too often' CODEC(ZSTD(1)),
    cost_usd Decimal(38, 12) COMMENT 'US dollars that the table was short of; negative = counted too often' CODEC(ZSTD(1)),
    state Enum8('repaired' = 1, 'held' = 2) COMMENT 'repaired by signed rows, or held because it needs a person: the log says why',
    reason LowCardinality(String) COMMENT 'Why it was held; empty when it was repaired',
    term UInt64 COMMENT 'Term of the lease under which it was done',
    collector LowCardinality(String) COMMENT 'Process that did it',
    found_at DateTime64(3, 'UTC') COMMENT 'When it was found' CODEC(Delta(8), ZSTD(1))
)
ENGINE = ${REPLICATED}MergeTree
PARTITION BY toYYYYMM(found_at)
ORDER BY (found_at, workspace, time, table_name)
TTL toDateTime(found_at) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1, ${STORE_SETTINGS}
COMMENT 'Differences between the tables of sums and spans FINAL that audits found, and what was done about them';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.audit_differences${ON_CLUSTER} AS ${LOCAL}.audit_differences
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'audit_differences', cityHash64(workspace))
COMMENT 'Differences between the tables of sums and spans FINAL that audits found, and what was done about them';
