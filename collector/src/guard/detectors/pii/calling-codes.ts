/**
 * Fewest and most digits of a number including its calling code. Codes that are not listed by themselves get the bounds
 * of their length. Source: ITU-T E.164 assigned country codes, national numbering plans.
 */
const BOUNDS: Readonly<Record<string, readonly [fewest: number, most: number]>> = {
  '1': [11, 11],
  '7': [11, 11],
  '20': [11, 12],
  '27': [11, 11],
  '30': [12, 12],
  '31': [11, 11],
  '32': [10, 11],
  '33': [11, 11],
  '34': [11, 11],
  '36': [10, 11],
  '39': [8, 13],
  '40': [11, 11],
  '41': [11, 11],
  '43': [7, 15],
  '44': [11, 12],
  '45': [10, 10],
  '46': [9, 12],
  '47': [10, 10],
  '48': [11, 11],
  '49': [7, 14],
  '51': [10, 11],
  '52': [12, 13],
  '54': [12, 13],
  '55': [12, 13],
  '56': [11, 11],
  '57': [10, 12],
  '60': [10, 12],
  '61': [11, 11],
  '62': [9, 14],
  '63': [10, 12],
  '64': [9, 12],
  '65': [10, 10],
  '66': [10, 11],
  '81': [11, 12],
  '82': [10, 12],
  '84': [11, 12],
  '86': [11, 13],
  '90': [12, 12],
  '91': [12, 12],
  '92': [11, 12],
};
/** Codes of three digits share these first two. */
const LONG_CODES = new Set([
  '21',
  '22',
  '23',
  '24',
  '25',
  '26',
  '29',
  '35',
  '37',
  '38',
  '42',
  '50',
  '59',
  '67',
  '68',
  '69',
  '85',
  '88',
  '96',
  '97',
  '99',
]);
const LONG_CODE_BOUNDS = [10, 13] as const;
const SHORT_CODE_BOUNDS = [9, 13] as const;
const UNASSIGNED = new Set(['28', '83', '89', '80', '87']);

/** Bounds for a number that begins with a calling code, undefined when none begins like this. */
export function callingCodeLengths(digits: string): readonly [fewest: number, most: number] | undefined {
  const two = digits.slice(0, 2);
  // A trunk zero is often written in brackets behind the code, +44 (0)20: one digit more.
  const known = BOUNDS[digits.charAt(0)] ?? BOUNDS[two];
  const bounds = known ?? (LONG_CODES.has(two) ? LONG_CODE_BOUNDS : SHORT_CODE_BOUNDS);
  if (digits.startsWith('0') || UNASSIGNED.has(two)) return undefined;
  return digits.charAt(two.length) === '0' || digits.charAt(3) === '0' ? [bounds[0], bounds[1] + 1] : bounds;
}
