import type { StepMeter } from './detector.ts';

/** Work on one span by rules of somebody's own, in steps of about a nanosecond or two: the worst case is a fraction of a second. */
export const MAX_STEPS = 128_000_000;

/** Adds work that is about to be done to the meter; throws when the span has none left, so that its content is withheld. */
export function spendSteps(meter: StepMeter, steps: number): void {
  meter.steps += steps;
  if (meter.steps > MAX_STEPS) throw new Error('the steps of the span are used up');
}
