import fc from 'fast-check';
import type { DecodedTraces } from '../otlp.ts';
import { DecodeError } from './decode-error.ts';
import { decodeTracesProtobuf } from './decode-traces-protobuf.ts';
import { createExportRequest } from './export-request.ts';
import { createJoinPieces } from './join-pieces.ts';
import { encodeTracesProtobuf } from './testing/encode-otlp-protobuf.ts';
import { tracesModel } from './testing/otlp-model.ts';
import { sampleProtobuf, sampleSpan } from './testing/sample-traces.ts';

const MIB = 1024 * 1024;

/** The body in pieces, cut at the given parts of its length. */
function cut(body: Buffer, parts: readonly number[]): Buffer[] {
  const ends = [...parts.map((part) => Math.floor(part * body.length)), body.length].sort((a, b) => a - b);
  return ends.map((end, index) => body.subarray(ends[index - 1] ?? 0, end));
}

function decoded(body: Buffer): DecodedTraces | string {
  try {
    return decodeTracesProtobuf(body);
  } catch (error) {
    if (error instanceof DecodeError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const parts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 });

test('requests in any pieces, whole or broken off, decode as they do in one, and keep what they were when others follow', () => {
  const requests = fc.array(fc.tuple(tracesModel, parts, fc.constantFrom(1, 0.97, 0.5)), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(requests, (all) => {
      const joinPieces = createJoinPieces();
      const bodies = all.map(([model, , share]) => {
        const whole = encodeTracesProtobuf(model);
        return whole.subarray(0, Math.ceil(whole.length * share));
      });
      const answers = bodies.map((body, index) => decoded(joinPieces(cut(body, all[index]![1]))));
      expect(answers).toEqual(bodies.map((body) => decoded(body)));
    }),
    { numRuns: 100 }
  );
});

test('any bytes in any pieces are joined as they are', () => {
  const joinPieces = createJoinPieces();
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
      expect(joinPieces(pieces.map((piece) => Buffer.from(piece)))).toEqual(Buffer.from(pieces.flatMap((p) => [...p])));
    })
  );
});

test.each([MIB - 2, MIB, MIB + 2, 6 * MIB])('a body of %d bytes in two pieces is joined', (bytes) => {
  const pieces = [Buffer.alloc(bytes / 2, 1), Buffer.alloc(bytes / 2, 2)];
  const joined = createJoinPieces()(pieces);
  expect(joined.equals(Buffer.concat(pieces))).toBe(true);
});

test('the pieces of a body are let go before the ledger is waited for', async () => {
  const body = cut(sampleProtobuf([sampleSpan(1)]), [0.5]);
  const held: number[] = [];
  const intake = () => {
    held.push(body.length);
    return Promise.resolve({ kind: 'accepted', rejected: 0, message: '' } as const);
  };
  const bytes: number[] = [];
  const exportRequest = createExportRequest({
    intake: { traces: intake, logs: intake, metrics: intake },
    metrics: {
      accepted: (_labels, amounts) => bytes.push(amounts.bytes),
      refused: () => undefined,
      aborted: () => undefined,
    },
    retryAfterSeconds: 1,
  });
  const size = body.reduce((sum, piece) => sum + piece.length, 0);
  const labels = {
    transport: 'http',
    signal: 'traces',
    encoding: 'protobuf',
    workspace: 'default',
    keyId: '',
  } as const;
  const answer = await exportRequest({ ...labels, body });
  expect({ answer: answer.kind, held, bytes }).toEqual({ answer: 'success', held: [0], bytes: [size] });
});
