import { join } from 'node:path';
import { migrate } from '../../src/write/migrate.ts';
import type { Store } from './start-store.ts';
import { startStore } from './start-store.ts';

/** A store with the schema in the database `genai`. Its data does not age: tests may use fixed dates. */
export async function startMigratedStore(): Promise<Store> {
  const store = await startStore();
  await migrate({ client: store.client, sqlDir: join(process.cwd(), 'sql/migrations'), database: 'genai' });
  await store.client.command({ query: 'SYSTEM STOP TTL MERGES' });
  return store;
}
