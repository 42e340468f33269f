import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createDryRun } from './policies/dry-run.ts';
import { createReadStored } from './policies/read-stored.ts';
import { createRescanJobs, type RescanJobs } from './policies/rescan-jobs.ts';
import { createRescan } from './policies/rescan.ts';
import { createEncodeAmendments } from './rows/encode-amendments.ts';
import { createEncodeFindings } from './rows/encode-findings.ts';
import type { Checked } from './span.ts';
import type { Policies } from './start-policies.ts';
import type { Settling } from './start-settling.ts';
import type { Store } from './store/open-store.ts';
import { createReadStore } from './store/read-store.ts';
import { schemaTarget } from './store/schema-target.ts';
import type { TableRows } from './table-rows.ts';
import type { InTurn } from './take-turns.ts';
import { createDeleteRows } from './write/delete-rows.ts';

export interface Rescans {
  readonly dryRun: ReturnType<typeof createDryRun>;
  readonly jobs: RescanJobs;
}

/** Joins the guard's second looks at what is stored: dry runs, and jobs that amend through the ledger. */
export function startRescans(options: {
  readonly config: Config;
  readonly store: Store;
  readonly policies: Policies;
  readonly settling: Settling;
  /** Of everything that amends spans. */
  readonly inTurn: InTurn;
  readonly encode: (checked: Checked) => readonly TableRows[];
  readonly log: Log;
  readonly now: () => number;
}): Rescans {
  const { config, store, settling, now } = options;
  const readStore = createReadStore(store.client);
  const readPage = createReadStored(readStore);
  const jobs = createRescanJobs({
    path: join(config.dataDir, 'guard', 'rescans.json'),
    registry: options.policies.registry,
    log: options.log,
    now,
    rescan: createRescan({
      readPage,
      query: readStore.query,
      alone: options.inTurn,
      delivered: settling.delivered,
      append: settling.append,
      encode: options.encode,
      encodeFindings: createEncodeFindings(),
      encodeAmendments: createEncodeAmendments({ now }),
      deleteRows: createDeleteRows(store.client, schemaTarget(config)),
      now,
    }),
  });
  void store.ready.then(() => jobs.start());
  return { dryRun: createDryRun({ readPage, now }), jobs };
}
