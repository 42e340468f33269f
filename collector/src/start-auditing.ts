import { hostname } from 'node:os';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { AuditReport } from './audit/create-audit.ts';
import type { Log } from './log.ts';
import type { CountAudits } from './metrics/count-audits.ts';
import { createSettleLoop } from './settle/settle-loop.ts';
import { openAudit } from './store/open-audit.ts';
import type { Store } from './store/open-store.ts';

/** How often to look whether an hour has been closed since the last audit, of this collector or another. */
const LOOK_MS = 5 * 60_000;
/** Lines about single differences; the table `audit_differences` holds all. */
const MAX_LINES = 20;

/** Audits every closed hour, once among all collectors. A failure is logged; the next run makes up for it. */
export function startAuditing(options: {
  readonly client: ClickHouseClient;
  readonly database: string;
  readonly settings: () => Promise<ClickHouseSettings>;
  readonly store: Pick<Store, 'ready'>;
  readonly now: () => number;
  readonly log: Log;
  readonly metrics: { readonly audits: CountAudits };
  readonly writeBooks: () => Promise<void>;
}): { readonly runNow: () => Promise<void>; readonly stop: () => Promise<void> } {
  const { log, metrics } = options;
  const audit = openAudit({ ...options, collector: hostname() });
  let stopped = false;
  const tell = ({ outcome, closedUntil, hours, findings }: AuditReport): void => {
    metrics.audits.audited(outcome, closedUntil, findings);
    if (outcome !== 'done') return;
    const until = new Date(closedUntil * 1000).toISOString();
    for (const { workspace, table, time, calls, costUsd, state, reason } of findings.slice(0, MAX_LINES)) {
      const at = new Date(time * 1000).toISOString();
      log.warn(
        { workspace, table, time: at, calls, costUsd, state, reason },
        'audit: the sums differed from the spans'
      );
    }
    if (findings.length > 0) log.warn({ until, hours, differences: findings.length }, 'audit: differences found');
    else log.info({ until, hours }, 'audit: the sums equal the spans');
  };
  const loop = createSettleLoop({
    jobs: [{ name: 'audit', run: async () => tell(await audit({ dryRun: false })) }],
    intervalMs: LOOK_MS,
    onFailure: (_, error) => {
      metrics.audits.failed();
      if (!stopped) log.warn({ err: error }, 'the audit failed; it is tried again');
    },
  });
  void options.store.ready.then(() => loop.start());
  return {
    runNow: loop.runNow,
    stop: async () => {
      stopped = true;
      await loop.stop();
    },
  };
}
