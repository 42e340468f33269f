import { join } from 'node:path';
import { readMigrations } from './migrate.ts';
import { renderMigration } from './render-migration.ts';

const CLUSTER = { database: 'genai', cluster: { name: 'main', localDatabase: 'genai_local' } };
const migrations = readMigrations(join(process.cwd(), 'sql/migrations'));

describe('renderMigration', () => {
  it('makes the same file a single server and a cluster', () => {
    const sql = `CREATE TABLE \${LOCAL}.t\${ON_CLUSTER} (a UInt8) ENGINE = \${REPLICATED}MergeTree SETTINGS \${STORE_SETTINGS};
-- @cluster
CREATE TABLE \${DATABASE}.t\${ON_CLUSTER} AS \${LOCAL}.t ENGINE = Distributed('\${CLUSTER}', '\${LOCAL}', 't');`;
    expect([renderMigration(sql, { database: 'genai' }), renderMigration(sql, CLUSTER)]).toEqual([
      [
        'CREATE TABLE genai.t (a UInt8) ENGINE = MergeTree SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1',
      ],
      [
        "CREATE TABLE genai_local.t ON CLUSTER 'main' (a UInt8) ENGINE = ReplicatedMergeTree SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800",
        "CREATE TABLE genai.t ON CLUSTER 'main' AS genai_local.t ENGINE = Distributed('main', 'genai_local', 't')",
      ],
    ]);
  });

  it('refuses names that would need quoting and placeholders that nobody fills', () => {
    expect(() => renderMigration('SELECT 1', { database: 'genai; DROP' })).toThrow('"genai; DROP" is not a name');
    expect(() => renderMigration('SELECT ${MISSING}', { database: 'genai' })).toThrow('Unknown placeholder ${MISSING}');
  });

  it('leaves no placeholder and repeats every statement safely, in both forms', async () => {
    for (const target of [{ database: 'genai' }, CLUSTER]) {
      for (const { sql } of await migrations) {
        for (const statement of renderMigration(sql, target)) {
          expect(statement).not.toContain('${');
          expect(statement).toMatch(
            /^(CREATE (DATABASE|TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS|CREATE OR REPLACE VIEW|ALTER TABLE [^;]+? (IF (NOT )?EXISTS|MODIFY SETTING))\b/
          );
        }
      }
    }
  });

  it('spreads every table of a cluster and writes only into local ones', async () => {
    const statements = (await migrations).flatMap(({ sql }) => renderMigration(sql, CLUSTER));
    const first = (text: string) => text.split('\n')[0]!.replace(/^CREATE /, '');
    const created = statements.filter((text) => !text.startsWith('CREATE MATERIALIZED')).map(first);
    const engines = statements.flatMap((text) => /^ENGINE = .+$/m.exec(text) ?? []);
    const views = statements
      .filter((text) => text.startsWith('CREATE MATERIALIZED'))
      .map((text) => ({
        view: first(text),
        reads: [...text.matchAll(/FROM (\S+)/g)].map((match) => match[1]),
      }));
    expect({ created, engines, views }).toMatchSnapshot();
  });
});
