import type { Detector, StepMeter } from './detector.ts';
import { createKeywordScan } from './keyword-scan.ts';
import { createTriggerScan } from './trigger-scan.ts';

export interface CandidateScan {
  /** False: no detector can find anything. The only work done on most texts. */
  readonly mayHold: (text: string) => boolean;
  /** For each detector (by index) the ascending offsets at which it begins to look. */
  readonly hits: (text: string, meter: StepMeter) => readonly (readonly number[])[];
}

/** Ascending and distinct; most lists are so already. */
function ascending(offsets: number[]): readonly number[] {
  for (let index = 1; index < offsets.length; index += 1) {
    if ((offsets[index - 1] ?? 0) >= (offsets[index] ?? 0)) return [...new Set(offsets)].sort((a, b) => a - b);
  }
  return offsets;
}

/** Where detectors begin to look: keywords (a few sweeps for rare characters) and words and numbers (one pass). */
export function createCandidateScan(detectors: readonly Detector[]): CandidateScan {
  const keywords = createKeywordScan(detectors.map((detector) => detector.keywords));
  const triggers = createTriggerScan(detectors);
  return {
    mayHold: (text) => triggers.mayHold(text) || keywords.mayHold(text),
    hits: (text, meter) => {
      const hits = keywords.hits(text, meter);
      triggers.addHits(text, hits, meter);
      return hits.map(ascending);
    },
  };
}
