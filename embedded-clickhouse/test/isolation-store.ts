import { startTestServer } from './running-server.ts';
import type { TestServer } from './running-server.ts';

/** Texts that exist only in workspace bravo: no answer to reader-a may hold one, whatever it asks. */
export const SECRET = /bravo/;

const SCHEMA = [
  'CREATE DATABASE genai',
  `CREATE TABLE genai.spans (workspace LowCardinality(String), timestamp DateTime64(9,'UTC'), user_id String, provider LowCardinality(String), cost UInt64, attributes Map(LowCardinality(String), String), INDEX by_user user_id TYPE bloom_filter GRANULARITY 1)
   ENGINE = ReplacingMergeTree ORDER BY (workspace, timestamp, user_id)`,
  `CREATE TABLE genai.rollup (workspace LowCardinality(String), day Date, provider LowCardinality(String), cost SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ORDER BY (workspace, day, provider)`,
  `CREATE MATERIALIZED VIEW genai.rollup_fill TO genai.rollup AS SELECT workspace, toDate(timestamp) AS day, provider, sum(cost) AS cost FROM genai.spans GROUP BY ALL`,
  `CREATE MATERIALIZED VIEW genai.counts ENGINE = AggregatingMergeTree ORDER BY workspace AS SELECT workspace, countState() AS n FROM genai.spans GROUP BY workspace`,
  `CREATE VIEW genai.usage AS SELECT workspace, day, provider, sum(cost) AS cost FROM genai.rollup GROUP BY ALL`,
  `CREATE VIEW genai.total AS SELECT sum(cost) AS cost FROM genai.rollup`,
  `CREATE VIEW genai.by_parameter AS SELECT workspace, sum(cost) AS cost FROM genai.rollup WHERE workspace = {w:String} GROUP BY workspace`,
  `CREATE VIEW genai.through_merge AS SELECT workspace, user_id FROM merge('genai', '^spans$')`,
  `CREATE TABLE genai.prices (workspace String, id String, price UInt64) ENGINE = MergeTree ORDER BY (workspace, id)`,
  `CREATE TABLE genai.ledger (segment String) ENGINE = MergeTree ORDER BY segment`,
  `CREATE TABLE genai.small (workspace String, note String) ENGINE = Memory`,
  `CREATE DICTIONARY genai.names (workspace String, note String) PRIMARY KEY workspace SOURCE(CLICKHOUSE(DB 'genai' TABLE 'small')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)`,
  `INSERT INTO genai.spans SELECT if(number % 2 = 0, 'alpha', 'bravo'), toDateTime64(1700000000 + number, 9, 'UTC'), concat(if(number % 2 = 0, 'alpha', 'bravo'), '-user-', toString(number)), concat(if(number % 2 = 0, 'alpha', 'bravo'), '-provider'), number, map(if(number % 2 = 0, 'alpha', 'bravo') || '-key', 'v') FROM numbers(20000)`,
  `CREATE TABLE genai.parted (workspace LowCardinality(String), timestamp DateTime, n UInt32) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (workspace, timestamp) SETTINGS index_granularity = 64`,
  `INSERT INTO genai.parted SELECT 'bravo', 1600000000 + number, number FROM numbers(1000)`,
  `INSERT INTO genai.parted SELECT if(number % 2 = 0, 'alpha', 'bravo'), 1700000000 + number, number FROM numbers(1000)`,
  `INSERT INTO genai.prices VALUES ('', 'p', 1), ('alpha', 'q', 1), ('bravo', 'bravo-contract', 1)`,
  `INSERT INTO genai.ledger VALUES ('bravo-segment')`,
  `INSERT INTO genai.small VALUES ('alpha', 'alpha-note'), ('bravo', 'bravo-note')`,
];

/** A server with two workspaces, alpha and bravo, half of the rows each, and one user of every kind. */
export async function startIsolationStore(): Promise<TestServer> {
  const server = await startTestServer([
    { name: 'admin', role: 'admin', workspaces: '*' },
    { name: 'reader-a', role: 'reader', workspaces: ['alpha'] },
    { name: 'reader-all', role: 'reader', workspaces: '*' },
    { name: 'writer', role: 'writer', workspaces: '*' },
  ]);
  for (const sql of SCHEMA) expect(await server.run(sql, {}, 'admin')).toMatchObject({ status: 200 });
  return server;
}
