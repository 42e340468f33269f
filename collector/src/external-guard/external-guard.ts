import type { FindingRow } from '../rows/finding-columns.ts';
import type { Checked, CheckedSpan, Finding, FindingLocation } from '../span.ts';
import type { ExternalHit, ExternalProtocol } from './external-protocol.ts';

/** Texts that wait; what comes on top is not asked about, and counted. */
const MAX_WAITING = 256;
const MAX_RUNNING = 4;
/** Of a text, the end: that is where the latest message stands. */
const MAX_TEXT_LENGTH = 8_000;
const MAX_DEPTH = 12;
/** How long nobody is asked after a failure, doubled up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Findings name it in place of a policy's version. */
const VERSION = 'external';

export interface ExternalGuardStats {
  readonly asked: number;
  readonly failed: number;
  /** Texts that were chosen and not asked about: too many waited. */
  readonly dropped: number;
  readonly found: number;
}

export interface ExternalGuard {
  /** Chooses from what has been checked and queues it; takes no time and never throws. */
  readonly offer: (checked: Checked) => void;
  readonly stats: () => ExternalGuardStats;
  /** Resolves when nothing runs any more; what waits is given up. */
  readonly stop: () => Promise<void>;
}

interface Question {
  readonly span: CheckedSpan['span'];
  readonly location: FindingLocation;
  readonly text: string;
}

/** The texts of messages in the form of the semantic conventions. */
function textsOf(value: unknown, depth = 0): string[] {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => textsOf(each, depth + 1));
  return Object.entries(value).flatMap(([key, each]) =>
    key === 'content' && typeof each === 'string' ? [each] : textsOf(each, depth + 1)
  );
}

function readTexts(body: string): string {
  try {
    return textsOf(JSON.parse(body)).join('\n').slice(-MAX_TEXT_LENGTH);
  } catch {
    return '';
  }
}

/**
 * Asks a guard somewhere else about a share of what was taken in, after it was redacted, beside the flow: nothing waits for
 * it, and when it is slow or down texts go unasked and are counted. What it finds is written as findings.
 */
export function createExternalGuard(options: {
  readonly protocol: ExternalProtocol;
  readonly model: string;
  /** Share of the spans that are asked about, 0…1. */
  readonly sample: number;
  readonly ask: (body: unknown) => Promise<unknown>;
  /** Resolves when the findings are on disk. */
  readonly store: (rows: readonly FindingRow[]) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  readonly now: () => number;
  readonly random: () => number;
}): ExternalGuard {
  const { protocol, model, now } = options;
  const waiting: Question[] = [];
  const running = new Set<Promise<void>>();
  const stats = { asked: 0, failed: 0, dropped: 0, found: 0 };
  let pauseMs = 0;
  let resumeAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const rowsOf = ({ span, location }: Question, hits: readonly ExternalHit[]): FindingRow[] =>
    hits.map(({ rule, category, score }, ordinal) => {
      const { workspace, timestampNs, traceId, spanId } = span;
      const finding: Finding = {
        ...{ workspace, timestampNs, traceId, spanId, rule, category, score, location },
        severity: 'medium',
        action: 'flag',
        maskedSample: '',
        policyVersion: VERSION,
      };
      return { finding, ordinal, context: span, retentionDays: span.retentionDays, ingestedAtMs: now() };
    });

  const askOne = async (question: Question): Promise<void> => {
    try {
      stats.asked += 1;
      const hits = protocol.read(await options.ask(protocol.body(question.text, model)));
      pauseMs = 0;
      if (hits.length === 0) return;
      await options.store(rowsOf(question, hits));
      stats.found += hits.length;
    } catch (error) {
      stats.failed += 1;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs === 0 ? FIRST_PAUSE_MS : pauseMs * 2);
      resumeAt = now() + pauseMs;
      options.onFailure(error);
    }
  };
  const pump = (): void => {
    if (stopped || waiting.length === 0 || running.size >= MAX_RUNNING) return;
    const wait = resumeAt - now();
    if (wait > 0) {
      timer ??= setTimeout(() => {
        timer = undefined;
        pump();
      }, wait).unref();
      return;
    }
    const asking: Promise<void> = askOne(waiting.shift()!).finally(() => {
      running.delete(asking);
      pump();
    });
    running.add(asking);
    pump();
  };

  return {
    offer: ({ spans }) => {
      for (const { span } of spans) {
        if (span.fragments.length === 0 || options.random() >= options.sample) continue;
        for (const { kind, body } of span.fragments) {
          if (kind !== 'input_messages' && kind !== 'output_messages') continue;
          if (waiting.length >= MAX_WAITING) {
            stats.dropped += 1;
            continue;
          }
          const text = readTexts(body);
          if (text !== '') waiting.push({ span, location: kind === 'input_messages' ? 'input' : 'output', text });
        }
      }
      pump();
    },
    stats: () => stats,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      waiting.length = 0;
      await Promise.all(running);
    },
  };
}
