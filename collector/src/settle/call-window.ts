import { MODEL_OPERATIONS } from '../span.ts';
import type { GenAiSpan, TokenUsage } from '../span.ts';
import { adoptContext } from './adopt-context.ts';
import { NATIVE_DIALECTS, callKey } from './call-facts.ts';
import type { CallFacts } from './call-facts.ts';
import { chooseBilled } from './choose-billed.ts';
import { groupCalls, isBareFailure, isStreamEndRecord } from './group-calls.ts';

/** Calls remembered for later records of the same call. About 1 kB each, so at most some 100 MB. */
const DEFAULT_MAX_CALLS = 100_000;

/** The settle job looks back this far too; beyond it the same response id is another call. */
const DEFAULT_HORIZON_MS = 60 * 60 * 1000;

/** Failures of one service in one second beyond this are a storm; the settle job sorts them out. */
const MAX_LINKED = 64;

const SECOND_NS = 1_000_000_000n;

export interface CallWindowOptions {
  readonly now: () => number;
  readonly maxCalls?: number;
  readonly horizonMs?: number;
}

interface Remembered {
  readonly facts: CallFacts;
  readonly links: readonly string[];
  readonly at: number;
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
  const maxCalls = options.maxCalls ?? DEFAULT_MAX_CALLS;
  const horizonMs = options.horizonMs ?? DEFAULT_HORIZON_MS;
  const byKey = new Map<string, Remembered>();
  /** One key, or a set when several calls share a link: most links have one, and a set each would cost more than all the rest. */
  const byLink = new Map<string, string | Set<string>>();

  const linksOf = (key: string, call: CallFacts): string[] => {
    const links = [`s${key}`];
    if (call.responseId !== '') links.push(`r${call.workspace}\u0000${call.responseId}`);
    if (call.parentSpanId !== '') links.push(`s${callKey({ ...call, spanId: call.parentSpanId })}`);
    if (isBareFailure(call)) {
      // Two records of a failure end within milliseconds of each other, perhaps on both sides of a full second.
      const second = (call.timestampNs + BigInt(Math.round(call.durationNs))) / SECOND_NS;
      for (const each of [second, second + 1n]) links.push(`e${call.workspace}\u0000${call.serviceName}\u0000${each}`);
    }
    if (NATIVE_DIALECTS.has(call.dialect) || isStreamEndRecord(call))
      links.push(`t${call.workspace}\u0000${call.serviceName}\u0000${call.inputTokens}/${call.outputTokens}`);
    return links;
  };
  const forget = (key: string) => {
    const entry = byKey.get(key);
    if (entry === undefined) return;
    byKey.delete(key);
    for (const link of entry.links) {
      const keys = byLink.get(link);
      if (typeof keys === 'object') {
        keys.delete(key);
        if (keys.size === 0) byLink.delete(link);
      } else if (keys === key) byLink.delete(link);
    }
  };
  /** True when the call shares a link with another. */
  const remember = (key: string, facts: CallFacts, at: number): boolean => {
    const links = linksOf(key, facts);
    let shared = false;
    byKey.set(key, { facts, links, at });
    for (const link of links) {
      const keys = byLink.get(link);
      if (keys === undefined || keys === key) byLink.set(link, key);
      else {
        shared = true;
        if (typeof keys === 'object') keys.add(key);
        else byLink.set(link, new Set([keys, key]));
      }
    }
    return shared;
  };
  const evict = (at: number) => {
    for (const [key, entry] of byKey) {
      if (byKey.size <= maxCalls && entry.at >= at - horizonMs) break;
      forget(key);
    }
  };

  return (spans) => {
    const at = options.now();
    evict(at);
    const calls = spans.filter((span) => span.billable && MODEL_OPERATIONS.has(span.operation));
    if (calls.length === 0) return spans;
    const arriving = new Map<string, GenAiSpan>();
    const sharing: string[] = [];
    for (const span of calls) {
      const key = callKey(span);
      arriving.set(key, span);
      forget(key);
      if (remember(key, factsOfSpan(span), at)) sharing.push(key);
    }
    if (sharing.length === 0) return spans;

    const linked = new Map<string, CallFacts>();
    for (const key of sharing) {
      for (const link of byKey.get(key)!.links) {
        const keys = byLink.get(link)!;
        if (typeof keys === 'string' || keys.size > MAX_LINKED) continue;
        for (const other of keys) linked.set(other, byKey.get(other)!.facts);
      }
    }
    if (linked.size === 0) return spans;

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
    for (const [key, span] of decided) {
      forget(key);
      remember(key, factsOfSpan(span), at);
    }
    return spans.map((span) => decided.get(callKey(span)) ?? span);
  };
}
