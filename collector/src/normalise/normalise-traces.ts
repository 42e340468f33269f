import type { OtlpSpan } from '../otlp.ts';
import type { GenAiSpan, OtherSpan } from '../span.ts';
import type { CardinalityCap } from './cardinality-cap.ts';
import { acceptedTimes } from './clamp-time.ts';
import { findDialect } from './dialects.ts';
import { fillFromAncestors } from './fill-from-ancestors.ts';
import type { NormaliseCounts, NormaliseOptions } from './normalise-limits.ts';
import { noCounts } from './normalise-limits.ts';
import type { SpanDraft } from './normalise-span.ts';
import { createNormaliseSpan } from './normalise-span.ts';
import { otherSpan } from './other-span.ts';

interface NormalisedTraces {
  readonly spans: readonly GenAiSpan[];
  readonly others: readonly OtherSpan[];
  readonly counts: NormaliseCounts;
}

export type NormaliseTraces = (workspace: string, spans: readonly OtlpSpan[]) => NormalisedTraces;

/**
 * Sorts the spans of one request into GenAI rows and other spans. Every span ends in exactly one of `spans`, `others`
 * and `counts.ignored`. Never throws on what a sender writes.
 */
export function createNormaliseTraces(options: NormaliseOptions, names: CardinalityCap): NormaliseTraces {
  const normaliseSpan = createNormaliseSpan(options, names);
  return (workspace, spans) => {
    const counts = noCounts();
    const replacedBefore = names.replaced();
    const accepted = acceptedTimes(options.now(), options.retentionDays);
    const context = { workspace, accepted, counts };
    const drafts: SpanDraft[] = [];
    const others: OtherSpan[] = [];
    for (const span of spans) {
      const dialect = findDialect(span);
      if (dialect !== undefined) drafts.push(normaliseSpan(span, dialect, context));
      else if (options.keepOtherSpans) others.push(otherSpan(span, workspace, accepted, names));
      else counts.ignored++;
    }
    fillFromAncestors(drafts, spans);
    counts.cappedNames = names.replaced() - replacedBefore;
    return { spans: drafts, others, counts };
  };
}
