/** Digits after the point that money keeps (Decimal(18,12)). */
const SCALE = 12;

/** A non-negative amount as a plain decimal text such as `0.0031383`, never with an exponent; `undefined` for anything else or zero. */
export function decimalText(amount: number | undefined): string | undefined {
  if (amount === undefined || !Number.isFinite(amount) || amount <= 0) return undefined;
  const short = String(amount);
  if (!short.includes('e')) return short;
  if (amount >= 1) return String(BigInt(Math.round(amount)));
  const digits = amount.toFixed(SCALE);
  return Number(digits) === 0 ? undefined : digits.replace(/0+$/, '');
}
