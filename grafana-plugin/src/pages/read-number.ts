import type { DataFrame } from '@grafana/data';

/** The number in the first row of a field; undefined when there is no such field, no row, or no number. */
export function readNumber(frames: readonly DataFrame[], fieldName: string): number | undefined {
  for (const { fields } of frames) {
    const value: unknown = fields.find(({ name }) => name === fieldName)?.values[0];
    if (typeof value === 'number') {
      return value;
    }
  }
  return undefined;
}
