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

export interface FactsRing {
  /** Keeps the facts under their number (ascending); returns the smallest number that is still kept. */
  readonly write: (number: number, call: CallFacts) => number;
  readonly read: (number: number) => CallFacts;
}

/** Facts of calls as bytes in a ring: the last `maxCalls`, or fewer when their names are long. */
export function createFactsRing(maxCalls: number): FactsRing {
  const chunkCount = Math.max(2, Math.ceil((maxCalls * BYTES_PER_CALL) / CHUNK_BYTES) + 1);
  const chunks: Buffer[] = [];
  /** Number of the first call in each chunk. */
  const firsts: number[] = [];
  const places = new Float64Array(maxCalls);
  let chunk = 0;
  let position = 0;
  let oldest = 1;

  const bytesOf = (index: number): Buffer => (chunks[index] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));

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
      const bytes = bytesOf(chunk);
      if (position === 0) firsts[chunk] = number;
      places[number % maxCalls] = chunk * CHUNK_BYTES + position;
      let at = position;
      at = bytes.writeDoubleLE(call.inputTokens, at);
      at = bytes.writeDoubleLE(call.outputTokens, at);
      at = bytes.writeDoubleLE(call.durationNs, at);
      at = bytes.writeBigInt64LE(call.timestampNs, at);
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
      const bytes = bytesOf(Math.floor(place / CHUNK_BYTES));
      let at = place % CHUNK_BYTES;
      const flags = at + 32;
      const numbers = at;
      at += NUMBERS * 8;
      const text = (): string => {
        const start = at + LENGTH_BYTES;
        at = start + bytes.readUInt16LE(at);
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
        inputTokens: bytes.readDoubleLE(numbers),
        outputTokens: bytes.readDoubleLE(numbers + 8),
        durationNs: bytes.readDoubleLE(numbers + 16),
        timestampNs: bytes.readBigInt64LE(numbers + 24),
        status: STATUSES[bytes[flags]!]!,
        usageState: USAGE_STATES[bytes[flags + 1]!]!,
        detailCount: bytes[flags + 2]!,
        billable: bytes[flags + 3] === 1,
      };
    },
  };
}
