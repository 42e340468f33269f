import { ErrorCode, Refusal } from '../sql/refusal.ts';
import { parseNativeType } from './native-type.ts';
import { Incomplete, readString, readVarUInt, skipColumn } from './skip-column.ts';
import type { Cursor } from './skip-column.ts';

/** Revision from which a column carries a byte that tells of custom serialisation (Core/ProtocolDefines.h). */
const CUSTOM_SERIALISATION_REVISION = 54_454;
/** BlockInfo: field 1 is_overflows = 0, field 2 bucket_num = -1, end (Core/BlockInfo.cpp). */
const BLOCK_INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const DEFAULT_SERIALISATION = Buffer.from([0]);
const EMPTY = Buffer.alloc(0);

/** Turns the plain Native of chDB into what a client of a protocol revision reads. */
export interface NativeRewriter {
  /** The pieces to send for the blocks that are whole by now; throws a Refusal (48) for a type that cannot be followed. */
  push(bytes: Buffer): Buffer[];
  /** Throws when the bytes ended within a block. */
  end(): void;
}

/** Makes a rewriter for `client_protocol_version` = `revision`; 0 passes everything through. */
export function createNativeRewriter(revision: number): NativeRewriter {
  let rest: Buffer = EMPTY;
  if (revision <= 0) return { push: (bytes) => [bytes], end: () => undefined };
  return {
    push(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const pieces: Buffer[] = [];
      while (rest.length > 0) {
        const block = rewriteBlock(rest, revision);
        if (block === undefined) break;
        pieces.push(...block.pieces);
        rest = rest.subarray(block.bytes);
      }
      return pieces;
    },
    end() {
      if (rest.length > 0)
        throw new Refusal(ErrorCode.UNKNOWN_EXCEPTION, 'The engine ended its answer within a block.');
    },
  };
}

function rewriteBlock(bytes: Buffer, revision: number): { pieces: Buffer[]; bytes: number } | undefined {
  const cursor: Cursor = { bytes, at: 0 };
  const pieces: Buffer[] = [BLOCK_INFO];
  let from = 0;
  try {
    const columns = readVarUInt(cursor);
    const rows = readVarUInt(cursor);
    for (let column = 0; column < columns; column += 1) {
      const name = readString(cursor);
      const typeName = readString(cursor);
      const type = parseNativeType(typeName);
      if (type === undefined) {
        throw new Refusal(
          ErrorCode.NOT_IMPLEMENTED,
          `Column \`${name}\` of type ${typeName.slice(0, 200)} is not supported in Native for this client; convert it, for example with toString.`
        );
      }
      if (revision >= CUSTOM_SERIALISATION_REVISION) {
        pieces.push(bytes.subarray(from, cursor.at), DEFAULT_SERIALISATION);
        from = cursor.at;
      }
      skipColumn(cursor, type, rows);
    }
  } catch (error) {
    if (error instanceof Incomplete) return undefined;
    throw error;
  }
  pieces.push(bytes.subarray(from, cursor.at));
  return { pieces, bytes: cursor.at };
}

/** A Native block without rows, in the plain form: what an empty result owes its client. */
export function emptyNativeBlock(columns: readonly { readonly name: string; readonly type: string }[]): Buffer {
  const parts = columns.flatMap(({ name, type }) => [stringBytes(name), stringBytes(type)]);
  return Buffer.concat([varUInt(columns.length), varUInt(0), ...parts]);
}

function stringBytes(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([varUInt(bytes.length), bytes]);
}

function varUInt(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
