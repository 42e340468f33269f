import type { RecoveryReport } from './ledger/recover-segments.ts';
import type { Log } from './log.ts';

/** Says what an earlier process left in the ledger, and what of it could not be read. Silent after a clean stop. */
export function logRecovery(report: RecoveryReport, log: Log): void {
  const { records, bytes, tornBytes, damagedRanges, damagedSpans, openPlans } = report;
  if (damagedRanges > 0 || damagedSpans > 0)
    log.error(
      { damagedRanges, damagedSpans },
      'the ledger is damaged: what cannot be read was passed over, copies are in its folder quarantine'
    );
  if (records > 0 || tornBytes > 0)
    log.info({ records, bytes, openPlans, tornBytes }, 'the ledger holds what an earlier process took in');
}
