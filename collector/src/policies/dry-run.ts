import type { GuardPolicy } from '../guard/guard-policy.ts';
import type { Finding } from '../span.ts';
import { createCheckStored } from './check-stored.ts';
import { startOf, type createReadStored, type StoredPeriod } from './read-stored.ts';

/** A dry run answers within this time, with what it has seen until then. */
const MAX_MS = 10_000;
/** Spans between two turns of the event loop. */
const SPANS_PER_TURN = 10;
const MAX_SAMPLES = 5;

type Sample = Pick<Finding, 'traceId' | 'spanId' | 'location' | 'maskedSample'>;

export interface DryRunRule extends Pick<Finding, 'rule' | 'category' | 'severity' | 'action'> {
  readonly findings: number;
  /** Of these, those that are not stored, or with another action. */
  readonly newFindings: number;
  readonly spans: number;
  /** The first few, masked. */
  readonly samples: readonly Sample[];
}

export interface DryRun {
  readonly spans: number;
  /** Spans that a re-scan would change. */
  readonly changedSpans: number;
  /** Spans that could not be checked: their content would be withheld at ingest. */
  readonly uncheckedSpans: number;
  /** Where it stopped when the period was not read to its end: go on from there. */
  readonly nextNs: string | undefined;
  readonly rules: readonly DryRunRule[];
}

interface Tally {
  first: Finding;
  findings: number;
  newFindings: number;
  spans: number;
  readonly samples: Sample[];
}

/** What one policy says about what is stored of a period: nothing is changed, at most `maxSpans` are looked at. Rejects when the store does. */
export function createDryRun(options: {
  readonly readPage: ReturnType<typeof createReadStored>;
  readonly now: () => number;
}): (policy: GuardPolicy, period: StoredPeriod, maxSpans: number) => Promise<DryRun> {
  return async (policy, period, maxSpans) => {
    const deadline = options.now() + MAX_MS;
    const check = createCheckStored(policy);
    const tallies = new Map<string, Tally>();
    let spans = 0;
    let changedSpans = 0;
    let uncheckedSpans = 0;

    const tallyOf = (finding: Finding): Tally => {
      const key = `${finding.rule} ${finding.action}`;
      const known = tallies.get(key) ?? { first: finding, findings: 0, newFindings: 0, spans: 0, samples: [] };
      tallies.set(key, known);
      return known;
    };
    const take = (stored: Parameters<typeof check>[0]): void => {
      const { findings, change, failed } = check(stored);
      spans += 1;
      if (failed) uncheckedSpans += 1;
      if (change !== undefined) changedSpans += 1;
      for (const finding of findings) {
        const tally = tallyOf(finding);
        tally.findings += 1;
        const { traceId, spanId, location, maskedSample } = finding;
        if (tally.samples.length < MAX_SAMPLES) tally.samples.push({ traceId, spanId, location, maskedSample });
      }
      for (const tally of new Set(findings.map(tallyOf))) tally.spans += 1;
      for (const { finding } of change?.findings ?? []) tallyOf(finding).newFindings += 1;
    };

    let cursor = startOf(period);
    for (;;) {
      const page = await options.readPage(period, cursor);
      let last: string | undefined;
      for (const stored of page.spans) {
        if (spans >= maxSpans || options.now() > deadline) {
          last = String(stored.row.timestampNs);
          break;
        }
        take(stored);
        if (spans % SPANS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      if (last !== undefined || page.next === undefined) {
        const rules = [...tallies.values()].map(({ first, findings, newFindings, spans: inSpans, samples }) => ({
          rule: first.rule,
          category: first.category,
          severity: first.severity,
          action: first.action,
          findings,
          newFindings,
          spans: inSpans,
          samples,
        }));
        rules.sort((a, b) => b.findings - a.findings || (a.rule < b.rule ? -1 : 1));
        return { spans, changedSpans, uncheckedSpans, nextNs: last, rules };
      }
      cursor = page.next;
    }
  };
}
