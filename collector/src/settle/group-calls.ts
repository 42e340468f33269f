import { MODEL_OPERATIONS } from '../span.ts';
import { callKey } from './call-facts.ts';
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

export interface CallGroups {
  /** Spans of one and the same call, two or more each. */
  readonly sameCall: readonly (readonly CallFacts[])[];
  /** Model spans that only wrap several other calls. */
  readonly wrappers: readonly CallFacts[];
}

/**
 * Finds the spans that tell of one and the same provider call: the same response id (also across traces), or a model span
 * directly inside a model span of the same call. Spans that are not model operations are ignored.
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
  const wrappers: CallFacts[] = [];
  for (const [parentKey, inner] of children) {
    const parent = byKey.get(parentKey)!;
    const distinct = new Set(inner.map((child) => find(callKey(child))));
    if (distinct.size === 1 || inner.length === 1) {
      for (const child of inner) if (sameNestedCall(child, parent)) join(callKey(child), parentKey);
    } else if (!distinct.has(find(parentKey)) && repeatsChildren(parent, inner)) {
      wrappers.push(parent);
    }
  }

  const groups = new Map<string, CallFacts[]>();
  for (const [key, call] of byKey) {
    const top = find(key);
    const group = groups.get(top);
    if (group === undefined) groups.set(top, [call]);
    else group.push(call);
  }
  return { sameCall: [...groups.values()].filter((group) => group.length > 1), wrappers };
}
