import type { DataFrame } from '@grafana/data';

/** The text in the first row of a field; undefined when there is no such field, no row, or no text. */
export function readText(frames: readonly DataFrame[], fieldName: string): string | undefined {
  for (const { fields } of frames) {
    const value: unknown = fields.find(({ name }) => name === fieldName)?.values[0];
    if (typeof value === 'string') {
      return value;
    }
  }
  return undefined;
}
