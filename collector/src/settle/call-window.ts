import { MODEL_OPERATIONS } from '../span.ts';
import type { GenAiSpan, TokenUsage } from '../span.ts';
import { adoptContext } from './adopt-context.ts';
import { callKey } from './call-facts.ts';
import type { CallFacts } from './call-facts.ts';
import { createCallMemory } from './call-memory.ts';
import { chooseBilled } from './choose-billed.ts';
import { groupCalls } from './group-calls.ts';

/** Calls remembered for later records of the same call: half a kilobyte each. */
const DEFAULT_MAX_CALLS = 100_000;

/** The settle job looks back this far too; beyond it the same response id is another call. */
const DEFAULT_HORIZON_MS = 60 * 60 * 1000;

export interface CallWindowOptions {
  readonly now: () => number;
  readonly maxCalls?: number;
  readonly horizonMs?: number;
}

function detailCount(usage: TokenUsage): number {
  const parts = [
    usage.cacheReadTokens,
    usage.cacheWriteTokens,
    usage.cacheWrite1hTokens,
    usage.reasoningTokens,
    usage.audioInputTokens,
    usage.audioOutputTokens,
  ];
  return parts.filter((part) => part > 0).length;
}

/** The facts of a span for the decision who is billed. */
export function factsOfSpan(span: GenAiSpan): CallFacts {
  return {
    workspace: span.workspace,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    serviceName: span.serviceName,
    status: span.status,
    operation: span.operation,
    requestModel: span.requestModel,
    responseModel: span.responseModel,
    responseId: span.responseId,
    usageState: span.usage.state,
    inputTokens: span.usage.inputTokens,
    outputTokens: span.usage.outputTokens,
    detailCount: detailCount(span.usage),
    dialect: span.dialect,
    timestampNs: span.timestampNs,
    durationNs: span.durationNs,
    billable: span.billable,
  };
}

/**
 * Decides at ingest, within a bounded window, that one call counts once: of several records of a call that arrive together the
 * best one is billed; a record that arrives after another is not billed. The settle job corrects what only later spans show.
 * Order, ids and number of spans are kept; only `billable` and the billed record's context change.
 */
export function createCallWindow(options: CallWindowOptions): (spans: readonly GenAiSpan[]) => readonly GenAiSpan[] {
  const memory = createCallMemory({
    maxCalls: options.maxCalls ?? DEFAULT_MAX_CALLS,
    horizonMs: options.horizonMs ?? DEFAULT_HORIZON_MS,
  });

  return (spans) => {
    const at = options.now();
    const sharing: CallFacts[] = [];
    for (const span of spans) {
      if (!span.billable || !MODEL_OPERATIONS.has(span.operation)) continue;
      const facts = factsOfSpan(span);
      if (memory.remember(facts, at)) sharing.push(facts);
    }
    if (sharing.length === 0) return spans;

    const linked = new Map<string, CallFacts>();
    for (const facts of sharing) for (const call of memory.linkedTo(facts)) linked.set(callKey(call), call);
    const arriving = new Map<string, GenAiSpan>();
    for (const span of spans) {
      if (span.billable && MODEL_OPERATIONS.has(span.operation)) arriving.set(callKey(span), span);
    }

    const decided = new Map<string, GenAiSpan>();
    const { sameCall, wrappers } = groupCalls([...linked.values()]);
    for (const group of sameCall) {
      const fresh = group.filter((call) => arriving.has(callKey(call)));
      const stored = group.some((call) => call.billable && !arriving.has(callKey(call)));
      const billed = stored || fresh.length === 0 ? undefined : chooseBilled(fresh);
      for (const call of fresh) {
        const span = arriving.get(callKey(call))!;
        if (call !== billed) decided.set(callKey(call), { ...span, billable: false });
        else {
          const others = fresh.filter((other) => other !== call).map((other) => arriving.get(callKey(other))!);
          decided.set(callKey(call), adoptContext(span, others));
        }
      }
    }
    for (const wrapper of wrappers) {
      const span = arriving.get(callKey(wrapper));
      if (span !== undefined) decided.set(callKey(wrapper), { ...span, billable: false });
    }
    for (const span of decided.values()) memory.remember(factsOfSpan(span), at);
    return spans.map((span) => decided.get(callKey(span)) ?? span);
  };
}
