import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isWordCharacter, passesLuhn } from '../number-text.ts';

/** How far behind its name a number may stand. */
const CONTEXT_LENGTH = 48;
const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
/** Verhoeff tables: the dihedral group D5 and its permutation (J. Verhoeff, 1969). */
const VERHOEFF_PRODUCT = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const VERHOEFF_PERMUTATION = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

interface NationalId {
  readonly words: readonly string[];
  readonly shape: RegExp;
  readonly isValid: (compact: string) => boolean;
}

function passesVerhoeff(digits: string): boolean {
  let check = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    const permuted = Number(VERHOEFF_PERMUTATION[index % 8]?.charAt(digit));
    check = Number(VERHOEFF_PRODUCT[check]?.charAt(permuted));
  }
  return check === 0;
}

/** Both check digits of a Brazilian CPF: weighted sums modulo 11. */
function isCpf(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  return [9, 10].every((length) => {
    let sum = 0;
    for (let index = 0; index < length; index += 1) sum += Number(digits.charAt(index)) * (length + 1 - index);
    return ((sum * 10) % 11) % 10 === Number(digits.charAt(length));
  });
}

function isSpanish(id: string): boolean {
  const number = Number(id.slice(0, -1).replace('X', '0').replace('Y', '1').replace('Z', '2'));
  return SPANISH_LETTERS.charAt(number % 23) === id.at(-1);
}

/** French NIR: 97 minus the number modulo 97; Corsican departments count as 19 and 18. */
function isFrench(id: string): boolean {
  const number = BigInt(id.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return 97n - (number % 97n) === BigInt(id.slice(13));
}

/** Numbers with a check digit or an unmistakable shape. Sources: the issuing authorities' own descriptions. */
const NATIONAL_IDS: readonly NationalId[] = [
  { words: ['cpf'], shape: /\d{3}\.?\d{3}\.?\d{3}-?\d{2}/g, isValid: isCpf },
  { words: ['dni', 'nie', 'nif'], shape: /[XYZ\d]-?\d{7}-?[A-Z]/g, isValid: isSpanish },
  { words: ['aadhaar', 'aadhar', 'uidai'], shape: /[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}/g, isValid: passesVerhoeff },
  { words: ['sin'], shape: /\d{3}[ -]?\d{3}[ -]?\d{3}/g, isValid: passesLuhn },
  {
    words: ['nir', 'insee', 'sociale', 'sécu'],
    shape: /[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d{2}/g,
    isValid: isFrench,
  },
  {
    words: ['nino', 'insurance'],
    shape: /[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]/g,
    isValid: () => true,
  },
  { words: ['fiscale', 'codice'], shape: /[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]/g, isValid: () => true },
  { words: ['license', 'licence', 'licencia'], shape: /[A-Z]{1,2}-?\d{5,13}/g, isValid: () => true },
];

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  for (const hit of hits) {
    const near = text.slice(hit, hit + CONTEXT_LENGTH);
    const word = near.toLowerCase();
    meter.steps += CONTEXT_LENGTH * 2;
    const kind = NATIONAL_IDS.find(({ words }) => words.some((candidate) => word.startsWith(candidate)));
    if (kind === undefined) continue;
    for (const found of near.matchAll(kind.shape)) {
      const start = hit + found.index;
      const end = start + found[0].length;
      if (start < matchedTo || isWordCharacter(text, start - 1) || isWordCharacter(text, end)) continue;
      if (!kind.isValid(found[0].replaceAll(/[ .-]/g, ''))) continue;
      matches.push({ start, end, score: 0.85 });
      matchedTo = end;
      break;
    }
  }
  return matches;
}

/** National identity, tax and insurance numbers behind their name: check digits where the number has them. */
export const nationalId: Detector = {
  rule: 'national-id',
  category: 'pii',
  severity: 'high',
  action: 'flag',
  keywords: [],
  words: NATIONAL_IDS.flatMap(({ words }) => words),
  publicPrefix: 0,
  find,
};
