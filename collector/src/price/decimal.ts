/** Digits after the point that money keeps: Decimal(18,12), so one unit is a pico-dollar. */
const MONEY_DIGITS = 12;
const PICO_PER_USD = 10n ** BigInt(MONEY_DIGITS);

/** Longer texts are not amounts anybody claimed; the bound keeps BigInt work small. */
const MAX_DECIMAL_CHARS = 64;
/** 10^±40 is far beyond any amount of money; a larger exponent would only cost memory. */
const MAX_EXPONENT = 40;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** An exact fraction; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * The exact value of a decimal text such as `0.0123`, `-2` or `1.5e-05`.
 * `undefined` for anything else: empty, NaN, hexadecimal, more than 64 characters, exponents beyond ±40.
 */
export function parseDecimal(text: string): Fraction | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_DECIMAL_CHARS) return undefined;
  const parts = DECIMAL.exec(trimmed);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = parts;
  if (whole === '' && fraction === '') return undefined;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const places = fraction.length - exponent;
  return places > 0
    ? { numerator: digits, denominator: 10n ** BigInt(places) }
    : { numerator: digits * 10n ** BigInt(-places), denominator: 1n };
}

/**
 * A decimal text in US dollars → pico-dollars, rounded half-even at the 12th digit; `undefined` when it is not a decimal number.
 */
export function parsePico(text: string): bigint | undefined {
  const value = parseDecimal(text);
  return value && divideHalfEven(value.numerator * PICO_PER_USD, value.denominator);
}

/** Pico-dollars → the shortest exact decimal text in US dollars: `1500000000n` → `0.0015`, `0n` → `0`. */
export function formatPico(pico: bigint): string {
  return formatScaled(pico, MONEY_DIGITS);
}

/** `digits` × 10^-`places` as the shortest exact decimal text, never with an exponent. */
export function formatScaled(digits: bigint, places: number): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString().padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const fraction = text.slice(text.length - places).replace(/0+$/, '');
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

/** `numerator / denominator` (positive) rounded to the nearest integer, ties to the even one, for both signs. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 1n) return numerator;
  const quotient = numerator / denominator;
  const remainder = numerator % denominator;
  if (remainder === 0n) return quotient;
  const twice = (remainder < 0n ? -remainder : remainder) * 2n;
  const away = twice > denominator || (twice === denominator && quotient % 2n !== 0n);
  if (!away) return quotient;
  return numerator < 0n ? quotient - 1n : quotient + 1n;
}
