import { compareWithTruth } from './captures/compare-with-truth.ts';
import type { Fault } from './captures/compare-with-truth.ts';
import { loadCaptures } from './captures/load-captures.ts';
import type { Capture, CapturedRequest } from './captures/load-captures.ts';
import { normaliseCapture } from './captures/normalise-capture.ts';

/** Telemetry of real instrumentations, with what the model server answered. */
const captures = loadCaptures().map((capture) => [capture.name, capture] as const);

/** Where no row can tell what happened, with the reason; everything else must be exact. */
const KNOWN_FAULTS: ReadonlyMap<string, readonly string[]> = new Map([
  // A failed call without a response id, told by the native span and by the wrapper's span in two different traces: nothing joins them.
  ['traceloop-anthropic-py/anthropic_error_429', ['calls', 'request_model', 'errors']],
]);

describe('captured requests of real instrumentations', () => {
  test('are all there', () => {
    expect(captures.length).toBeGreaterThanOrEqual(207);
  });

  test.each(captures)('%s: rows tell what the model server answered', (_name, capture) => {
    const { billed, fragments } = normaliseCapture(capture);
    expectTruth(capture, compareWithTruth(capture, billed, fragments));
  });

  test.each(captures)('%s: the same when every span and log record comes alone, last first', (_name, capture) => {
    const { billed, fragments } = normaliseCapture(capture, split(capture).reverse());
    expectTruth(capture, compareWithTruth(capture, billed, fragments));
  });
});

function expectTruth(capture: Capture, faults: readonly Fault[]): void {
  const known = KNOWN_FAULTS.get(capture.name);
  if (known === undefined) expect(faults).toEqual([]);
  else expect(faults.map((fault) => fault.what)).toEqual(known);
}

function split(capture: Capture): CapturedRequest[] {
  return capture.requests.flatMap((request): CapturedRequest[] =>
    request.signal === 'traces'
      ? request.spans.map((span) => ({ signal: 'traces', spans: [span] }))
      : request.records.map((record) => ({ signal: 'logs', records: [record] }))
  );
}
