import { cutUtf8 } from './cut-text.ts';
import { DecodeError } from './decode-error.ts';
import { MAX_ITEMS_PER_REQUEST, MAX_VALUE_DEPTH } from './decode-limits.ts';
import { MAX_CACHED_BYTES, TextCache } from './text-cache.ts';

/** Wire types of https://protobuf.dev/programming-guides/encoding/ */
export const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH_DELIMITED = 2;
const START_GROUP = 3;
const END_GROUP = 4;
const FIXED32 = 5;

const MAX_VARINT_BYTES = 10;
const TWO_TO_32 = 0x1_0000_0000;
const MAX_SAFE_HIGH = 0x1f_ffff;

// Pure memo of bytes → text, so it may outlive a request.
const keys = new TextCache();
const values = new TextCache();

/**
 * Reads protobuf front to back without copies or trees. Every method throws DecodeError on truncation; nothing else.
 * `limit` is the end of the message that is being read: a field that runs over it is truncated.
 */
export class ProtobufReader {
  position = 0;
  limit: number;
  private readonly buffer: Buffer;
  private readonly view: DataView;
  private items = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.limit = buffer.length;
  }

  /** Field number × 8 + wire type. */
  tag(): number {
    const tag = this.varint32();
    if (tag >>> 3 === 0 || tag > 0xffff_ffff) throw new DecodeError('bad_tag', 'field number out of range');
    return tag;
  }

  /** Reads a length and makes that message the limit; hand the result to `leave`. */
  enter(): number {
    const outer = this.limit;
    this.limit = this.lengthEnd();
    return outer;
  }

  leave(outer: number): void {
    this.limit = outer;
  }

  /** Counts what will live on the heap, so that a small body cannot ask for all of it. */
  countItem(): void {
    this.items += 1;
    if (this.items > MAX_ITEMS_PER_REQUEST) {
      throw new DecodeError('too_many_items', `more than ${MAX_ITEMS_PER_REQUEST} spans, events and attributes`);
    }
  }

  /** An unsigned varint; beyond 2^53 it is inexact, which no length, tag or enum that we accept is. */
  varint32(): number {
    const first = this.buffer[this.position]!;
    if (first < 0x80 && this.position < this.limit) {
      this.position += 1;
      return first;
    }
    let result = 0;
    let factor = 1;
    for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
      const byte = this.byte();
      result += (byte & 0x7f) * factor;
      if (byte < 0x80) return result;
      factor *= 128;
    }
    throw new DecodeError('bad_tag', 'varint of more than ten bytes');
  }

  /** An int64: `number` when safe, else `bigint`. */
  int64(): number | bigint {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < MAX_VARINT_BYTES * 7; shift += 7) {
      const byte = this.byte();
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) return joinInt64(high | 0, low >>> 0);
    }
    throw new DecodeError('bad_tag', 'varint of more than ten bytes');
  }

  fixed64(): bigint {
    const start = this.advance(8);
    return this.view.getBigUint64(start, true);
  }

  double(): number {
    const start = this.advance(8);
    return this.view.getFloat64(start, true);
  }

  /** A name that repeats in every request: an attribute key. */
  key(): string {
    return this.text(keys);
  }

  /** Text; cut and marked beyond MAX_STRING_BYTES. */
  string(): string {
    return this.text(values);
  }

  /** Lower-case hex when exactly `length` bytes long; empty for no bytes, `ofZeros` for all zero, `undefined` for a wrong length. */
  id(length: 8 | 16, ofZeros?: string): string | undefined {
    const end = this.lengthEnd();
    const start = this.position;
    this.position = end;
    if (end === start) return '';
    if (end - start !== length) return undefined;
    for (let index = start; index < end; index += 1) {
      if (this.buffer[index] !== 0) return this.buffer.toString('hex', start, end);
    }
    return ofZeros;
  }

  /** An enum; values that are not in it become 0, which is "unspecified" everywhere. */
  enumeration(max: number): number {
    const value = this.varint32();
    return value <= max ? value : 0;
  }

  /** The bytes themselves, as a view: copy what outlives the request. */
  bytes(): Uint8Array {
    const end = this.lengthEnd();
    const start = this.position;
    this.position = end;
    return this.buffer.subarray(start, end);
  }

  /** Passes over a field nobody reads. `known` has a bit for each field number that is read: those have a wrong wire type. */
  skip(tag: number, known: number): void {
    const field = tag >>> 3;
    if (field < 32 && ((known >>> field) & 1) === 1) {
      throw new DecodeError('bad_wire_type', `wrong wire type ${tag & 7} for field ${field}`);
    }
    if ((tag & 7) === START_GROUP) this.skipGroup(field);
    else this.skipScalar(tag);
  }

  private skipGroup(outermost: number): void {
    const open = [outermost];
    while (open.length > 0) {
      const tag = this.tag();
      if ((tag & 7) === START_GROUP) {
        if (open.push(tag >>> 3) > MAX_VALUE_DEPTH) {
          throw new DecodeError('too_deep', `groups nested deeper than ${MAX_VALUE_DEPTH}`);
        }
      } else if ((tag & 7) === END_GROUP) {
        if (open.pop() !== tag >>> 3) throw new DecodeError('bad_tag', 'end of a group that is not open');
      } else this.skipScalar(tag);
    }
  }

  private skipScalar(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.int64();
        return;
      case FIXED64:
        this.advance(8);
        return;
      case LENGTH_DELIMITED:
        this.position = this.lengthEnd();
        return;
      case FIXED32:
        this.advance(4);
        return;
      default:
        throw new DecodeError('bad_wire_type', `wire type ${tag & 7} cannot stand here`);
    }
  }

  private text(cache: TextCache): string {
    const end = this.lengthEnd();
    const start = this.position;
    this.position = end;
    return end - start <= MAX_CACHED_BYTES
      ? cache.read(this.buffer, this.view, start, end)
      : cutUtf8(this.buffer, start, end);
  }

  private lengthEnd(): number {
    const end = this.varint32() + this.position;
    if (end > this.limit) throw truncated();
    return end;
  }

  private byte(): number {
    if (this.position >= this.limit) throw truncated();
    return this.buffer[this.position++]!;
  }

  private advance(bytes: number): number {
    const start = this.position;
    if (start + bytes > this.limit) throw truncated();
    this.position = start + bytes;
    return start;
  }
}

function truncated(): DecodeError {
  return new DecodeError('truncated', 'the body ends in the middle of a field');
}

function joinInt64(high: number, low: number): number | bigint {
  return high <= MAX_SAFE_HIGH && (high > -MAX_SAFE_HIGH - 1 || (high === -MAX_SAFE_HIGH - 1 && low > 0))
    ? high * TWO_TO_32 + low
    : (BigInt(high) << 32n) | BigInt(low);
}
