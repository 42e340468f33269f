import { logRecovery } from './log-recovery.ts';
import type { RecoveryReport } from './ledger/recover-segments.ts';

const CLEAN: RecoveryReport = {
  records: 0,
  bytes: 0,
  tornBytes: 0,
  damagedRanges: 0,
  damagedSpans: 0,
  openPlans: 0,
};

function told(report: Partial<RecoveryReport>): unknown[] {
  const lines: unknown[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push([level, fields, message.split(':')[0]]);
  logRecovery({ ...CLEAN, ...report }, { info: write('info'), error: write('error') } as never);
  return lines;
}

test.each([
  ['nothing after a clean stop', {}, []],
  [
    'what is to be delivered, after a crash',
    { records: 3, bytes: 900, tornBytes: 12, openPlans: 1 },
    [
      [
        'info',
        { records: 3, bytes: 900, openPlans: 1, tornBytes: 12 },
        'the ledger holds what an earlier process took in',
      ],
    ],
  ],
  [
    'what was acknowledged and cannot be read',
    { damagedRanges: 2, damagedSpans: 40 },
    [['error', { damagedRanges: 2, damagedSpans: 40 }, 'the ledger is damaged']],
  ],
  [
    'spans that the books expect and no file holds',
    { damagedSpans: 7 },
    [['error', { damagedRanges: 0, damagedSpans: 7 }, 'the ledger is damaged']],
  ],
])('a start says %s', (_, report, lines) => {
  expect(told(report)).toEqual(lines);
});
