import fc from 'fast-check';
import { DecodeError } from './decode-error.ts';
import { decodeLogsJson } from './decode-logs-json.ts';
import { decodeLogsProtobuf } from './decode-logs-protobuf.ts';
import { decodeMetricsJson } from './decode-metrics-json.ts';
import { decodeMetricsProtobuf } from './decode-metrics-protobuf.ts';
import { decodeTracesJson } from './decode-traces-json.ts';
import { decodeTracesProtobuf } from './decode-traces-protobuf.ts';
import { readCaptures, type CapturedRequest } from './testing/read-captures.ts';

const decoders = {
  protobuf: { traces: decodeTracesProtobuf, logs: decodeLogsProtobuf, metrics: decodeMetricsProtobuf },
  json: { traces: decodeTracesJson, logs: decodeLogsJson, metrics: decodeMetricsJson },
} as const;

const all = Object.values(decoders).flatMap((bySignal) => Object.values(bySignal));

/** Fails the test on any error but DecodeError. */
function decodes(decode: (body: Buffer) => unknown, body: Buffer): boolean {
  try {
    decode(body);
    return true;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return false;
  }
}

/** The smallest request of each signal, encoding and kind of sender: enough shapes, few enough bytes. */
function smallRequests(limit: number): readonly CapturedRequest[] {
  const bySender = new Map<string, CapturedRequest>();
  for (const request of readCaptures().flatMap((capture) => capture.requests)) {
    const sender = `${request.name.split('/')[0]} ${request.signal}`;
    const known = bySender.get(sender);
    if (!known || request.body.length < known.body.length) bySender.set(sender, request);
  }
  return [...bySender.values()].filter((request) => request.body.length <= limit);
}

test('random bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const decode of all) decodes(decode, Buffer.from(bytes));
    }),
    { numRuns: 2000 }
  );
});

test('random JSON', () => {
  const keys = fc.constantFrom(
    'resourceSpans',
    'scopeSpans',
    'spans',
    'attributes',
    'key',
    'value',
    'stringValue',
    'intValue',
    'traceId',
    '__proto__'
  );
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, true, 1e300, -0, '', 'x', 2 ** 60),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(keys, tie('any'), { maxKeys: 4 })
    ),
  }));
  fc.assert(
    fc.property(any, (tree) => {
      const body = Buffer.from(JSON.stringify(tree));
      for (const decode of Object.values(decoders.json)) decodes(decode, body);
    }),
    { numRuns: 2000 }
  );
});

describe('requests of real SDKs', () => {
  const requests = smallRequests(4_000);

  test('there are some', () => expect(requests.length).toBeGreaterThan(20));

  test.each(requests.map((request) => [request.name, request] as const))('%s: every truncation', (_name, request) => {
    const decode = decoders[request.encoding][request.signal];
    let decoded = 0;
    for (let end = 0; end < request.body.length; end += 1)
      decoded += Number(decodes(decode, request.body.subarray(0, end)));
    // A cut between two top-level messages is a shorter request; JSON has no such place.
    expect(decoded).toBeLessThan(4);
  });

  test('bits flipped anywhere', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...requests),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 7 })), { minLength: 1, maxLength: 4 }),
        (request, flips) => {
          const body = Buffer.from(request.body);
          for (const [at, bit] of flips) body[at % body.length]! ^= 1 << bit;
          decodes(decoders[request.encoding][request.signal], body);
        }
      ),
      { numRuns: 3000 }
    );
  });

  test('one request decoded as another signal', () => {
    for (const request of requests) for (const decode of all) decodes(decode, request.body);
  });
});
