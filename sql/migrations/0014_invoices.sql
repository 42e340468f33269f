-- What providers say they billed, to compare with what the spans cost.

CREATE TABLE IF NOT EXISTS ${LOCAL}.invoice_lines${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Workspace the invoice is for',
    provider LowCardinality(String) COMMENT 'Who billed, as the price data names it',
    account LowCardinality(String) COMMENT 'Account or organisation at the provider, as named at the import; empty = the only one',
    kind Enum8('usage' = 1, 'cost' = 2) COMMENT 'An export of quantities, or of amounts',
    day Date COMMENT 'Day of the provider, UTC',
    model String COMMENT 'Model as the provider writes it; for a fee the name of the line',
    tier LowCardinality(String) COMMENT 'Service tier: standard, batch, flex, priority, fast',
    class LowCardinality(String) COMMENT 'What is billed: input, cache_read, cache_write, cache_write_1h, output, audio_input, audio_output, requests, searches, other',
    quantity Int64 COMMENT 'Tokens, requests or searches; 0 in an export of amounts',
    cost_usd Decimal(38, 12) COMMENT 'US dollars; 0 in an export of quantities',
    import_id String COMMENT 'SHA-256 of the imported file',
    imported_at DateTime64(3, 'UTC') COMMENT 'When it was imported; of a day only the latest import counts'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(imported_at)
ORDER BY (workspace, provider, account, kind, day, model, tier, class, import_id)
SETTINGS ${STORE_SETTINGS}
COMMENT 'Lines of the usage and cost exports of providers; of a day, account and kind only the latest import counts';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.invoice_lines${ON_CLUSTER} AS ${LOCAL}.invoice_lines
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'invoice_lines', cityHash64(workspace, provider))
COMMENT 'Lines of the usage and cost exports of providers; of a day, account and kind only the latest import counts';
