import { createAudit } from '../audit/create-audit.ts';
import type { AuditReport, AuditRequest } from '../audit/create-audit.ts';
import { createRecordAudit } from '../audit/record-audit.ts';
import { createWatchLedgers } from '../audit/watch-ledgers.ts';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { createInsertAuditRows } from '../write/insert-audit-rows.ts';
import { createTakeLease } from '../write/lease.ts';
import { createReadStore } from './read-store.ts';

/** The audit of a store, for the collector and for the command line. */
export function openAudit(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly settings: () => Promise<ClickHouseSettings>;
  /** Who audits. */
  readonly collector: string;
  readonly now: () => number;
  /** Writes the books of the ledger of this process, if it has one. */
  readonly writeBooks?: (() => Promise<void>) | undefined;
  readonly patienceMs?: number;
}): (request: AuditRequest) => Promise<AuditReport> {
  const { client, database, collector, now } = options;
  const { query } = createReadStore(client);
  const insert = createInsertAuditRows(options);
  const take = createTakeLease({ client, database, holder: collector, now });
  return createAudit({
    database,
    query,
    now,
    ledgers: createWatchLedgers({ query, ...options }),
    lease: () => take('audit'),
    insert,
    record: createRecordAudit({ query, insert, database, collector, now }),
  });
}
