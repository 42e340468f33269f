import { Buffer } from 'node:buffer';
import type { CallFacts } from './call-facts.ts';

/** Memory is taken in pieces of this size, as it is needed. */
const CHUNK_BYTES = 1024 * 1024;
/** Of a call on average: with longer names fewer calls fit. */
const BYTES_PER_CALL = 512;
const NUMBERS = 5;
const LENGTH_BYTES = 2;
const MAX_BYTES_PER_UNIT = 3;
/** A text is cut here; ids and names are shorter by the limits of normalise. */
const MAX_TEXT = 4096;

const STATUSES = ['unset', 'ok', 'error'] as const;
const USAGE_STATES = ['missing', 'reported', 'estimated'] as const;

interface Chunk {
  readonly bytes: Buffer;
  /** The same memory: its methods are compiled to single loads and stores, those of Buffer check and split. */
  readonly view: DataView;
}

export interface FactsRing {
  /** Keeps the facts under their number (ascending); returns the smallest number that is still kept. */
  readonly write: (number: number, call: CallFacts) => number;
  readonly read: (number: number) => CallFacts;
}

/** Facts of calls as bytes in a ring: the last `maxCalls`, or fewer when their names are long. */
export function createFactsRing(maxCalls: number): FactsRing {
  const chunkCount = Math.max(2, Math.ceil((maxCalls * BYTES_PER_CALL) / CHUNK_BYTES) + 1);
  const chunks: Chunk[] = [];
  /** Number of the first call in each chunk. */
  const firsts: number[] = [];
  const places = new Float64Array(maxCalls);
  let chunk = 0;
  let position = 0;
  let oldest = 1;

  const chunkAt = (index: number): Chunk => {
    const known = chunks[index];
    if (known !== undefined) return known;
    const bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    return (chunks[index] = { bytes, view: new DataView(bytes.buffer) });
  };

  const putText = (bytes: Buffer, at: number, text: string): number => {
    const start = at + LENGTH_BYTES;
    const units = Math.min(text.length, MAX_TEXT);
    let index = 0;
    for (; index < units; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) break;
      bytes[start + index] = code;
    }
    const length = index === units ? units : bytes.write(text.slice(0, MAX_TEXT), start, 'utf8');
    bytes[at] = length & 0xff;
    bytes[at + 1] = length >>> 8;
    return start + length;
  };

  const textsOf = (call: CallFacts): readonly string[] => [
    call.workspace,
    call.traceId,
    call.spanId,
    call.parentSpanId,
    call.serviceName,
    call.operation,
    call.requestModel,
    call.responseModel,
    call.responseId,
    call.dialect,
  ];

  return {
    write: (number, call) => {
      const texts = textsOf(call);
      let room = NUMBERS * 8;
      for (const text of texts) room += LENGTH_BYTES + Math.min(text.length, MAX_TEXT) * MAX_BYTES_PER_UNIT;
      if (position + room > CHUNK_BYTES) {
        chunk = (chunk + 1) % chunkCount;
        position = 0;
        // The chunk behind this one is the oldest now: what was in this one is gone.
        const next = firsts[(chunk + 1) % chunkCount];
        if (firsts[chunk] !== undefined) oldest = Math.max(oldest, next ?? number);
      }
      const { bytes, view } = chunkAt(chunk);
      if (position === 0) firsts[chunk] = number;
      places[number % maxCalls] = chunk * CHUNK_BYTES + position;
      let at = position;
      view.setFloat64(at, call.inputTokens, true);
      view.setFloat64(at + 8, call.outputTokens, true);
      view.setFloat64(at + 16, call.durationNs, true);
      view.setBigInt64(at + 24, call.timestampNs, true);
      at += 32;
      bytes[at] = STATUSES.indexOf(call.status);
      bytes[at + 1] = USAGE_STATES.indexOf(call.usageState);
      bytes[at + 2] = call.detailCount;
      bytes[at + 3] = call.billable ? 1 : 0;
      at += 8;
      for (const text of texts) at = putText(bytes, at, text);
      position = at;
      oldest = Math.max(oldest, number - maxCalls + 1);
      return oldest;
    },
    read: (number) => {
      const place = places[number % maxCalls]!;
      const { bytes, view } = chunkAt(Math.floor(place / CHUNK_BYTES));
      let at = place % CHUNK_BYTES;
      const flags = at + 32;
      const numbers = at;
      at += NUMBERS * 8;
      const text = (): string => {
        const start = at + LENGTH_BYTES;
        at = start + view.getUint16(at, true);
        return bytes.toString('utf8', start, at);
      };
      return {
        workspace: text(),
        traceId: text(),
        spanId: text(),
        parentSpanId: text(),
        serviceName: text(),
        operation: text(),
        requestModel: text(),
        responseModel: text(),
        responseId: text(),
        dialect: text(),
        inputTokens: view.getFloat64(numbers, true),
        outputTokens: view.getFloat64(numbers + 8, true),
        durationNs: view.getFloat64(numbers + 16, true),
        timestampNs: view.getBigInt64(numbers + 24, true),
        status: STATUSES[bytes[flags]!]!,
        usageState: USAGE_STATES[bytes[flags + 1]!]!,
        detailCount: bytes[flags + 2]!,
        billable: bytes[flags + 3] === 1,
      };
    },
  };
}
