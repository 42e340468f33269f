import { parseDecimal } from './decimal.ts';
import { MAX_MODEL_CHARS } from './model-id.ts';
import { PRICE_UNITS, UNIT_FACTS } from './price-units.ts';

/** Tells a fault: the path of the field and what it must be. */
export type Fail = (field: string, message: string) => void;

/** Amounts are kept as Decimal(18,12). */
export const MAX_AMOUNT = 999_999n;
const MAX_PLACES = 12;
const UNITS: readonly string[] = PRICE_UNITS.map((unit) => UNIT_FACTS[unit].name);

/** Amounts by unit, as somebody wrote them; faults are told, and what has one is left out. */
export function readAmounts(
  value: Readonly<Record<string, unknown>>,
  field: string,
  fail: Fail
): Readonly<Record<string, string>> {
  const amounts: Record<string, string> = {};
  for (const [unit, written] of Object.entries(value)) {
    const path = `${field}.${unit.slice(0, MAX_MODEL_CHARS)}`;
    const amount = UNITS.includes(unit) ? readAmount(written, path, fail) : undefined;
    if (amount !== undefined) amounts[unit] = amount;
    else if (!UNITS.includes(unit)) fail(path, `is not known; use ${UNITS.join(', ')}`);
  }
  return amounts;
}

/** A decimal from 0 that Decimal(18,12) holds exactly, as plain text; a number is read as it would be written. Undefined after a fault. */
export function readAmount(value: unknown, field: string, fail: Fail): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  const amount = typeof text === 'string' ? parseDecimal(text) : undefined;
  const scaled = amount && amount.numerator * 10n ** BigInt(MAX_PLACES);
  if (
    amount !== undefined &&
    amount.numerator >= 0n &&
    scaled! % amount.denominator === 0n &&
    amount.numerator <= MAX_AMOUNT * amount.denominator
  )
    return plain(scaled! / amount.denominator);
  fail(field, `must be a decimal from 0 to ${MAX_AMOUNT} with at most ${MAX_PLACES} digits after the point`);
  return undefined;
}

function plain(scaled: bigint): string {
  const digits = scaled.toString().padStart(MAX_PLACES + 1, '0');
  const fraction = digits.slice(-MAX_PLACES).replace(/0+$/, '');
  return `${digits.slice(0, -MAX_PLACES)}${fraction === '' ? '' : `.${fraction}`}`;
}
