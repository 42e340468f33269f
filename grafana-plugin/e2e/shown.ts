import type { Row } from './raw-rows.ts';

const grouped = (digits: number) =>
  new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The texts of the pages for numbers of the raw rows. */
export const usd = (value: string | undefined) => `$${grouped(2).format(Number(value))}`;
export const count = (value: string | number | undefined) => grouped(0).format(Number(value));
export const share = (value: number) => `${(100 * value).toFixed(1)}%`;

/** Change of a headline number: three significant digits, '' from or to nothing. */
export function headlineChange(previous: number, current: number): string {
  return previous === 0 ? '' : `${Number((((current - previous) / previous) * 100).toPrecision(3))}%`;
}

/** Change of a row against the row of the same name in the period before. */
export function rowChange(before: readonly Row[], row: Row): string {
  const previous = Number(before.find(({ name }) => name === row.name)?.spend ?? 0);
  return previous === 0 ? '–' : share((Number(row.spend) - previous) / previous);
}
