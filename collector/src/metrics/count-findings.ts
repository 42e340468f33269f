import { Counter, type Registry } from 'prom-client';
import type { GuardMetrics } from '../guard/inspection.ts';

/** The guard's counters. */
export function createCountFindings(registry: Registry): GuardMetrics {
  const registers = [registry];
  const spans = new Counter({ name: 'spanledger_guard_spans_total', help: 'Spans the guard looked at', registers });
  const characters = new Counter({
    name: 'spanledger_guard_characters_total',
    help: 'Characters the guard looked at in spans',
    registers,
  });
  const findings = new Counter({
    name: 'spanledger_guard_findings_total',
    help: 'Findings by rule and by what was done about them',
    labelNames: ['rule', 'action'],
    registers,
  });
  const omitted = new Counter({
    name: 'spanledger_guard_findings_omitted_total',
    help: 'Findings that were acted upon but not listed, because their span had too many',
    labelNames: ['rule'],
    registers,
  });
  const withheld = new Counter({
    name: 'spanledger_guard_content_withheld_total',
    help: 'Spans and fragments whose content was not stored: guard-error, guard-budget or a rule that drops',
    labelNames: ['rule'],
    registers,
  });
  return {
    spansChecked: (count, length) => {
      spans.inc(count);
      characters.inc(length);
    },
    findingMade: (rule, action) => findings.inc({ rule, action }),
    findingOmitted: (rule) => omitted.inc({ rule }),
    contentWithheld: (rule) => withheld.inc({ rule }),
  };
}
