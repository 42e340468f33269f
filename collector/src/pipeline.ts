import type { Claim, DuplicateWindow } from './ledger/duplicate-window.ts';
import type { AppendOutcome, Ledger } from './ledger/ledger.ts';
import type { Guard } from './guard/guard-span.ts';
import type { Normalise, NormalisedRequest } from './normalise/normalise.ts';
import type { Price } from './price/price-span.ts';
import type { Intake, IntakeOutcome } from './receive/intake.ts';
import type { Checked, GenAiSpan } from './span.ts';
import type { TableRows } from './table-rows.ts';

/** What a sender is told to wait when the ledger cannot take its rows now. */
const RETRY_AFTER_SECONDS = 5;

export interface PipelineStages {
  readonly normalise: Normalise;
  /** One call counts once: see settle/call-window.ts. */
  readonly countOnce: (spans: readonly GenAiSpan[]) => readonly GenAiSpan[];
  readonly price: Price;
  readonly guard: Guard;
  readonly encode: (checked: Checked) => readonly TableRows[];
  readonly duplicates: Pick<DuplicateWindow, 'claim'>;
  readonly ledger: Pick<Ledger, 'append' | 'count'>;
  readonly observe: (normalised: NormalisedRequest, checked: Checked) => void;
  /** Runs a stage for one request and takes its time. */
  readonly timed: <T>(stage: 'normalise' | 'price' | 'guard' | 'encode', run: () => T) => T;
}

const ACCEPTED: IntakeOutcome = { kind: 'accepted', rejected: 0, message: '' };
const OVERLOADED: IntakeOutcome = {
  kind: 'overloaded',
  retryAfterSeconds: RETRY_AFTER_SECONDS,
  message: 'The ledger cannot take more for now; the same request may be sent again.',
};

/**
 * The flow: what was claimed as new is normalised, counted once, priced, guarded, encoded and made durable; only then is it
 * accepted. When the ledger refuses, nothing of the request remains and the sender may try again.
 */
export function createPipeline(stages: PipelineStages): Intake {
  /** Everything up to the bytes; nothing in front of `guard` may be kept anywhere. */
  const rowsOf = (normalised: NormalisedRequest): readonly TableRows[] => {
    const { timed } = stages;
    const spans = timed('price', () =>
      stages.countOnce(normalised.spans).map((span) => ({ span, cost: stages.price(span) }))
    );
    const checked = timed('guard', () => stages.guard.check({ ...normalised, spans }));
    stages.observe(normalised, checked);
    return timed('encode', () => stages.encode(checked));
  };

  /** Not asynchronous, so that while the disk is waited for nothing is held but bytes: spans in memory are what the garbage collector moves. */
  const append = (
    claim: Claim,
    spans: { readonly received: number; readonly rejected: number },
    normalised: NormalisedRequest
  ): Promise<AppendOutcome> => {
    const stored = normalised.spans.length + normalised.others.length;
    const counters = {
      received: spans.received + spans.rejected,
      stored,
      ignored: claim.freshCount - stored,
      rejected: spans.rejected,
      duplicate: spans.received - claim.freshCount,
    };
    const tables = rowsOf(normalised);
    if (tables.length > 0) return stages.ledger.append({ tables, fingerprints: claim.fingerprints, counters });
    stages.ledger.count(counters);
    return Promise.resolve('stored');
  };

  const settled = async (claim: Claim, appended: Promise<AppendOutcome>): Promise<IntakeOutcome> => {
    let outcome: AppendOutcome = 'failed';
    try {
      outcome = await appended;
    } finally {
      if (outcome === 'stored') claim.commit();
      else claim.abort();
    }
    return outcome === 'stored' ? ACCEPTED : OVERLOADED;
  };

  const store = (
    claim: Claim,
    spans: { readonly received: number; readonly rejected: number },
    normalise: () => NormalisedRequest
  ): Promise<IntakeOutcome> => {
    try {
      return settled(claim, append(claim, spans, normalise()));
    } catch (error) {
      claim.abort();
      throw error;
    }
  };

  return {
    traces: async (workspace, request) => {
      const claim = await stages.duplicates.claim(workspace, request.spans);
      const counts = { received: request.spans.length, rejected: request.rejected.count };
      return store(claim, counts, () =>
        stages.timed('normalise', () =>
          stages.normalise.traces(
            workspace,
            request.spans.filter((_, i) => claim.fresh[i])
          )
        )
      );
    },
    logs: async (workspace, request) => {
      // A log record is content, a score or (from agents that send no spans) a call; only the last is counted as a span.
      const normalised = stages.timed('normalise', () => stages.normalise.logs(workspace, request.records));
      const calls = normalised.spans.map((span) => ({
        ...span,
        startTimeUnixNano: span.timestampNs,
        endTimeUnixNano: span.timestampNs + BigInt(Math.round(span.durationNs)),
      }));
      const claim = await stages.duplicates.claim(workspace, calls);
      return store(claim, { received: calls.length, rejected: 0 }, () => ({
        ...normalised,
        spans: normalised.spans.filter((_, i) => claim.fresh[i]),
      }));
    },
    // Metrics repeat what spans say, so they are never added up; the receiver has counted them.
    metrics: () => Promise.resolve(ACCEPTED),
  };
}
