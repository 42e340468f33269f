import type { Attributes, AttributeValue, OtlpSpan } from '../otlp.ts';
import { decimalText } from './decimal-text.ts';
import type { RawUsage } from './dialect.ts';
import { toBoolean, toCount, toNumber, toScalarText, toStringList } from './read-attribute.ts';
import { COUNT_KEYS, FLAG_KEYS, LIST_KEYS, NUMBER_KEYS, TEXT_KEYS } from './semconv-keys.ts';
import { usageOfCounts } from './semconv-usage.ts';

type Mutable<Name extends string, Value> = { [Key in Name]: Value | undefined };
type Collected = Mutable<keyof typeof TEXT_KEYS, string> &
  Mutable<keyof typeof COUNT_KEYS, number> &
  Mutable<keyof typeof NUMBER_KEYS, number> &
  Mutable<keyof typeof FLAG_KEYS, boolean> &
  Mutable<keyof typeof LIST_KEYS, readonly string[]>;

/** Every field that the keys of the semantic conventions give; `undefined` = not on the span. */
export type SemconvFields = Readonly<Collected>;

interface Slot {
  readonly field: keyof Collected;
  readonly index: number;
  /** Position in the list of keys: the smaller one wins. */
  readonly rank: number;
  readonly read: (value: AttributeValue) => unknown;
}

const READERS = [
  [TEXT_KEYS, toScalarText],
  [COUNT_KEYS, toCount],
  [NUMBER_KEYS, toNumber],
  [FLAG_KEYS, toBoolean],
  [LIST_KEYS, toStringList],
] as const;

const SLOTS = new Map<string, Slot>();
let fieldCount = 0;
for (const [table, read] of READERS) {
  for (const [field, keys] of Object.entries(table) as [keyof Collected, readonly string[]][]) {
    const index = fieldCount++;
    keys.forEach((key, rank) => SLOTS.set(key, { field, index, rank, read }));
  }
}
const NO_RANK = 255;
const ranks = new Uint8Array(fieldCount);

/** Written out so that every span's fields have one shape from the start. */
function noFields(): Collected {
  return {
    provider: undefined,
    serverAddress: undefined,
    requestModel: undefined,
    responseModel: undefined,
    responseId: undefined,
    answeredTier: undefined,
    askedTier: undefined,
    region: undefined,
    inferenceGeo: undefined,
    agentName: undefined,
    agentId: undefined,
    agentVersion: undefined,
    workflowName: undefined,
    promptName: undefined,
    promptVersion: undefined,
    toolName: undefined,
    conversationId: undefined,
    userId: undefined,
    firstEnvironment: undefined,
    environment: undefined,
    serviceName: undefined,
    input: undefined,
    output: undefined,
    total: undefined,
    cacheRead: undefined,
    cacheWrite: undefined,
    cacheWrite1h: undefined,
    reasoning: undefined,
    audioInput: undefined,
    audioOutput: undefined,
    retries: undefined,
    secondsToFirstChunk: undefined,
    reportedCost: undefined,
    streaming: undefined,
    finishReasons: undefined,
  };
}

/** All fields in one pass over the attributes: looking up each of some hundred keys would cost more than the rest of the stage. */
export function collectSemconvFields(attributes: Attributes): SemconvFields {
  const fields = noFields() as Record<keyof Collected, unknown>;
  ranks.fill(NO_RANK);
  for (const [key, value] of attributes) {
    const slot = SLOTS.get(key);
    if (slot === undefined || slot.rank >= ranks[slot.index]!) continue;
    const read = slot.read(value);
    if (read === undefined) continue;
    fields[slot.field] = read;
    ranks[slot.index] = slot.rank;
  }
  return fields as SemconvFields;
}

/** Token counts; `undefined` when the span has none. */
export function usageOf(fields: SemconvFields): RawUsage | undefined {
  const { input, output, total, cacheRead, cacheWrite, cacheWrite1h, reasoning, audioInput, audioOutput } = fields;
  return usageOfCounts({
    input,
    output,
    total,
    cacheRead,
    cacheWrite,
    cacheWrite1h,
    reasoning,
    audioInput,
    audioOutput,
  });
}

const NO_REASONS: readonly string[] = [];

/** As the provider spelled them, without the class name that Python puts before an enumeration's value. */
export function finishReasonsOf(fields: SemconvFields): readonly string[] {
  const reasons = fields.finishReasons ?? NO_REASONS;
  return reasons.some((reason) => reason.startsWith('FinishReason.'))
    ? reasons.map((reason) => reason.replace('FinishReason.', ''))
    : reasons;
}

const NS_PER_SECOND = 1_000_000_000;
const CHUNK_EVENTS: ReadonlySet<string> = new Set([
  'gen_ai.content.completion.chunk',
  'llm.content.completion.chunk',
  'First Token Stream Event',
  'ai.stream.firstChunk',
  'gen_ai.response.first_chunk',
]);

/** Nanoseconds from the start to the first chunk; 0 when the span does not say. */
export function timeToFirstTokenOf(fields: SemconvFields, span: OtlpSpan): number {
  const seconds = fields.secondsToFirstChunk;
  if (seconds !== undefined && seconds > 0)
    return Math.min(Math.round(seconds * NS_PER_SECOND), Number.MAX_SAFE_INTEGER);
  for (const event of span.events) {
    if (!CHUNK_EVENTS.has(event.name)) continue;
    const elapsed = event.timeUnixNano - span.startTimeUnixNano;
    return elapsed > 0n && event.timeUnixNano <= span.endTimeUnixNano ? Number(elapsed) : 0;
  }
  return 0;
}

/** What the instrumentation claims the call cost, in US dollars; zero is "not given" (unknown price, offline price list). */
export function reportedCostOf(fields: SemconvFields): string {
  return decimalText(fields.reportedCost) ?? '';
}

/** Tiers that say "whatever the provider thinks best": the answer tells which it was, the request does not. */
const UNDECIDED_TIERS: ReadonlySet<string> = new Set(['auto', 'null', 'none']);

export function serviceTierOf(fields: SemconvFields): string {
  if (fields.answeredTier !== undefined) return fields.answeredTier;
  const asked = fields.askedTier;
  return asked === undefined || UNDECIDED_TIERS.has(asked.toLowerCase()) ? '' : asked;
}

const MAX_RETRIES = 65_535;

export function retriesOf(fields: SemconvFields): number {
  return Math.min(fields.retries ?? 0, MAX_RETRIES);
}

/** Environment: Langfuse's own outranks the resource, the others only stand in for it. */
export function environmentOf(fields: SemconvFields, ofResource: string): string {
  return fields.firstEnvironment ?? (ofResource === '' ? (fields.environment ?? '') : ofResource);
}
