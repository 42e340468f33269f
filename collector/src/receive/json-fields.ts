import { cutText } from './cut-text.ts';
import { DecodeError } from './decode-error.ts';

/** An object of parsed JSON. Only the field names of OTLP are ever read, none of which any prototype has. */
export type JsonObject = Readonly<Record<string, unknown>>;

const UNSIGNED = /^\d{1,20}$/;
const SIGNED = /^-?\d{1,20}$/;
const DECIMAL = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;
const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;

/**
 * Readers for the fields of OTLP/JSON (proto3 JSON mapping). Absent and `null` are the default everywhere.
 * A value of the wrong type throws DecodeError `bad_field`: inside a span it costs that span, outside the request.
 */
export const jsonFields = {
  /** A message; absent = no fields. */
  object(parent: JsonObject, field: string): JsonObject {
    const value = parent[field];
    return value === undefined || value === null ? {} : asObject(value, field);
  },

  /** Repeated messages. */
  objects(parent: JsonObject, field: string): readonly JsonObject[] {
    return this.array(parent, field).map((item) => asObject(item, field));
  },

  array(parent: JsonObject, field: string): readonly unknown[] {
    const value = parent[field];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw badField(field, 'must be an array');
    return value;
  },

  /** Text; cut and marked beyond MAX_STRING_BYTES. */
  text(parent: JsonObject, field: string): string {
    const value = parent[field];
    if (typeof value === 'string') return cutText(value);
    if (value === undefined || value === null) return '';
    throw badField(field, 'must be a string');
  },

  /** fixed64 as a string of digits or as a number. */
  uint64(parent: JsonObject, field: string): bigint {
    const value = parent[field];
    if (value === undefined || value === null) return 0n;
    if (typeof value === 'string' ? UNSIGNED.test(value) : Number.isInteger(value)) {
      const number = BigInt(value as string | number);
      if (number >= 0n && number <= MAX_UINT64) return number;
    }
    throw badField(field, 'must be an unsigned 64-bit integer');
  },

  /** Enum as an integer; also by its official name, which generic protobuf tools write. Any other value is 0. */
  enumeration(parent: JsonObject, field: string, names: readonly string[]): number {
    const value = parent[field];
    if (typeof value === 'string') return Math.max(0, names.indexOf(value));
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) < names.length
      ? (value as number)
      : 0;
  },
} as const;

/** int64 as a string or a number: `number` when safe, else `bigint`. A fraction is kept as it is, better than a lost span. */
export function jsonInt64(value: unknown, field: string): number | bigint {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && SIGNED.test(value)) {
    if (value.length <= 15) return toSafeNumber(Number(value));
    const integer = BigInt(value);
    if (BigInt.asIntN(64, integer) === integer) {
      const number = Number(integer);
      return Number.isSafeInteger(number) ? number : integer;
    }
  }
  throw badField(field, 'must be a 64-bit integer');
}

/** double as a number, as `NaN`, `Infinity`, `-Infinity`, or as a decimal in a string. */
export function jsonDouble(value: unknown, field: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') {
    if (value === 'NaN') return NaN;
    if (value === 'Infinity') return Infinity;
    if (value === '-Infinity') return -Infinity;
    if (DECIMAL.test(value)) return Number(value);
  }
  throw badField(field, 'must be a number');
}

export function asObject(value: unknown, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badField(field, 'must be an object');
  return value as JsonObject;
}

export function badField(field: string, reason: string): DecodeError {
  return new DecodeError('bad_field', `${field} ${reason}`, field);
}

// "-0" is the integer 0.
const toSafeNumber = (number: number): number => number + 0;
