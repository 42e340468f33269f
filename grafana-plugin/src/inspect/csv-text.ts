import type { DataFrame } from '@grafana/data';

/** Spreadsheets run text that begins so as a formula. */
const FORMULA_START = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  const text = String(value);
  return `"${(FORMULA_START.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
}

/** One frame as CSV (RFC 4180): times as ISO, numbers plain, text that a spreadsheet would run as a formula made harmless. */
export function csvText(frame: DataFrame): string {
  const lines = [frame.fields.map(({ name, labels }) => cell(Object.values(labels ?? {}).join(' ') || name))];
  for (let row = 0; row < frame.length; row++) {
    lines.push(
      frame.fields.map(({ type, values }) => {
        const value: unknown = values[row];
        return cell(String(type) === 'time' && typeof value === 'number' ? new Date(value).toISOString() : value);
      })
    );
  }
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}
