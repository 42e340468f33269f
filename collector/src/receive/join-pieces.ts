/** Larger bodies are rare and get memory of their own. */
const SCRATCH_BYTES = 1024 * 1024;

/**
 * Returns the function that joins the pieces of a body. The bytes are valid until its next call: what is decoded from them shares no
 * memory with them. The memory is the same each time, because a fresh buffer per request is what the garbage collector is started by.
 */
export function createJoinPieces(): (pieces: readonly Buffer[]) => Buffer {
  let scratch: Buffer | undefined;
  return (pieces) => {
    if (pieces.length === 1) return pieces[0]!;
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (bytes > SCRATCH_BYTES) return Buffer.concat(pieces, bytes);
    scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    let end = 0;
    for (const piece of pieces) end += piece.copy(scratch, end);
    return scratch.subarray(0, end);
  };
}
