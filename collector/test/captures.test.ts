import { compareWithTruth } from './captures/compare-with-truth.ts';
import { loadCaptures } from './captures/load-captures.ts';
import type { Capture, CapturedRequest } from './captures/load-captures.ts';
import { normaliseCapture } from './captures/normalise-capture.ts';

/** Telemetry of real instrumentations, with what the model server answered. */
const captures = loadCaptures().map((capture) => [capture.name, capture] as const);

describe('captured requests of real instrumentations', () => {
  test('are all there', () => {
    expect(captures.length).toBeGreaterThanOrEqual(207);
  });

  test.each(captures)('%s: rows tell what the model server answered', (_name, capture) => {
    const { billed, fragments } = normaliseCapture(capture);
    expect(compareWithTruth(capture, billed, fragments)).toEqual([]);
  });

  test.each(captures)('%s: the same when every span and log record comes alone, last first', (_name, capture) => {
    const { billed, fragments } = normaliseCapture(capture, split(capture).reverse());
    expect(compareWithTruth(capture, billed, fragments)).toEqual([]);
  });
});

function split(capture: Capture): CapturedRequest[] {
  return capture.requests.flatMap((request): CapturedRequest[] =>
    request.signal === 'traces'
      ? request.spans.map((span) => ({ signal: 'traces', spans: [span] }))
      : request.records.map((record) => ({ signal: 'logs', records: [record] }))
  );
}
