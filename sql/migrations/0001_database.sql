-- The database and the record of applied migrations. `migrate` reads every file of this folder in the order of its number.
-- Placeholders are filled by collector/src/write/migrate.ts; a statement marked `-- @cluster` runs only on a cluster.

CREATE DATABASE IF NOT EXISTS ${DATABASE}${ON_CLUSTER};

-- @cluster
CREATE DATABASE IF NOT EXISTS ${LOCAL}${ON_CLUSTER};

CREATE TABLE IF NOT EXISTS ${DATABASE}.schema_migrations${ON_CLUSTER}
(
    name LowCardinality(String) COMMENT 'File name of the migration, without folder',
    checksum String COMMENT 'SHA-256 of the file as it was when applied, lower-case hex; a changed file is refused',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When its last statement had succeeded'
)
ENGINE = ${REPLICATED}ReplacingMergeTree(applied_at)
ORDER BY name
SETTINGS ${STORE_SETTINGS}
COMMENT 'Migrations that were applied to this database';
