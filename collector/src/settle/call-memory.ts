import { NATIVE_DIALECTS, callKey } from './call-facts.ts';
import type { CallFacts } from './call-facts.ts';
import { createFactsRing } from './facts-ring.ts';
import { isBareFailure, isStreamEndRecord } from './group-calls.ts';

/** Itself, its response id, its parent, two seconds of a failure, the tokens of a stream. */
const MAX_LINKS = 6;
/** Calls of one link beyond this are a storm; the settle job sorts them out. */
const MAX_LINKED = 64;
/** Records of one bucket that are looked at: many calls of one agent share it as their parent. */
const MAX_STEPS = 512;
const NONE = 0;
const SECOND_NS = 1_000_000_000n;
const HASH_SEED = 0x811c9dc5;
const HASH_PRIME = 0x01000193;

/** Kinds of links; a response id and a span id that are spelled alike are different links. */
const SPAN_LINK = 1;
const RESPONSE_LINK = 2;
const FAILURE_LINK = 3;
const TOKENS_LINK = 4;

export interface CallMemoryOptions {
  readonly maxCalls: number;
  readonly horizonMs: number;
}

export interface CallMemory {
  /** Keeps the call in place of what was known of the same span. True when another call shares a link with it. */
  readonly remember: (call: CallFacts, atMs: number) => boolean;
  /** Every remembered call that shares a link with this one, itself included. */
  readonly linkedTo: (call: CallFacts) => readonly CallFacts[];
}

/** FNV-1a, 32 bits. Two links with one hash cost a comparison in `groupCalls`, no more. */
function hashText(hash: number, text: string): number {
  let value = hash;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), HASH_PRIME);
  return Math.imul(value ^ 0xff, HASH_PRIME);
}

function traceHash(workspaceHash: number, traceId: string): number {
  return hashText(workspaceHash ^ SPAN_LINK, traceId);
}

/** Fills `links` with the hashes of what the call may share with another record of it; returns their number. The first is the call itself. */
function linksOf(call: CallFacts, links: Uint32Array): number {
  const workspace = hashText(HASH_SEED, call.workspace);
  const trace = traceHash(workspace, call.traceId);
  links[0] = hashText(trace, call.spanId);
  let count = 1;
  if (call.responseId !== '') links[count++] = hashText(workspace ^ RESPONSE_LINK, call.responseId);
  if (call.parentSpanId !== '') links[count++] = hashText(trace, call.parentSpanId);
  if (isBareFailure(call)) {
    // Two records of a failure end within milliseconds of each other, perhaps on both sides of a full second.
    const second = (call.timestampNs + BigInt(Math.round(call.durationNs))) / SECOND_NS;
    const service = hashText(workspace ^ FAILURE_LINK, call.serviceName);
    for (const each of [second, second + 1n]) links[count++] = hashText(service, String(each));
  }
  if (NATIVE_DIALECTS.has(call.dialect) || isStreamEndRecord(call)) {
    const service = hashText(workspace ^ TOKENS_LINK, call.serviceName);
    links[count++] = hashText(service, `${call.inputTokens}/${call.outputTokens}`);
  }
  return count;
}

/**
 * The calls of the last hour, at most `maxCalls`, outside of the garbage collector's sight: as objects, a hundred thousand of
 * them were a fifth of the collector's work. Hash chains over a ring, newest first; what the ring has overwritten ends a chain,
 * so nothing is ever taken out of one.
 */
export function createCallMemory({ maxCalls, horizonMs }: CallMemoryOptions): CallMemory {
  const facts = createFactsRing(maxCalls);
  const entries = maxCalls * MAX_LINKS;
  const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, maxCalls * 2)));
  /** Numbers count from 1 for ever; call n has the entries from n × MAX_LINKS on, each in its place of the ring. */
  const newest = new Float64Array(buckets);
  const older = new Float64Array(entries);
  const hashes = new Uint32Array(entries);
  const times = new Float64Array(maxCalls);
  const links = new Uint32Array(MAX_LINKS);
  let last = 0;
  let first = 1;

  const callOf = (entry: number): number => Math.floor(entry / MAX_LINKS);
  const isAlive = (entry: number): boolean => callOf(entry) >= first;

  /** The newest record of the span that the entry's call is of. */
  const newestOf = (call: CallFacts): number => {
    const hash = hashText(traceHash(hashText(HASH_SEED, call.workspace), call.traceId), call.spanId) >>> 0;
    const key = callKey(call);
    for (let entry = newest[hash & (buckets - 1)]!; isAlive(entry); entry = older[entry % entries]!) {
      if (entry % MAX_LINKS === 0 && hashes[entry % entries] === hash && callKey(facts.read(callOf(entry))) === key)
        return callOf(entry);
    }
    return NONE;
  };

  return {
    remember: (call, atMs) => {
      const count = linksOf(call, links);
      last += 1;
      times[last % maxCalls] = atMs;
      first = Math.max(first, facts.write(last, call));
      while (first < last && times[first % maxCalls]! < atMs - horizonMs) first += 1;
      let shared = false;
      for (let index = 0; index < count; index += 1) {
        const hash = links[index]!;
        const bucket = hash & (buckets - 1);
        const number = last * MAX_LINKS + index;
        const head = newest[bucket]!;
        let steps = 0;
        for (let entry = head; !shared && isAlive(entry) && steps < MAX_STEPS; entry = older[entry % entries]!) {
          shared = hashes[entry % entries] === hash && callOf(entry) !== last;
          steps += 1;
        }
        hashes[number % entries] = hash;
        older[number % entries] = head;
        newest[bucket] = number;
      }
      return shared;
    },
    linkedTo: (call) => {
      const own = links.slice(0, linksOf(call, links));
      const found = new Map<number, CallFacts>();
      for (const hash of own) {
        const linked = new Set<number>();
        let steps = 0;
        for (
          let entry = newest[hash & (buckets - 1)]!;
          isAlive(entry) && steps < MAX_STEPS && linked.size <= MAX_LINKED;
          entry = older[entry % entries]!
        ) {
          if (hashes[entry % entries] === hash) linked.add(callOf(entry));
          steps += 1;
        }
        if (linked.size > MAX_LINKED) continue;
        for (const number of linked) if (!found.has(number)) found.set(number, facts.read(number));
      }
      return [...found].filter(([number, each]) => newestOf(each) === number).map(([, each]) => each);
    },
  };
}
