import { characterClass, DIGIT, LOWER, UPPER } from '../../character-class.ts';
import type { Detector, Match, StepMeter } from '../../detector.ts';
import { isWordCharacter } from '../number-text.ts';

/** Length by country. Source: SWIFT IBAN registry, release 99. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))])
);
/** Written small it must be mostly digits, as most are: ids in small letters are everywhere. */
const MIN_DIGITS_OF_SMALL = 0.7;
/** Characters that are looked at: 33 and what separates them. */
const MAX_LENGTH = 50;
/** `DE8`, `de8`: how one begins. */
const BEGINNINGS = [...LENGTHS.keys()].flatMap((country) =>
  [country, country.toLowerCase()].flatMap((letters) =>
    Array.from({ length: 10 }, (_, digit) => letters + String(digit))
  )
);

/** ISO 7064 MOD 97-10 over the rearranged number. */
function passesMod97(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** End of the IBAN that begins at `start`, or -1. Groups may be separated by single spaces or dashes. */
function ibanEnd(text: string, start: number): number {
  const country = text.slice(start, start + 2);
  const isSmall = (characterClass(text, start) & LOWER) !== 0;
  const alphabet = DIGIT + (isSmall ? LOWER : UPPER);
  const length = LENGTHS.get(country.toUpperCase());
  if (length === undefined || isWordCharacter(text, start - 1)) return -1;
  let compact = '';
  let at = start;
  while (compact.length < length) {
    const character = text.charAt(at);
    if ((characterClass(text, at) & alphabet) !== 0) compact += character;
    else if (!(character === ' ' || character === '-' || character === '\u00a0') || text.charAt(at - 1) === character)
      return -1;
    at += 1;
  }
  if (isSmall && compact.replaceAll(/\D/g, '').length < MIN_DIGITS_OF_SMALL * length) return -1;
  return !isWordCharacter(text, at) && passesMod97(compact) ? at : -1;
}

function find(text: string, hits: readonly number[], meter: StepMeter): readonly Match[] {
  const matches: Match[] = [];
  let matchedTo = 0;
  for (const hit of hits) {
    if (hit < matchedTo) continue;
    const end = ibanEnd(text, hit);
    meter.steps += MAX_LENGTH;
    if (end === -1) continue;
    matches.push({ start: hit, end, score: 1 });
    matchedTo = end;
  }
  return matches;
}

/** International bank account numbers: country, its length, check digits (ISO 13616). */
export const iban: Detector = {
  rule: 'iban',
  category: 'pii',
  severity: 'high',
  action: 'redact',
  keywords: BEGINNINGS,
  publicPrefix: 2,
  find,
};
