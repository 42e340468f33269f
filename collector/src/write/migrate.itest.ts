import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '../../test/support/start-store.ts';
import { startStore } from '../../test/support/start-store.ts';
import { migrate, readMigrations } from './migrate.ts';
import { renderMigration } from './render-migration.ts';

const sqlDir = join(process.cwd(), 'sql/migrations');

describe('migrate', () => {
  let store: Store;
  beforeAll(async () => {
    store = await startStore();
  });
  afterAll(() => store.stop());

  const tableCount = async (database: string) => {
    const answer = await store.client.query({
      query: 'SELECT count() AS tables FROM system.tables WHERE database = {database:String}',
      query_params: { database },
      format: 'JSONEachRow',
    });
    return Number((await answer.json<{ tables: string }>())[0]!.tables);
  };

  it('applies every migration once and then has nothing to do', async () => {
    const names = (await readMigrations(sqlDir)).map((migration) => migration.name);
    const first = await migrate({ client: store.client, sqlDir, database: 'genai' });
    const tables = await tableCount('genai');
    const second = await migrate({ client: store.client, sqlDir, database: 'genai' });
    expect([first.applied, second.applied]).toEqual([names, []]);
    expect(await tableCount('genai')).toBe(tables);
  });

  it('lets one of several processes migrate that start at once, and the others wait for it', async () => {
    const names = (await readMigrations(sqlDir)).map((migration) => migration.name);
    const results = await Promise.all(
      ['a', 'b', 'c'].map((holder) => migrate({ client: store.client, sqlDir, database: 'together', holder }))
    );
    expect(results.flatMap(({ applied }) => applied)).toEqual(names);
    expect(await tableCount('together')).toBe(await tableCount('genai'));
  });

  it('has a cluster form that the engine can parse, of every statement', async () => {
    const target = { database: 'genai', cluster: { name: 'main', localDatabase: 'genai_local' } };
    const statements = (await readMigrations(sqlDir)).flatMap(({ sql }) => renderMigration(sql, target));
    const unparsed: string[] = [];
    for (const statement of statements) {
      const answer = await store.client.query({
        query: 'SELECT formatQuerySingleLineOrNull({statement:String}) AS parsed',
        query_params: { statement },
        format: 'JSONEachRow',
      });
      const [row] = await answer.json<{ parsed: string | null }>();
      const isSpread = / ON CLUSTER main\b/.test(row?.parsed ?? '');
      const engine = /ENGINE = (\w+)/.exec(row?.parsed ?? '')?.[1] ?? 'Distributed';
      if (!isSpread || !/^(Replicated\w*MergeTree|Distributed)$/.test(engine)) unparsed.push(statement);
    }
    expect(unparsed).toEqual([]);
  });

  it('goes on where a run broke off, also inside a file', async () => {
    const names = (await readMigrations(sqlDir)).map((migration) => migration.name);
    // Three for the lock, then as many as the first two files and a part of the third have.
    let left = 9;
    const breaking = {
      query: store.client.query.bind(store.client),
      insert: store.client.insert.bind(store.client),
      command: (parameters: Parameters<typeof store.client.command>[0]) =>
        left-- > 0 ? store.client.command(parameters) : Promise.reject(new Error('connection lost')),
    };
    await expect(migrate({ client: breaking, sqlDir, database: 'broken' })).rejects.toThrow(
      /^Migration 0003_content\.sql, statement \d: connection lost$/
    );
    // As a process leaves it that was killed: in a store of its own nobody waits for it.
    await store.client.command({
      query:
        "INSERT INTO broken.leases (name, term, holder, expires_at, released) VALUES ('migrate', 99, 'killed', now() + 3600, 0)",
    });
    const resumed = await migrate({ client: store.client, sqlDir, database: 'broken', alone: true });
    expect(resumed.applied).toEqual(names.slice(2));
    expect(await tableCount('broken')).toBe(await tableCount('genai'));
  });

  it('refuses a changed file and a newer database before it changes anything', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spanledger-migrations-'));
    await cp(sqlDir, folder, { recursive: true });
    await migrate({ client: store.client, sqlDir: folder, database: 'guarded' });
    const before = await tableCount('guarded');
    const last = join(folder, '0010_books.sql');
    const text = await readFile(last, 'utf8');

    await writeFile(last, `${text}\n-- changed`);
    await writeFile(join(folder, '0099_new.sql'), 'CREATE TABLE ${DATABASE}.extra (a UInt8) ENGINE = Memory;');
    await expect(migrate({ client: store.client, sqlDir: folder, database: 'guarded' })).rejects.toThrow(
      'The migration 0010_books.sql was changed after it had been applied: restore the file and put the change into a new one'
    );
    await rm(last);
    await expect(migrate({ client: store.client, sqlDir: folder, database: 'guarded' })).rejects.toThrow(
      'The database has the migration 0010_books.sql, which this version of Spanledger does not know: run the newer version'
    );
    expect(await tableCount('guarded')).toBe(before);

    await writeFile(last, text.replaceAll('\n', '\r\n'));
    const windows = await migrate({ client: store.client, sqlDir: folder, database: 'guarded' });
    expect(windows.applied).toEqual(['0099_new.sql']);
    await rm(folder, { recursive: true });
  });
});
