import type { SpanKey } from '../table-rows.ts';

/** Two 32-bit words, written to `target[at]` and `target[at + 1]`; never both 0. */
export type SpanFingerprint = (
  workspace: string,
  span: Pick<SpanKey, 'traceId' | 'spanId'>,
  target: Uint32Array,
  at: number
) => void;

/** Workspaces whose hash is kept; beyond it the memory is dropped and built anew. */
const MAX_WORKSPACES = 10_000;

/** Value of a hexadecimal digit by character code; anything else spoils nothing but is hashed by its low bits. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? code & 15 : digit;
});

function word(hex: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + 8; index++) value = (value << 4) | DIGITS[hex.charCodeAt(index) & 127]!;
  return value;
}

/**
 * A keyed 64-bit hash of (workspace, trace, span): HalfSipHash-1-3 with 64-bit output (Aumasson and Bernstein), whose 32-bit words
 * suit JavaScript. The key keeps a sender from making ids that collide with those of others.
 * `seed` holds at least 16 bytes. Trace and span ids are 32 and 16 lower-case hex digits.
 */
export function createSpanFingerprint(seed: Uint8Array): SpanFingerprint {
  const key = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
  const key0 = key.getInt32(0, true);
  const key1 = key.getInt32(4, true);
  const workspaceKey = key.getInt32(8, true);
  const words = new Int32Array(8);
  const workspaces = new Map<string, readonly [number, number]>();

  /** One loop for message, length and both finalisations, so that the round stands here once and its words stay in registers. */
  function hash(length: number, target: { [index: number]: number }, at: number): void {
    let v0 = key0;
    let v1 = key1 ^ 0xee;
    let v2 = 0x6c796765 ^ key0;
    let v3 = 0x74656462 ^ key1;
    let first = 0;
    for (let step = 0; step <= length + 6; step++) {
      const message = step < length ? words[step]! : step === length ? length << 26 : 0;
      v3 ^= message;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= message;
      if (step === length) v2 ^= 0xee;
      else if (step === length + 3) {
        first = v1 ^ v3;
        v1 ^= 0xdd;
      }
    }
    const second = v1 ^ v3;
    target[at] = first;
    target[at + 1] = first === 0 && second === 0 ? 1 : second;
  }

  /** The name in any length, four bytes a step chained through the hash itself. */
  function hashWorkspace(name: string): readonly [number, number] {
    const bytes = Buffer.from(name, 'utf8');
    const state: [number, number] = [workspaceKey, bytes.length];
    for (let at = 0; at < bytes.length; at += 4) {
      words[0] = state[0];
      words[1] = state[1];
      words[2] = bytes.readUIntLE(at, Math.min(4, bytes.length - at)) | 0;
      hash(3, state, 0);
    }
    if (workspaces.size >= MAX_WORKSPACES) workspaces.clear();
    workspaces.set(name, state);
    return state;
  }

  return (workspace, { traceId, spanId }, target, at) => {
    const name = workspaces.get(workspace) ?? hashWorkspace(workspace);
    words[0] = name[0];
    words[1] = name[1];
    for (let index = 0; index < 4; index++) words[2 + index] = word(traceId, index * 8);
    words[6] = word(spanId, 0);
    words[7] = word(spanId, 8);
    hash(8, target, at);
  };
}
