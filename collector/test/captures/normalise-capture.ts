import { DEFAULT_DEPARTMENT_KEYS } from '../../src/normalise/department.ts';
import { DEFAULT_NORMALISE_LIMITS } from '../../src/normalise/normalise-limits.ts';
import { createNormalise } from '../../src/normalise/normalise.ts';
import { chooseBilled } from '../../src/settle/choose-billed.ts';
import { factsOfSpan } from '../../src/settle/call-window.ts';
import { groupCalls } from '../../src/settle/group-calls.ts';
import type { ContentFragment, GenAiSpan } from '../../src/span.ts';
import type { Capture, CapturedRequest } from './load-captures.ts';

export interface NormalisedCapture {
  readonly spans: readonly GenAiSpan[];
  /** The rows that count after one call was settled to count once. */
  readonly billed: readonly GenAiSpan[];
  /** Of spans and of log events. */
  readonly fragments: readonly ContentFragment[];
}

/** Sends the requests of a capture through the stage, in the given order, and settles which rows are billed. */
export function normaliseCapture(
  capture: Capture,
  requests: readonly CapturedRequest[] = capture.requests
): NormalisedCapture {
  const normalise = createNormalise({
    now: () => capture.receivedAtMs,
    departmentKeys: DEFAULT_DEPARTMENT_KEYS,
    keepOtherSpans: true,
    retentionDays: 400,
    limits: DEFAULT_NORMALISE_LIMITS,
  });
  const results = requests.map((request) =>
    request.signal === 'traces'
      ? normalise.traces('default', request.spans)
      : normalise.logs('default', request.records)
  );
  const spans = results.flatMap((result) => result.spans);
  return {
    spans,
    billed: settle(spans),
    fragments: [...spans.flatMap((span) => span.fragments), ...results.flatMap((result) => result.fragments)],
  };
}

function settle(spans: readonly GenAiSpan[]): readonly GenAiSpan[] {
  const facts = spans.filter((span) => span.billable).map(factsOfSpan);
  const { sameCall, wrappers } = groupCalls(facts);
  const repeated = new Set(wrappers.map((call) => call.spanId));
  for (const group of sameCall) {
    const best = chooseBilled(group);
    for (const call of group) {
      if (call !== best) repeated.add(call.spanId);
    }
  }
  return spans.filter((span) => span.billable && !repeated.has(span.spanId));
}
