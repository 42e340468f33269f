import { crc32 } from 'node:zlib';

/** What a frame holds. `segment` opens each file; `rows` is one acknowledged request; the rest is the course of delivery. */
export type FrameType = 'segment' | 'rows' | 'plan' | 'split' | 'delivered';

export interface FrameHeader {
  readonly type: FrameType;
  /** Rises by at least one from frame to frame over the life of the directory. */
  readonly sequence: number;
  readonly payloadBytes: number;
  /** Spans in a `rows` frame, so that a damaged payload can still be counted. */
  readonly spans: number;
  readonly payloadCrc: number;
}

/** 16 random bytes of this ledger directory. They stand in each frame, so content that imitates a frame cannot pass for one. */
export type EpochBytes = Buffer;

export const FRAME_HEADER_BYTES = 48;
export const FRAME_MAGIC = Buffer.from('SLDG', 'latin1');
const FORMAT_VERSION = 1;

const TYPES: readonly FrameType[] = ['segment', 'rows', 'plan', 'split', 'delivered'];
const CRC_AT = 44;

/**
 * The 48 bytes before a payload, little-endian: magic 4, version 1, type 1, reserved 2, epoch 16, sequence 8, payload length 4,
 * spans 4, CRC32 of the payload 4, CRC32 of all before it 4.
 */
export function encodeFrameHeader(header: FrameHeader, epoch: EpochBytes): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES);
  FRAME_MAGIC.copy(bytes, 0);
  bytes.writeUInt8(FORMAT_VERSION, 4);
  bytes.writeUInt8(TYPES.indexOf(header.type), 5);
  epoch.copy(bytes, 8);
  bytes.writeBigUInt64LE(BigInt(header.sequence), 24);
  bytes.writeUInt32LE(header.payloadBytes, 32);
  bytes.writeUInt32LE(header.spans, 36);
  bytes.writeUInt32LE(header.payloadCrc, 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, CRC_AT)), CRC_AT);
  return bytes;
}

function isIntact(bytes: Buffer, offset: number): boolean {
  return (
    offset + FRAME_HEADER_BYTES <= bytes.length &&
    bytes.compare(FRAME_MAGIC, 0, 4, offset, offset + 4) === 0 &&
    crc32(bytes.subarray(offset, offset + CRC_AT)) === bytes.readUInt32LE(offset + CRC_AT)
  );
}

/** The epoch of the frame that `bytes` begin with, whatever version wrote it; `undefined` when they begin with no intact header. */
export function epochOfFrame(bytes: Buffer): EpochBytes | undefined {
  return isIntact(bytes, 0) ? Buffer.from(bytes.subarray(8, 24)) : undefined;
}

/** Reads a header at `offset`. `undefined`: no intact frame of this epoch begins there; `newer`: a later version wrote it. */
export function decodeFrameHeader(bytes: Buffer, offset: number, epoch: EpochBytes): FrameHeader | 'newer' | undefined {
  if (!isIntact(bytes, offset)) return undefined;
  if (bytes.compare(epoch, 0, 16, offset + 8, offset + 24) !== 0) return undefined;
  const type = TYPES[bytes.readUInt8(offset + 5)];
  if (bytes.readUInt8(offset + 4) !== FORMAT_VERSION || type === undefined) return 'newer';
  return {
    type,
    sequence: Number(bytes.readBigUInt64LE(offset + 24)),
    payloadBytes: bytes.readUInt32LE(offset + 32),
    spans: bytes.readUInt32LE(offset + 36),
    payloadCrc: bytes.readUInt32LE(offset + 40),
  };
}
