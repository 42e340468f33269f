import type { OtlpLogRecord, OtlpSpan } from '../otlp.ts';
import type { Normalised } from '../span.ts';
import { createCardinalityCap } from './cardinality-cap.ts';
import { createNormaliseLogs } from './normalise-logs.ts';
import type { NormaliseCounts, NormaliseOptions } from './normalise-limits.ts';
import { createNormaliseTraces } from './normalise-traces.ts';

/** What one request became, with what was cut, replaced or ignored on the way. */
export interface NormalisedRequest extends Normalised {
  readonly counts: NormaliseCounts;
}

export interface Normalise {
  readonly traces: (workspace: string, spans: readonly OtlpSpan[]) => NormalisedRequest;
  readonly logs: (workspace: string, records: readonly OtlpLogRecord[]) => NormalisedRequest;
}

/** The stage: recognises who wrote each span or event and makes rows, content and scores of it. Never throws on what a sender writes. */
export function createNormalise(options: NormaliseOptions): Normalise {
  const names = createCardinalityCap({
    maxNames: options.limits.maxNames,
    windowMs: options.limits.namesWindowMs,
    now: options.now,
  });
  const traces = createNormaliseTraces(options, names);
  const logs = createNormaliseLogs(options, names);
  return {
    traces: (workspace, spans) => ({ ...traces(workspace, spans), fragments: [], scores: [] }),
    logs: (workspace, records) => ({ ...logs(workspace, records), others: [] }),
  };
}
