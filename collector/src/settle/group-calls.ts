import { MODEL_OPERATIONS } from '../span.ts';
import { NATIVE_DIALECTS, callKey } from './call-facts.ts';
import type { CallFacts } from './call-facts.ts';

/** Shorter ids (`0`, `unknown`) are placeholders and identify nothing. */
const MIN_RESPONSE_ID_LENGTH = 8;

/** Clocks of parent and child are the same process; exporters round to microseconds at worst. */
const NESTING_TOLERANCE_NS = 5_000_000n;

/** Chat, completion and generate_content are three names of one thing; embeddings and the rest are their own. */
function operationClass(operation: string): string {
  return operation === 'text_completion' || operation === 'generate_content' ? 'chat' : operation;
}

/** `gpt-4o` and `gpt-4o-2024-08-06`, `openai/gpt-4o` and `gpt-4o` are the same model said differently. */
function compatibleModels(a: CallFacts, b: CallFacts): boolean {
  const names = (call: CallFacts) =>
    [call.requestModel, call.responseModel].filter((name) => name !== '').map((name) => name.toLowerCase());
  const left = names(a);
  const right = names(b);
  if (left.length === 0 || right.length === 0) return true;
  return left.some((x) =>
    right.some((y) => x.startsWith(y) || y.startsWith(x) || x.endsWith(`/${y}`) || y.endsWith(`/${x}`))
  );
}

function within(child: CallFacts, parent: CallFacts): boolean {
  const parentEnd = parent.timestampNs + BigInt(Math.round(parent.durationNs));
  const childEnd = child.timestampNs + BigInt(Math.round(child.durationNs));
  return child.timestampNs >= parent.timestampNs - NESTING_TOLERANCE_NS && childEnd <= parentEnd + NESTING_TOLERANCE_NS;
}

/** True when the inner span can be the same call as the one around it. */
function sameNestedCall(child: CallFacts, parent: CallFacts): boolean {
  if (operationClass(child.operation) !== operationClass(parent.operation)) return false;
  if (child.responseId !== '' && parent.responseId !== '' && child.responseId !== parent.responseId) return false;
  return compatibleModels(child, parent) && within(child, parent);
}

/** A parent over several calls repeats their sum or the last of them; it is no call of its own. */
function repeatsChildren(parent: CallFacts, children: readonly CallFacts[]): boolean {
  if (parent.usageState === 'missing') return true;
  const sum = (pick: (call: CallFacts) => number) => children.reduce((total, child) => total + pick(child), 0);
  const equalsSum =
    parent.inputTokens === sum((call) => call.inputTokens) && parent.outputTokens === sum((call) => call.outputTokens);
  return (
    equalsSum ||
    children.some((child) => child.inputTokens === parent.inputTokens && child.outputTokens === parent.outputTokens)
  );
}

function byTime(a: CallFacts, b: CallFacts): number {
  if (a.timestampNs !== b.timestampNs) return a.timestampNs < b.timestampNs ? -1 : 1;
  return callKey(a) < callKey(b) ? -1 : 1;
}

/** A failed call that has neither usage nor a response id by which it could be known. */
export function isBareFailure(call: CallFacts): boolean {
  return call.status === 'error' && call.usageState === 'missing' && call.responseId === '';
}

/**
 * Pairs of records of one failed call: the provider's own SDK tells of it inside the time of the wrapper's span, but in another
 * trace. Each is paired once, in order of time, so that parallel failures stay as many as they were.
 */
function pairFailures(calls: readonly CallFacts[]): (readonly [CallFacts, CallFacts])[] {
  const failures = calls.filter(isBareFailure).sort(byTime);
  const wrappers = failures.filter((call) => !NATIVE_DIALECTS.has(call.dialect));
  const pairs: (readonly [CallFacts, CallFacts])[] = [];
  const taken = new Set<CallFacts>();
  for (const native of failures) {
    if (!NATIVE_DIALECTS.has(native.dialect)) continue;
    const wrapper = wrappers.find(
      (call) =>
        !taken.has(call) &&
        call.workspace === native.workspace &&
        call.serviceName === native.serviceName &&
        sameNestedCall(native, call)
    );
    if (wrapper === undefined) continue;
    taken.add(wrapper);
    pairs.push([native, wrapper]);
  }
  return pairs;
}

/** From the last chunk that the SDK saw to the moment the wrapper writes its record: 5 to 7 ms measured, a second on a busy machine. */
const STREAM_END_BEFORE_NS = 50_000_000n;
const STREAM_END_AFTER_NS = 1_000_000_000n;

/** A record of a stream that is written at its end, without duration and response id (Logfire: "streaming response from …"). */
export function isStreamEndRecord(call: CallFacts): boolean {
  return (
    call.durationNs === 0 &&
    call.responseId === '' &&
    call.usageState === 'reported' &&
    !NATIVE_DIALECTS.has(call.dialect)
  );
}

/** Pairs of records of one stream: the end record and the provider's own span that ended then, with the same tokens. Each once. */
function pairStreamEnds(calls: readonly CallFacts[]): (readonly [CallFacts, CallFacts])[] {
  const natives = calls.filter((call) => NATIVE_DIALECTS.has(call.dialect));
  const pairs: (readonly [CallFacts, CallFacts])[] = [];
  const taken = new Set<CallFacts>();
  for (const record of calls.filter(isStreamEndRecord).sort(byTime)) {
    const native = natives.find((call) => {
      const end = call.timestampNs + BigInt(Math.round(call.durationNs));
      return (
        !taken.has(call) &&
        call.workspace === record.workspace &&
        call.serviceName === record.serviceName &&
        call.inputTokens === record.inputTokens &&
        call.outputTokens === record.outputTokens &&
        compatibleModels(call, record) &&
        record.timestampNs >= end - STREAM_END_BEFORE_NS &&
        record.timestampNs <= end + STREAM_END_AFTER_NS
      );
    });
    if (native === undefined) continue;
    taken.add(native);
    pairs.push([record, native]);
  }
  return pairs;
}

export interface CallGroups {
  /** Spans of one and the same call, two or more each. */
  readonly sameCall: readonly (readonly CallFacts[])[];
  /** Model spans that only wrap several other calls. */
  readonly wrappers: readonly CallFacts[];
}

/**
 * Finds the spans that tell of one and the same provider call: the same response id (also across traces), or a model span
 * directly inside a model span of the same call, or the provider's own record of a failure inside that of a wrapper. Spans that are not model operations are ignored.
 * The result does not depend on the order of the input.
 */
export function groupCalls(calls: readonly CallFacts[]): CallGroups {
  const model = calls.filter((call) => MODEL_OPERATIONS.has(call.operation));
  const root = new Map<string, string>();
  const find = (key: string): string => {
    let at = key;
    for (let next = root.get(at); next !== undefined && next !== at; next = root.get(at)) at = next;
    return at;
  };
  const join = (a: string, b: string) => root.set(find(a), find(b));
  const byKey = new Map(model.map((call) => [callKey(call), call]));
  for (const key of byKey.keys()) root.set(key, key);

  const byResponse = new Map<string, string>();
  for (const [key, call] of byKey) {
    if (call.responseId.length < MIN_RESPONSE_ID_LENGTH) continue;
    const id = `${call.workspace}\u0000${operationClass(call.operation)}\u0000${call.responseId}`;
    const first = byResponse.get(id);
    if (first === undefined) byResponse.set(id, key);
    else join(first, key);
  }

  const children = new Map<string, CallFacts[]>();
  for (const call of byKey.values()) {
    if (call.parentSpanId === '') continue;
    const parentKey = callKey({ ...call, spanId: call.parentSpanId });
    if (!byKey.has(parentKey) || parentKey === callKey(call)) continue;
    const siblings = children.get(parentKey);
    if (siblings === undefined) children.set(parentKey, [call]);
    else siblings.push(call);
  }
  const wrapping: { readonly parent: CallFacts; readonly inner: readonly CallFacts[] }[] = [];
  for (const [parentKey, inner] of children) {
    const parent = byKey.get(parentKey)!;
    const distinct = new Set(inner.map((child) => find(callKey(child))));
    if (distinct.size === 1 || inner.length === 1) {
      for (const child of inner) if (sameNestedCall(child, parent)) join(callKey(child), parentKey);
    } else if (!distinct.has(find(parentKey)) && repeatsChildren(parent, inner)) {
      wrapping.push({ parent, inner });
    }
  }

  const sizes = new Map<string, number>();
  for (const key of byKey.keys()) sizes.set(find(key), (sizes.get(find(key)) ?? 0) + 1);
  const single = [...byKey.values()].filter((call) => sizes.get(find(callKey(call))) === 1);
  for (const [one, other] of [...pairFailures(single), ...pairStreamEnds(single)]) join(callKey(one), callKey(other));

  const groups = new Map<string, CallFacts[]>();
  for (const [key, call] of byKey) {
    const top = find(key);
    const group = groups.get(top);
    if (group === undefined) groups.set(top, [call]);
    else group.push(call);
  }
  // What a dialect says is no call (a failed attempt, say) cannot be what its parent only repeats.
  const wrappers = wrapping
    .filter(({ inner }) => inner.some((child) => groups.get(find(callKey(child)))!.some((call) => call.billable)))
    .map(({ parent }) => parent);
  return {
    sameCall: [...groups.values()].filter((group) => group.length > 1 && group.some((call) => call.billable)),
    wrappers,
  };
}
