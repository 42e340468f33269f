import { NATIVE_DIALECTS, callKey } from './call-facts.ts';
import type { CallFacts } from './call-facts.ts';

/** Who writes the truest numbers: the provider's own SDK, then the official instrumentations, then the rest. */
const OFFICIAL_DIALECTS: ReadonlySet<string> = new Set([
  'otel-genai',
  'otel-genai-old',
  'otel-bedrock',
  'otel-google-genai',
]);

const USAGE_RANK = { reported: 2, estimated: 1, missing: 0 } as const;

function rank(call: CallFacts): readonly number[] {
  const source = NATIVE_DIALECTS.has(call.dialect) ? 2 : OFFICIAL_DIALECTS.has(call.dialect) ? 1 : 0;
  return [
    USAGE_RANK[call.usageState],
    call.inputTokens + call.outputTokens > 0 ? 1 : 0,
    source,
    call.detailCount,
    call.responseModel === '' ? 0 : 1,
    call.responseId === '' ? 0 : 1,
    call.durationNs > 0 ? 1 : 0,
  ];
}

/** Negative when `a` is the better record of the call. Total order: ties fall to the smaller key. */
export function compareRecords(a: CallFacts, b: CallFacts): number {
  const left = rank(a);
  const right = rank(b);
  for (let i = 0; i < left.length; i++) {
    const difference = right[i]! - left[i]!;
    if (difference !== 0) return difference;
  }
  return callKey(a) < callKey(b) ? -1 : 1;
}

/** Of several spans of one call, the one that is billed: the same whatever the order they came in. */
export function chooseBilled(group: readonly CallFacts[]): CallFacts {
  return group.reduce((best, call) => (compareRecords(call, best) < 0 ? call : best));
}
