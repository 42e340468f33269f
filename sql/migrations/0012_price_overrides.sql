-- Prices of the organisation itself stand beside the catalogue in genai.prices; the books of re-pricing; claimed against computed cost.

ALTER TABLE ${LOCAL}.prices${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS kind Enum8('price' = 0, 'percent_off' = 1, 'amount_off' = 2, 'gpu_hour' = 3) COMMENT 'price; percent_off and amount_off are discounts on the catalogue; gpu_hour = machines paid by the hour',
    ADD COLUMN IF NOT EXISTS region LowCardinality(String) COMMENT 'Only in this cloud region; empty = all',
    ADD COLUMN IF NOT EXISTS service_tier LowCardinality(String) COMMENT 'Only in this service tier, as sent; empty = all',
    ADD COLUMN IF NOT EXISTS amount Decimal(18, 12) COMMENT 'As it was set, in currency: per million units, percent, or of a GPU for an hour; 0 for the catalogue',
    ADD COLUMN IF NOT EXISTS currency LowCardinality(String) DEFAULT 'USD' COMMENT 'Currency of amount',
    ADD COLUMN IF NOT EXISTS usd_rate Decimal(18, 12) DEFAULT 1 COMMENT 'US dollars for one unit of currency',
    ADD COLUMN IF NOT EXISTS rate_date String COMMENT 'UTC day of usd_rate, YYYY-MM-DD',
    ADD COLUMN IF NOT EXISTS gpus UInt32 COMMENT 'GPUs that serve the model (gpu_hour)',
    ADD COLUMN IF NOT EXISTS parallel_calls UInt32 COMMENT 'Calls that share them at a time, on average (gpu_hour)';

-- @cluster
ALTER TABLE ${DATABASE}.prices${ON_CLUSTER}
    ADD COLUMN IF NOT EXISTS kind Enum8('price' = 0, 'percent_off' = 1, 'amount_off' = 2, 'gpu_hour' = 3) COMMENT 'price; percent_off and amount_off are discounts on the catalogue; gpu_hour = machines paid by the hour',
    ADD COLUMN IF NOT EXISTS region LowCardinality(String) COMMENT 'Only in this cloud region; empty = all',
    ADD COLUMN IF NOT EXISTS service_tier LowCardinality(String) COMMENT 'Only in this service tier, as sent; empty = all',
    ADD COLUMN IF NOT EXISTS amount Decimal(18, 12) COMMENT 'As it was set, in currency: per million units, percent, or of a GPU for an hour; 0 for the catalogue',
    ADD COLUMN IF NOT EXISTS currency LowCardinality(String) DEFAULT 'USD' COMMENT 'Currency of amount',
    ADD COLUMN IF NOT EXISTS usd_rate Decimal(18, 12) DEFAULT 1 COMMENT 'US dollars for one unit of currency',
    ADD COLUMN IF NOT EXISTS rate_date String COMMENT 'UTC day of usd_rate, YYYY-MM-DD',
    ADD COLUMN IF NOT EXISTS gpus UInt32 COMMENT 'GPUs that serve the model (gpu_hour)',
    ADD COLUMN IF NOT EXISTS parallel_calls UInt32 COMMENT 'Calls that share them at a time, on average (gpu_hour)';

CREATE TABLE IF NOT EXISTS ${LOCAL}.reprice_runs${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Workspace whose spans are re-priced',
    id String COMMENT 'Identity of the run; the latest row of an id counts. span_amendments.reason is reprice: and this id',
    state Enum8('running' = 0, 'done' = 1, 'failed' = 2) COMMENT 'A run that is cut off stays running and goes on at the next start of its collector',
    from_day String COMMENT 'First UTC day, YYYY-MM-DD',
    to_day String COMMENT 'First UTC day that is no longer re-priced',
    provider LowCardinality(String) COMMENT 'Only this provider; empty = all',
    model LowCardinality(String) COMMENT 'Only this model; empty = all',
    cursor DateTime('UTC') COMMENT 'Hours before it are done',
    examined UInt64 COMMENT 'Spans looked at since the run was last begun or went on',
    amended UInt64 COMMENT 'Spans whose cost or price entry changed; exact when done',
    delta_usd Decimal(38, 12) COMMENT 'What the cost changed by, US dollars; exact when done',
    failure String COMMENT 'Why it failed',
    collector String COMMENT 'Ledger that writes it',
    started_by String COMMENT 'Who started it',
    started_at DateTime64(3, 'UTC') COMMENT 'When it was started',
    updated_at DateTime64(3, 'UTC') COMMENT 'When this was written'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(updated_at)
ORDER BY (workspace, id)
SETTINGS ${STORE_SETTINGS}
COMMENT 'Runs that re-priced stored spans; read with FINAL';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.reprice_runs${ON_CLUSTER} AS ${LOCAL}.reprice_runs
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'reprice_runs', cityHash64(workspace, id))
COMMENT 'Runs that re-priced stored spans; read with FINAL';

-- Reads the spans themselves: a rollup holds the sum of the claims, but not what the same calls cost.
CREATE VIEW IF NOT EXISTS ${DATABASE}.reported_cost${ON_CLUSTER}
(
    time DateTime('UTC') COMMENT 'Start of the UTC day',
    workspace LowCardinality(String) COMMENT 'Whose span it is: taken from the ingest key only',
    environment LowCardinality(String) COMMENT 'deployment.environment.name, such as production',
    department LowCardinality(String) COMMENT 'Who pays: from the attributes department, team or cost_center (configurable)',
    service_name LowCardinality(String) COMMENT 'service.name of the resource',
    dialect LowCardinality(String) COMMENT 'Instrumentation that made the claim',
    provider LowCardinality(String) COMMENT 'gen_ai.provider.name: openai, anthropic, gcp.vertex_ai, aws.bedrock and so on',
    model LowCardinality(String) COMMENT 'Model that answered, or the one asked for when the answer does not say',
    cost_state String COMMENT 'How our cost came about; reported = the claim is all there is',
    price_id LowCardinality(String) COMMENT 'Price entry that we applied; empty when none',
    calls UInt64 COMMENT 'Calls whose instrumentation claimed a cost',
    cost_usd Decimal(38, 12) COMMENT 'What these calls cost by our prices',
    reported_cost_usd Decimal(38, 12) COMMENT 'What the instrumentation claimed for them',
    difference_usd Decimal(38, 12) COMMENT 'Claimed minus ours',
    differing_calls UInt64 COMMENT 'Calls for which the two differ by more than a millionth of a dollar'
)
AS SELECT
    toStartOfDay(s.timestamp) AS time,
    s.workspace,
    s.environment,
    s.department,
    s.service_name,
    s.dialect,
    s.provider,
    if(s.response_model != '', s.response_model, s.request_model) AS model,
    toString(s.cost_state) AS cost_state,
    s.price_id,
    count() AS calls,
    sum(s.cost_usd) AS cost_usd,
    sum(s.reported_cost_usd) AS reported_cost_usd,
    reported_cost_usd - cost_usd AS difference_usd,
    countIf(abs(s.reported_cost_usd - s.cost_usd) > 0.000001) AS differing_calls
FROM ${DATABASE}.spans AS s FINAL
WHERE s.billable = 1 AND s.reported_cost_usd != 0
GROUP BY time, s.workspace, s.environment, s.department, s.service_name, s.dialect, s.provider, model, cost_state, s.price_id
COMMENT 'Costs that instrumentations claimed, beside ours for the same calls; reads spans, so filter on time and workspace';
