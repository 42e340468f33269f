-- Guard policies: each change is a new version, nothing is ever overwritten.
-- A version is inserted with the token "workspace and version": of two writers of the same version the store keeps one.

CREATE TABLE IF NOT EXISTS ${LOCAL}.guard_policies${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Workspace the policy is for',
    version UInt64 COMMENT 'Counts from 1; the highest is in force; findings name it as v1, v2 and so on',
    policy String COMMENT 'The policy, JSON as the REST API takes it; {} = the default policy' CODEC(ZSTD(1)),
    changes Array(Tuple(rule String, before String, after String)) COMMENT 'What changed against the version before, rule by rule, JSON; empty = absent' CODEC(ZSTD(1)),
    updated_by String COMMENT 'Id of the key that made the change',
    updated_at DateTime64(3, 'UTC') COMMENT 'When it was made',
    id String COMMENT 'Identity of the write, by which its writer knows that it was the one that was kept'
)
ENGINE = ${REPLICATED}MergeTree
ORDER BY (workspace, version)
SETTINGS ${STORE_SETTINGS}
COMMENT 'Versions of the guard policies, also the record of who changed what';

-- @cluster
CREATE TABLE IF NOT EXISTS ${DATABASE}.guard_policies${ON_CLUSTER} AS ${LOCAL}.guard_policies
ENGINE = Distributed('${CLUSTER}', '${LOCAL}', 'guard_policies', cityHash64(workspace))
COMMENT 'Versions of the guard policies, also the record of who changed what';

CREATE VIEW IF NOT EXISTS ${DATABASE}.guard_policy_changes${ON_CLUSTER}
(
    workspace LowCardinality(String) COMMENT 'Workspace the policy is for',
    version UInt64 COMMENT 'Version that the change made',
    changed_at DateTime64(3, 'UTC') COMMENT 'When it was made',
    changed_by String COMMENT 'Id of the key that made it',
    rule String COMMENT 'What changed: a part of the policy, such as rules.email, custom.project-names or thresholds',
    before String COMMENT 'JSON before; empty = absent',
    after String COMMENT 'JSON after; empty = absent'
)
AS SELECT
    workspace,
    version,
    updated_at AS changed_at,
    updated_by AS changed_by,
    tupleElement(change, 'rule') AS rule,
    tupleElement(change, 'before') AS before,
    tupleElement(change, 'after') AS after
FROM ${DATABASE}.guard_policies
ARRAY JOIN changes AS change
COMMENT 'Who changed which rule of a guard policy and when, one row per rule';
